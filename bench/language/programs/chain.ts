/** A chain of masses on springs: an array of mutable objects, which each step walks in pairs. The same program by arrays of numbers. */

import { valueAndGrad } from 'cotangent'

class Mass {
  position: number
  velocity = 0

  constructor(position: number) {
    this.position = position
  }

  push(force: number, dt: number): void {
    this.velocity += force * dt
  }

  move(dt: number): void {
    this.position += this.velocity * dt
  }
}

function swing(parameters: Float64Array, start: Float64Array, steps: number): number {
  const masses: Mass[] = []
  for (const position of start) masses.push(new Mass(position))
  for (let step = 0; step < steps; step++) {
    for (let i = 1; i < masses.length; i++) {
      const [left, right] = [masses[i - 1]!, masses[i]!]
      const stretch = right.position - left.position - parameters[1]!
      const force = parameters[0]! * stretch + parameters[2]! * stretch ** 3
      left.push(force, 0.01)
      right.push(-force, 0.01)
    }
    for (const mass of masses) mass.move(0.01)
  }
  return masses.reduce((sum, { position, velocity }) => sum + position * position + velocity * velocity, 0)
}

function swingByScalars(parameters: Float64Array, start: Float64Array, steps: number): number {
  const positions = new Float64Array(start.length)
  const velocities = new Float64Array(start.length)
  for (let i = 0; i < start.length; i++) positions[i] = start[i]!
  for (let step = 0; step < steps; step++) {
    for (let i = 1; i < positions.length; i++) {
      const stretch = positions[i]! - positions[i - 1]! - parameters[1]!
      const force = parameters[0]! * stretch + parameters[2]! * stretch ** 3
      velocities[i - 1]! += force * 0.01
      velocities[i]! += -force * 0.01
    }
    for (let i = 0; i < positions.length; i++) positions[i]! += velocities[i]! * 0.01
  }
  let sum = 0
  for (let i = 0; i < positions.length; i++) sum = sum + positions[i]! * positions[i]! + velocities[i]! * velocities[i]!
  return sum
}

export function natural(out: Float64Array, parameters: Float64Array, start: Float64Array, steps: number): number {
  return valueAndGrad(swing).into(out, parameters, start, steps)
}

export function scalar(out: Float64Array, parameters: Float64Array, start: Float64Array, steps: number): number {
  return valueAndGrad(swingByScalars).into(out, parameters, start, steps)
}
