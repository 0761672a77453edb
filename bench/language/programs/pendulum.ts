/** A pendulum with friction, by Heun's method: the state is an array of two numbers, which `map` moves on. */

import { valueAndGrad } from 'cotangent'

function swing(parameters: Float64Array, steps: number): number {
  const slope = ([angle, speed]: number[]): number[] => [speed!, -parameters[0]! * Math.sin(angle!) - parameters[1]! * speed!]
  const h = 0.02
  let state = [parameters[2]!, 0]
  for (let i = 0; i < steps; i++) {
    const first = slope(state)
    const second = slope(state.map((value, k) => value + h * first[k]!))
    state = state.map((value, k) => value + (h / 2) * (first[k]! + second[k]!))
  }
  return state[0]! ** 2 + state[1]! ** 2
}

function swingByScalars(parameters: Float64Array, steps: number): number {
  const h = 0.02
  let angle = parameters[2]!
  let speed = 0
  for (let i = 0; i < steps; i++) {
    const turn = -parameters[0]! * Math.sin(angle) - parameters[1]! * speed
    const laterAngle = angle + h * speed
    const laterSpeed = speed + h * turn
    const laterTurn = -parameters[0]! * Math.sin(laterAngle) - parameters[1]! * laterSpeed
    angle += (h / 2) * (speed + laterSpeed)
    speed += (h / 2) * (turn + laterTurn)
  }
  return angle ** 2 + speed ** 2
}

export function natural(out: Float64Array, parameters: Float64Array, steps: number): number {
  return valueAndGrad(swing).into(out, parameters, steps)
}

export function scalar(out: Float64Array, parameters: Float64Array, steps: number): number {
  return valueAndGrad(swingByScalars).into(out, parameters, steps)
}
