/**
 * Value and gradient of `crossEntropy` as one writes them by hand, for comparison: the gradient of a score is the softmax minus one at
 * the right class, and only sums are carried from flower to flower.
 */
export function crossEntropyGradient(
  weights: Float64Array,
  features: Float64Array,
  labels: Uint8Array,
  classes: number,
  ridge: number,
): { value: number; grad: Float64Array } {
  const columns = weights.length / classes - 1
  const count = labels.length
  const shares = new Float64Array(classes)
  const grad = new Float64Array(weights.length)
  let loss = 0
  for (let flower = 0; flower < count; flower++) {
    const label = labels[flower]!
    const first = flower * columns
    let highest = -Infinity
    for (let k = 0; k < classes; k++) {
      const row = k * (columns + 1)
      let score = weights[row + columns]!
      for (let j = 0; j < columns; j++) score += weights[row + j]! * features[first + j]!
      shares[k] = score
      if (score > highest) highest = score
    }
    loss += highest - shares[label]!
    let total = 0
    for (let k = 0; k < classes; k++) {
      const share = Math.exp(shares[k]! - highest)
      shares[k] = share
      total += share
    }
    loss += Math.log(total)
    for (let k = 0; k < classes; k++) {
      const score_bar = (shares[k]! / total - (k === label ? 1 : 0)) / count
      const row = k * (columns + 1)
      for (let j = 0; j < columns; j++) grad[row + j]! += score_bar * features[first + j]!
      grad[row + columns]! += score_bar
    }
  }
  let penalty = 0
  for (let i = 0; i < weights.length; i++) {
    penalty += weights[i]! * weights[i]!
    grad[i]! += ridge * weights[i]!
  }
  return { value: loss / count + 0.5 * ridge * penalty, grad }
}
