import { valueAndGrad } from 'cotangent'
import { logPosterior, type Mixture, type Prior } from '../gradbench/gmm.ts'

export function gradient(out: Mixture, mixture: Mixture, points: Float64Array, d: number, prior: Prior): number {
  const { value, grad } = valueAndGrad(logPosterior)(mixture, points, d, prior)
  out.alpha.set(grad.alpha)
  out.mu.set(grad.mu)
  out.q.set(grad.q)
  out.l.set(grad.l)
  return value
}
