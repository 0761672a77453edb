import { grad } from 'cotangent'

/** The logarithm of a sum of exponentials, shifted by the largest so that nothing overflows. */
export function logSumExp(x: Float64Array): number {
  let max = -Infinity
  for (let i = 0; i < x.length; i++) max = Math.max(max, x[i]!)
  let sum = 0
  for (let i = 0; i < x.length; i++) sum += Math.exp(x[i]! - max)
  return max + Math.log(sum)
}

export function logSumExpGradient(out: Float64Array, x: Float64Array): void {
  grad(logSumExp).into(out, x)
}
