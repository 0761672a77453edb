import { grad } from 'cotangent'
import { logSumExp } from './lse.ts'

/** What is fitted. Component k has the weight softmax(alpha)[k] and the mean mu[k], and its precision matrix is Q^T Q for a lower triangular Q. */
export interface Mixture {
  readonly alpha: Float64Array
  /** d numbers a component, like `q`. */
  readonly mu: Float64Array
  /** The logarithms of the diagonal of Q. */
  readonly q: Float64Array
  /** What is below the diagonal of Q, column by column: d (d - 1) / 2 numbers a component. */
  readonly l: Float64Array
}

/** A Wishart prior on the precision matrices. */
export interface Prior {
  readonly m: number
  readonly gamma: number
}

/** The logarithm of the posterior probability of a mixture of Gaussians, given points of `d` coordinates. */
export function logPosterior(mixture: Mixture, points: Float64Array, d: number, prior: Prior): number {
  return logLikelihood(mixture, points, d) + logPrior(mixture, d, prior)
}

function logLikelihood({ alpha, mu, q, l }: Mixture, points: Float64Array, d: number): number {
  const components = alpha.length
  const count = points.length / d
  const diagonal = q.map((logarithm) => Math.exp(logarithm))
  const offsets = new Float64Array(components)
  for (let k = 0; k < components; k++) offsets[k] = alpha[k]! + sum(q, k * d, d)

  const terms = new Float64Array(components)
  const centred = new Float64Array(d)
  const transformed = new Float64Array(d)
  let total = 0
  for (let i = 0; i < count; i++) {
    for (let k = 0; k < components; k++) {
      for (let j = 0; j < d; j++) centred[j] = points[i * d + j]! - mu[k * d + j]!
      for (let j = 0; j < d; j++) transformed[j] = diagonal[k * d + j]! * centred[j]!
      let entry = (k * d * (d - 1)) / 2
      for (let column = 0; column < d; column++)
        for (let row = column + 1; row < d; row++) transformed[row]! += l[entry++]! * centred[column]!
      terms[k] = offsets[k]! - 0.5 * sumOfSquares(transformed)
    }
    total += logSumExp(terms)
  }
  return total - count * (0.5 * d * Math.log(2 * Math.PI) + logSumExp(alpha))
}

export function logPrior({ alpha, q, l }: Mixture, d: number, { m, gamma }: Prior): number {
  const components = alpha.length
  const degrees = d + m + 1
  const perComponent = degrees * d * Math.log(gamma / Math.SQRT2) - logMultivariateGamma(d, 0.5 * degrees)
  let frobenius = sumOfSquares(l)
  for (let i = 0; i < q.length; i++) frobenius += Math.exp(2 * q[i]!)
  return components * perComponent - 0.5 * gamma * gamma * frobenius + m * sum(q, 0, q.length)
}

function sum(values: Float64Array, start: number, count: number): number {
  let total = 0
  for (let i = 0; i < count; i++) total += values[start + i]!
  return total
}

function sumOfSquares(values: Float64Array): number {
  let total = 0
  for (let i = 0; i < values.length; i++) total += values[i]! * values[i]!
  return total
}

/** The multivariate gamma function of dimension `d`, for a half-integer `a`. */
function logMultivariateGamma(d: number, a: number): number {
  let total = 0.25 * d * (d - 1) * Math.log(Math.PI)
  for (let j = 0; j < d; j++) total += logGammaOfHalves(a - 0.5 * j)
  return total
}

/** The gamma function of 1/2, 1, 3/2, ... by its recurrence. */
function logGammaOfHalves(a: number): number {
  let total = 0
  let x = a
  for (; x > 1; x--) total += Math.log(x - 1)
  return x === 0.5 ? total + 0.5 * Math.log(Math.PI) : total
}

export function logPosteriorGradient(mixture: Mixture, points: Float64Array, d: number, prior: Prior): Mixture {
  return grad(logPosterior)(mixture, points, d, prior)
}
