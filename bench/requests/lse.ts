import { valueAndGrad } from 'cotangent'
import { logSumExp } from '../gradbench/lse.ts'

export function gradient(out: Float64Array, x: Float64Array): number {
  return valueAndGrad(logSumExp).into(out, x)
}
