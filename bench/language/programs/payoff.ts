/** The value of an option over paths of prices: subclasses, of which one is chosen at run time. */

import { valueAndGrad } from 'cotangent'

abstract class Payoff {
  readonly strike: number

  constructor(strike: number) {
    this.strike = strike
  }

  abstract at(price: number): number

  /** Smooth, so that the derivative is one. */
  protected positivePart(x: number): number {
    return Math.log1p(Math.exp(x))
  }
}

class Call extends Payoff {
  at(price: number): number {
    return this.positivePart(price - this.strike)
  }
}

class Put extends Payoff {
  at(price: number): number {
    return this.positivePart(this.strike - price)
  }
}

class Straddle extends Payoff {
  readonly width: number

  constructor(strike: number, width: number) {
    super(strike)
    this.width = width
  }

  at(price: number): number {
    return Math.sqrt((price - this.strike) ** 2 + this.width)
  }
}

function create(kind: number, strike: number): Payoff {
  if (kind === 0) return new Call(strike)
  return kind === 1 ? new Put(strike) : new Straddle(strike, 0.1)
}

function price(parameters: Float64Array, normals: Float64Array, kind: number): number {
  const [start, volatility, strike] = [parameters[0]!, parameters[1]!, parameters[2]!]
  const payoff = create(kind, strike)
  let sum = 0
  for (const normal of normals) sum += payoff.at(start * Math.exp(volatility * normal - (volatility * volatility) / 2))
  return sum / normals.length
}

function priceByScalars(parameters: Float64Array, normals: Float64Array, kind: number): number {
  const start = parameters[0]!
  const volatility = parameters[1]!
  const strike = parameters[2]!
  const width = 0.1
  let sum = 0
  for (let i = 0; i < normals.length; i++) {
    const end = start * Math.exp(volatility * normals[i]! - (volatility * volatility) / 2)
    if (kind === 0) sum += Math.log1p(Math.exp(end - strike))
    else if (kind === 1) sum += Math.log1p(Math.exp(strike - end))
    else sum += Math.sqrt((end - strike) ** 2 + width)
  }
  return sum / normals.length
}

export function natural(out: Float64Array, parameters: Float64Array, normals: Float64Array, kind: number): number {
  return valueAndGrad(price).into(out, parameters, normals, kind)
}

export function scalar(out: Float64Array, parameters: Float64Array, normals: Float64Array, kind: number): number {
  return valueAndGrad(priceByScalars).into(out, parameters, normals, kind)
}
