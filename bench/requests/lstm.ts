import { valueAndGrad } from 'cotangent'
import { loss, type Network } from '../gradbench/lstm.ts'

export function gradient(out: Network, network: Network, initial: Float64Array, sequence: Float64Array, width: number): number {
  const { value, grad } = valueAndGrad(loss)(network, initial, sequence, width)
  out.main.set(grad.main)
  out.extra.set(grad.extra)
  return value
}
