/** A driven pendulum with friction over many steps, differentiated with all of its steps kept, with a state now and then, and with few states. */

import { valueAndGrad } from 'cotangent'

function kept(x: Float64Array, steps: number): number {
  const drive = x[2]!
  let angle = x[0]!
  let speed = x[1]!
  for (let i = 0; i < steps; i++) {
    speed += 1e-5 * (drive - Math.sin(angle) - 0.1 * speed * Math.abs(speed))
    angle += 1e-5 * speed
  }
  return angle * angle + speed
}

function everyThousand(x: Float64Array, steps: number): number {
  const drive = x[2]!
  let angle = x[0]!
  let speed = x[1]!
  /** @checkpoint every=1000 */
  for (let i = 0; i < steps; i++) {
    speed += 1e-5 * (drive - Math.sin(angle) - 0.1 * speed * Math.abs(speed))
    angle += 1e-5 * speed
  }
  return angle * angle + speed
}

function inTree(x: Float64Array, steps: number): number {
  const drive = x[2]!
  let angle = x[0]!
  let speed = x[1]!
  /** @checkpoint binomial */
  for (let i = 0; i < steps; i++) {
    speed += 1e-5 * (drive - Math.sin(angle) - 0.1 * speed * Math.abs(speed))
    angle += 1e-5 * speed
  }
  return angle * angle + speed
}

export function primal(_out: Float64Array, x: Float64Array, steps: number): number {
  return kept(x, steps)
}

export function full(out: Float64Array, x: Float64Array, steps: number): number {
  return valueAndGrad(kept).into(out, x, steps)
}

export function every(out: Float64Array, x: Float64Array, steps: number): number {
  return valueAndGrad(everyThousand).into(out, x, steps)
}

export function binomial(out: Float64Array, x: Float64Array, steps: number): number {
  return valueAndGrad(inTree).into(out, x, steps)
}
