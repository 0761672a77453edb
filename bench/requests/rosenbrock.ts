import { valueAndGrad } from 'cotangent'
import { rosenbrock } from '../problems/rosenbrock.ts'

export function gradient(out: Float64Array, x: Float64Array): number {
  return valueAndGrad(rosenbrock).into(out, x)
}
