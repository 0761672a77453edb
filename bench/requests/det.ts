import { valueAndGrad } from 'cotangent'
import { determinant } from '../gradbench/det.ts'

export function gradient(out: Float64Array, a: Float64Array, n: number): number {
  return valueAndGrad(determinant).into(out, a, n)
}
