/** The variance of transformed data, by Welford's method: a class whose instance changes. */

import { valueAndGrad } from 'cotangent'

class Moments {
  count = 0
  mean = 0
  #squares = 0

  push(value: number): void {
    this.count++
    const off = value - this.mean
    this.mean += off / this.count
    this.#squares += off * (value - this.mean)
  }

  get variance(): number {
    return this.#squares / (this.count - 1)
  }
}

function spread(parameters: Float64Array, data: Float64Array): number {
  const moments = new Moments()
  for (const x of data) moments.push(Math.log1p(parameters[0]! * x * x) + parameters[1]! * x)
  return moments.variance + moments.mean * moments.mean
}

function spreadByScalars(parameters: Float64Array, data: Float64Array): number {
  let count = 0
  let mean = 0
  let squares = 0
  for (let i = 0; i < data.length; i++) {
    const x = data[i]!
    const value = Math.log1p(parameters[0]! * x * x) + parameters[1]! * x
    count++
    const off = value - mean
    mean += off / count
    squares += off * (value - mean)
  }
  return squares / (count - 1) + mean * mean
}

export function natural(out: Float64Array, parameters: Float64Array, data: Float64Array): number {
  return valueAndGrad(spread).into(out, parameters, data)
}

export function scalar(out: Float64Array, parameters: Float64Array, data: Float64Array): number {
  return valueAndGrad(spreadByScalars).into(out, parameters, data)
}
