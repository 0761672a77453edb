/** Value and gradient of `logSumExp`: the gradient is the softmax, whose numerators the sum has computed already. */
export function logSumExpGradient(out: Float64Array, x: Float64Array): number {
  const n = x.length
  let max = -Infinity
  for (let i = 0; i < n; i++) if (x[i]! > max) max = x[i]!
  let sum = 0
  for (let i = 0; i < n; i++) {
    const e = Math.exp(x[i]! - max)
    out[i] = e
    sum += e
  }
  const scale = 1 / sum
  for (let i = 0; i < n; i++) out[i]! *= scale
  return max + Math.log(sum)
}
