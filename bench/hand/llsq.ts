let powersBuffer = new Float64Array(128)

/** Value and gradient of `leastSquares`, point by point; the powers are computed once. */
export function leastSquaresGradient(x_bar: Float64Array, x: Float64Array, n: number): number {
  const m = x.length
  if (powersBuffer.length < m) powersBuffer = new Float64Array(m)
  const powers = powersBuffer
  x_bar.fill(0)
  let sum = 0
  for (let i = 0; i < n; i++) {
    const t = -1 + (2 * i) / (n - 1)
    let residual = Math.sign(t)
    let power = 1
    for (let j = 0; j < m; j++) {
      residual -= x[j]! * power
      powers[j] = power
      power *= t
    }
    sum += residual * residual
    for (let j = 0; j < m; j++) x_bar[j]! -= residual * powers[j]!
  }
  return 0.5 * sum
}
