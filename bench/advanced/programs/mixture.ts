/** Second derivatives of the likelihood of a mixture in all of its parameters together, and its gradient, as multiples of which they are measured. */

import { grad, hessian, hvp } from 'cotangent'
import { logLikelihood } from '../../problems/mixture.ts'

/** `unknowns` are the logits of the components, then their means, the logarithms of their diagonals, and their lower triangles. */
function likelihood(unknowns: Float64Array, points: Float64Array, components: number, d: number): number {
  const means = components
  const diagonals = means + components * d
  const lowers = diagonals + components * d
  return logLikelihood(
    unknowns.subarray(0, means),
    unknowns.subarray(means, diagonals),
    unknowns.subarray(diagonals, lowers),
    unknowns.subarray(lowers),
    points,
  )
}

const gradientAt = grad(likelihood)
const productAt = hvp(likelihood)
const matrixAt = hessian(likelihood)

/** Five components in three dimensions have fifty unknowns. */
const COMPONENTS = 5
const DIMENSIONS = 3

export const gradientOf = (x: Float64Array, points: Float64Array): Float64Array => gradientAt(x, points, COMPONENTS, DIMENSIONS)

export const productOf = (x: Float64Array, v: Float64Array, points: Float64Array): Float64Array =>
  productAt(x, v, points, COMPONENTS, DIMENSIONS)

export const matrixOf = (x: Float64Array, points: Float64Array): Float64Array[] => matrixAt(x, points, COMPONENTS, DIMENSIONS)

// What is timed gives a number that depends on what was computed.
export function gradient(x: Float64Array, _v: Float64Array, _out: Float64Array, points: Float64Array): number {
  return gradientAt(x, points, COMPONENTS, DIMENSIONS)[0]!
}

export function gradientInto(x: Float64Array, _v: Float64Array, out: Float64Array, points: Float64Array): number {
  gradientAt.into(out, x, points, COMPONENTS, DIMENSIONS)
  return out[0]!
}

export function product(x: Float64Array, v: Float64Array, _out: Float64Array, points: Float64Array): number {
  return productAt(x, v, points, COMPONENTS, DIMENSIONS)[0]!
}

export function matrix(x: Float64Array, _v: Float64Array, _out: Float64Array, points: Float64Array): number {
  return matrixAt(x, points, COMPONENTS, DIMENSIONS)[0]![0]!
}
