/** Rosenbrock's valley in any number of dimensions. */
export function rosenbrock(x: Float64Array): number {
  let sum = 0
  for (let i = 0; i + 1 < x.length; i++) {
    const a = 1 - x[i]!
    const b = x[i + 1]! - x[i]! * x[i]!
    sum += a * a + 100 * b * b
  }
  return sum
}
