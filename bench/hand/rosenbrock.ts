/** Value and gradient of `rosenbrock` in one sweep: nothing but the sum is carried from one term to the next. */
export function rosenbrockGradient(out: Float64Array, x: Float64Array): number {
  const n = x.length
  let sum = 0
  let x_i = x[0]!
  // What the term before has added to the gradient at `i`, so that each element is written once.
  let carried = 0
  for (let i = 0; i + 1 < n; i++) {
    const next = x[i + 1]!
    const a = 1 - x_i
    const b = next - x_i * x_i
    sum += a * a + 100 * b * b
    const b_bar = 200 * b
    out[i] = carried - 2 * (x_i * b_bar + a)
    carried = b_bar
    x_i = next
  }
  if (n > 0) out[n - 1] = carried
  return sum
}
