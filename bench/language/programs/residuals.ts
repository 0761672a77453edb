/** A robust loss of a decay curve: residuals by `map`, their sum by `reduce`, a penalty by `forEach`. */

import { valueAndGrad } from 'cotangent'

function loss(curve: Float64Array, times: Float64Array, observed: Float64Array): number {
  const predict = (t: number): number => curve[0]! * Math.exp(-curve[1]! * t) + curve[2]!
  let penalty = 0
  curve.forEach((parameter) => {
    penalty += 0.01 * parameter * parameter
  })
  return times
    .map((t, i) => predict(t) - observed[i]!)
    .map((off) => Math.sqrt(1 + off * off) - 1)
    .reduce((sum, term) => sum + term, penalty)
}

function lossByScalars(curve: Float64Array, times: Float64Array, observed: Float64Array): number {
  let sum = 0
  for (let k = 0; k < curve.length; k++) sum += 0.01 * curve[k]! * curve[k]!
  for (let i = 0; i < times.length; i++) {
    const off = curve[0]! * Math.exp(-curve[1]! * times[i]!) + curve[2]! - observed[i]!
    sum += Math.sqrt(1 + off * off) - 1
  }
  return sum
}

export function natural(out: Float64Array, curve: Float64Array, times: Float64Array, observed: Float64Array): number {
  return valueAndGrad(loss).into(out, curve, times, observed)
}

export function scalar(out: Float64Array, curve: Float64Array, times: Float64Array, observed: Float64Array): number {
  return valueAndGrad(lossByScalars).into(out, curve, times, observed)
}
