/** A loss that is scaled by something expensive, which is a constant of the gradient or is not. */

import { noGrad, valueAndGrad } from 'cotangent'

/** The softened size of a vector. */
function size(x: Float64Array): number {
  let sum = 0
  for (let i = 0; i < x.length; i++) sum += Math.log(1 + Math.exp(x[i]!))
  return Math.sqrt(sum)
}

export function detached(x: Float64Array): number {
  const scale = noGrad(() => size(x))
  return (x[0]! * x[1]!) / scale
}

function attached(x: Float64Array): number {
  return (x[0]! * x[1]!) / size(x)
}

export function primal(_out: Float64Array, x: Float64Array): number {
  return detached(x)
}

export function region(out: Float64Array, x: Float64Array): number {
  return valueAndGrad(detached).into(out, x)
}

export function differentiated(out: Float64Array, x: Float64Array): number {
  return valueAndGrad(attached).into(out, x)
}
