import { valueAndGrad } from 'cotangent'
import { logLikelihood } from '../problems/mixture.ts'

export function gradient(
  out: [logits: Float64Array, means: Float64Array, logDiagonals: Float64Array, lowers: Float64Array],
  logits: Float64Array,
  means: Float64Array,
  logDiagonals: Float64Array,
  lowers: Float64Array,
  points: Float64Array,
): number {
  return valueAndGrad(logLikelihood, { wrt: [0, 1, 2, 3] }).into(out, logits, means, logDiagonals, lowers, points)
}
