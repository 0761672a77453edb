/** A Chebyshev series by Clenshaw's recurrence, at many points: a pattern that moves two values on. */

import { valueAndGrad } from 'cotangent'

function fitError(coefficients: Float64Array, points: Float64Array): number {
  let error = 0
  for (const x of points) {
    let [b, c] = [0, 0]
    for (let k = coefficients.length - 1; k > 0; k--) [b, c] = [2 * x * b - c + coefficients[k]!, b]
    const off = x * b - c + coefficients[0]! - Math.exp(x)
    error += off * off
  }
  return error
}

function fitErrorByScalars(coefficients: Float64Array, points: Float64Array): number {
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
  }
  return error
}

export function natural(out: Float64Array, coefficients: Float64Array, points: Float64Array): number {
  return valueAndGrad(fitError).into(out, coefficients, points)
}

export function scalar(out: Float64Array, coefficients: Float64Array, points: Float64Array): number {
  return valueAndGrad(fitErrorByScalars).into(out, coefficients, points)
}
