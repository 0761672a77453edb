/** Value and gradient of `determinant` in one recursion: what a minor is multiplied with is known before it is computed. */
export function determinantGradient(a_bar: Float64Array, a: Float64Array, n: number): number {
  a_bar.fill(0)
  return minorGradient(a_bar, a, n, 0, 0, 1)
}

function minorGradient(a_bar: Float64Array, a: Float64Array, n: number, row: number, removed: number, factor: number): number {
  if (row === n) return 1
  let sum = 0
  let sign = 1
  for (let column = 0; column < n; column++) {
    const bit = 1 << column
    if ((removed & bit) !== 0) continue
    const scale = sign * a[row * n + column]!
    const minor = minorGradient(a_bar, a, n, row + 1, removed | bit, factor * scale)
    a_bar[row * n + column]! += factor * sign * minor
    sum += scale * minor
    sign = -sign
  }
  return sum
}
