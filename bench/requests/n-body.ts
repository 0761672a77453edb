import { valueAndGrad } from 'cotangent'
import { orbitError } from '../problems/n-body.ts'

export function gradient(
  out: [start: Float64Array, speed: Float64Array],
  start: Float64Array,
  speed: Float64Array,
  masses: Float64Array,
  observed: Float64Array,
  dt: number,
  steps: number,
): number {
  return valueAndGrad(orbitError, { wrt: [0, 1] }).into(out, start, speed, masses, observed, dt, steps)
}
