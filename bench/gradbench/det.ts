import { grad } from 'cotangent'

/** The determinant of an `n` by `n` matrix, row by row, by expansion by minors. */
export function determinant(a: Float64Array, n: number): number {
  return minor(a, n, 0, 0)
}

/** That of the rows from `row` on, without the columns whose bits are set in `removed`. */
function minor(a: Float64Array, n: number, row: number, removed: number): number {
  if (row === n) return 1
  let sum = 0
  let sign = 1
  for (let column = 0; column < n; column++) {
    const bit = 1 << column
    if ((removed & bit) !== 0) continue
    sum += sign * a[row * n + column]! * minor(a, n, row + 1, removed | bit)
    sign = -sign
  }
  return sum
}

export function determinantGradient(out: Float64Array, a: Float64Array, n: number): void {
  grad(determinant).into(out, a, n)
}
