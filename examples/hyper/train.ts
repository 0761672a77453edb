import { grad, valueAndGrad } from 'cotangent'

/** Flowers of two species: a row of features for each, and 1 or -1. */
export interface Sample {
  readonly rows: readonly Float64Array[]
  readonly signs: Float64Array
}

/** The mean logistic loss, and a ridge on all weights but the first, which is that of the constant. */
export function logisticLoss(weights: Float64Array, { rows, signs }: Sample, ridge: number): number {
  let loss = 0
  for (let i = 0; i < rows.length; i++) {
    let score = 0
    for (let j = 0; j < weights.length; j++) score += weights[j]! * rows[i]![j]!
    loss += Math.log1p(Math.exp(-signs[i]! * score))
  }
  let penalty = 0
  for (let j = 1; j < weights.length; j++) penalty += weights[j]! * weights[j]!
  return loss / rows.length + 0.5 * ridge * penalty
}

const slopeOf = grad(logisticLoss)

/** So many steps of gradient descent with momentum, from zero. */
export function train(sample: Sample, rate: number, momentum: number, ridge: number, steps: number): Float64Array {
  const weights = new Float64Array(sample.rows[0]!.length)
  const velocity = new Float64Array(weights.length)
  for (let step = 0; step < steps; step++) {
    const slope = slopeOf(weights, sample, ridge)
    for (let j = 0; j < weights.length; j++) {
      velocity[j] = momentum * velocity[j]! - rate * slope[j]!
      weights[j]! += velocity[j]!
    }
  }
  return weights
}

/** The loss on flowers that were not trained with, as a function of what governs the training: the logarithms of rate and ridge, and the logit of momentum. */
export function lossAfterTraining(governing: Float64Array, training: Sample, validation: Sample, steps: number): number {
  const rate = Math.exp(governing[0]!)
  const ridge = Math.exp(governing[1]!)
  const momentum = 1 / (1 + Math.exp(-governing[2]!))
  return logisticLoss(train(training, rate, momentum, ridge, steps), validation, 0)
}

/** The derivative of a loop whose body asks for a derivative. */
export const hyperGradient = valueAndGrad(lossAfterTraining)
