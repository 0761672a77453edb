/** A mass under several forces: an array of objects of different classes, walked in each step. */

import { valueAndGrad } from 'cotangent'

interface Force {
  on(x: number, v: number): number
}

class Spring implements Force {
  readonly stiffness: number
  constructor(stiffness: number) {
    this.stiffness = stiffness
  }
  on(x: number): number {
    return -this.stiffness * x - 0.1 * x * x * x
  }
}

class Drag implements Force {
  readonly coefficient: number
  constructor(coefficient: number) {
    this.coefficient = coefficient
  }
  on(_x: number, v: number): number {
    return -this.coefficient * v * Math.abs(v)
  }
}

class Weight implements Force {
  readonly mass: number
  constructor(mass: number) {
    this.mass = mass
  }
  on(): number {
    return -9.81 * this.mass
  }
}

function fall(parameters: Float64Array, steps: number): number {
  const forces: Force[] = [new Spring(parameters[0]!), new Drag(parameters[1]!), new Weight(parameters[2]!)]
  let [x, v] = [1, 0]
  for (let i = 0; i < steps; i++) {
    let total = 0
    for (const force of forces) total += force.on(x, v)
    v += 0.01 * total
    x += 0.01 * v
  }
  return x * x + v * v
}

function fallByScalars(parameters: Float64Array, steps: number): number {
  const stiffness = parameters[0]!
  const coefficient = parameters[1]!
  const mass = parameters[2]!
  let x = 1
  let v = 0
  for (let i = 0; i < steps; i++) {
    let total = 0
    total += -stiffness * x - 0.1 * x * x * x
    total += -coefficient * v * Math.abs(v)
    total += -9.81 * mass
    v += 0.01 * total
    x += 0.01 * v
  }
  return x * x + v * v
}

export function natural(out: Float64Array, parameters: Float64Array, steps: number): number {
  return valueAndGrad(fall).into(out, parameters, steps)
}

export function scalar(out: Float64Array, parameters: Float64Array, steps: number): number {
  return valueAndGrad(fallByScalars).into(out, parameters, steps)
}
