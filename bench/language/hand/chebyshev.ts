/** The gradient of `chebyshev.ts` as an expert writes it: the derivative by a coefficient is its polynomial, by the recurrence the other way. */
export function fitErrorGradient(out: Float64Array, coefficients: Float64Array, points: Float64Array): number {
  out.fill(0)
  let error = 0
  for (let i = 0; i < points.length; i++) {
    const x = points[i]!
    let b = 0
    let c = 0
    for (let k = coefficients.length - 1; k > 0; k--) {
      const next = 2 * x * b - c + coefficients[k]!
      c = b
      b = next
    }
    const off = x * b - c + coefficients[0]! - Math.exp(x)
    error += off * off
    let before = 2 * off
    let polynomial = 2 * off * x
    out[0]! += before
    for (let k = 1; k < coefficients.length; k++) {
      out[k]! += polynomial
      const next = 2 * x * polynomial - before
      before = polynomial
      polynomial = next
    }
  }
  return error
}
