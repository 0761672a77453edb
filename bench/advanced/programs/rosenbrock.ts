/** Second derivatives of Rosenbrock's valley, and its gradient, as multiples of which they are measured. */

import { grad, hessian, hvp } from 'cotangent'
import { rosenbrock } from '../../problems/rosenbrock.ts'

export const gradientOf = grad(rosenbrock)
export const productOf = hvp(rosenbrock)
export const matrixOf = hessian(rosenbrock)

// What is timed gives a number that depends on what was computed.
export function gradient(x: Float64Array): number {
  return gradientOf(x)[0]!
}

export function gradientInto(x: Float64Array, _v: Float64Array, out: Float64Array): number {
  gradientOf.into(out, x)
  return out[0]!
}

export function product(x: Float64Array, v: Float64Array): number {
  return productOf(x, v)[0]!
}

export function matrix(x: Float64Array): number {
  return matrixOf(x)[0]![0]!
}
