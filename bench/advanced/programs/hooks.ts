/** A pendulum with a hook on its speed in each step: left unbound, a literal arrow, an observer. */

import { hook, valueAndGrad } from 'cotangent'

/** What the observer leaves behind, so that it can't be optimised away. */
export const seen = new Float64Array(1)

export function observe(gradient: number): void {
  seen[0] = gradient
}

function plain(x: Float64Array, steps: number): number {
  let position = x[0]!
  let speed = x[1]!
  for (let i = 0; i < steps; i++) {
    speed -= 0.01 * position * Math.abs(position)
    position += 0.01 * speed
  }
  return position * position + speed
}

function slotted(x: Float64Array, steps: number): number {
  let position = x[0]!
  let speed = x[1]!
  for (let i = 0; i < steps; i++) {
    speed -= 0.01 * position * Math.abs(position)
    hook(speed, 'speed')
    position += 0.01 * speed
  }
  return position * position + speed
}

function scaled(x: Float64Array, steps: number): number {
  let position = x[0]!
  let speed = x[1]!
  for (let i = 0; i < steps; i++) {
    speed -= 0.01 * position * Math.abs(position)
    hook(speed, (gradient) => 0.999 * gradient)
    position += 0.01 * speed
  }
  return position * position + speed
}

export function without(out: Float64Array, x: Float64Array, steps: number): number {
  return valueAndGrad(plain).into(out, x, steps)
}

export function unbound(out: Float64Array, x: Float64Array, steps: number): number {
  return valueAndGrad(slotted).into(out, x, steps)
}

export function literal(out: Float64Array, x: Float64Array, steps: number): number {
  return valueAndGrad(scaled).into(out, x, steps)
}

export function observed(out: Float64Array, x: Float64Array, steps: number): number {
  return valueAndGrad(slotted, { hooks: { speed: observe } }).into(out, x, steps)
}
