import { valueAndGrad } from 'cotangent'

/**
 * The mean cross-entropy of multinomial logistic regression, with a small ridge that keeps the separable classes' weights finite.
 *
 * A flower is a row of `features`; a class has a row of `weights`, one for each feature and one, the last, for the constant.
 */
export function crossEntropy(weights: Float64Array, features: Float64Array, labels: Uint8Array, classes: number, ridge: number): number {
  const columns = weights.length / classes - 1
  const scores = new Float64Array(classes)
  let loss = 0
  for (let flower = 0; flower < labels.length; flower++) {
    let highest = -Infinity
    for (let k = 0; k < classes; k++) {
      const row = k * (columns + 1)
      let score = weights[row + columns]!
      for (let j = 0; j < columns; j++) score += weights[row + j]! * features[flower * columns + j]!
      scores[k] = score
      if (score > highest) highest = score
    }
    let total = 0
    for (let k = 0; k < classes; k++) total += Math.exp(scores[k]! - highest)
    loss += highest + Math.log(total) - scores[labels[flower]!]!
  }
  let penalty = 0
  for (let i = 0; i < weights.length; i++) penalty += weights[i]! * weights[i]!
  return loss / labels.length + 0.5 * ridge * penalty
}

export const lossAndGradient = valueAndGrad(crossEntropy)

/** The class with the highest score. */
export function predict(weights: Float64Array, features: Float64Array, flower: number, classes: number): number {
  const columns = weights.length / classes - 1
  let best = 0
  let highest = -Infinity
  for (let k = 0; k < classes; k++) {
    const row = k * (columns + 1)
    let score = weights[row + columns]!
    for (let j = 0; j < columns; j++) score += weights[row + j]! * features[flower * columns + j]!
    if (score > highest) {
      highest = score
      best = k
    }
  }
  return best
}
