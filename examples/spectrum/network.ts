import { hessian, hvp, valueAndGrad } from 'cotangent'

export interface Sample {
  /** Row by row. */
  readonly features: Float64Array
  readonly labels: Uint8Array
  readonly columns: number
  readonly classes: number
}

/** How many weights a network with one hidden layer has: for each unit one for each input, and one for the constant. */
export function weightsOf({ columns, classes }: Sample, units: number): number {
  return units * (columns + 1) + classes * (units + 1)
}

/** Half the mean squared error of a network with one hidden layer of `units`, whose outputs should be 1 for the right class and 0 for the others. */
export function squaredError(weights: Float64Array, { features, labels, columns, classes }: Sample, units: number): number {
  const second = units * (columns + 1)
  let sum = 0
  for (let flower = 0; flower < labels.length; flower++) {
    const hidden = new Float64Array(units)
    for (let unit = 0; unit < units; unit++) {
      const row = unit * (columns + 1)
      let activation = weights[row + columns]!
      for (let j = 0; j < columns; j++) activation += weights[row + j]! * features[flower * columns + j]!
      hidden[unit] = Math.tanh(activation)
    }
    for (let k = 0; k < classes; k++) {
      const row = second + k * (units + 1)
      let output = weights[row + units]!
      for (let unit = 0; unit < units; unit++) output += weights[row + unit]! * hidden[unit]!
      const error = output - (labels[flower] === k ? 1 : 0)
      sum += error * error
    }
  }
  return sum / (2 * labels.length)
}

export const lossAndSlope = valueAndGrad(squaredError)
export const curvature = hessian(squaredError)
export const curvatureAlong = hvp(squaredError)
