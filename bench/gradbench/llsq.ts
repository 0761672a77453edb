import { grad } from 'cotangent'

/** Half the sum of squares by which the polynomial with coefficients `x` misses the sign of t, at `n` points t evenly spaced in [-1, 1]. */
export function leastSquares(x: Float64Array, n: number): number {
  let sum = 0
  for (let i = 0; i < n; i++) {
    const t = -1 + (2 * i) / (n - 1)
    let residual = Math.sign(t)
    let power = 1
    for (let j = 0; j < x.length; j++) {
      residual -= x[j]! * power
      power *= t
    }
    sum += residual * residual
  }
  return 0.5 * sum
}

export function leastSquaresGradient(out: Float64Array, x: Float64Array, n: number): void {
  grad(leastSquares).into(out, x, n)
}
