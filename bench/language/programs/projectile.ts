/** How far from its target a projectile with drag is after its flight: a record that each step makes anew. */

import { valueAndGrad } from 'cotangent'

interface State {
  readonly x: number
  readonly y: number
  readonly vx: number
  readonly vy: number
}

function step({ x, y, vx, vy }: State, drag: number, dt: number): State {
  const speed = Math.sqrt(vx * vx + vy * vy)
  return { x: x + dt * vx, y: y + dt * vy, vx: vx - dt * drag * speed * vx, vy: vy - dt * (9.81 + drag * speed * vy) }
}

function miss(shot: Float64Array, target: number, steps: number): number {
  let state: State = { x: 0, y: 0, vx: shot[0]!, vy: shot[1]! }
  for (let i = 0; i < steps; i++) state = step(state, shot[2]!, 0.01)
  return (state.x - target) ** 2 + state.y ** 2
}

function missByScalars(shot: Float64Array, target: number, steps: number): number {
  let x = 0
  let y = 0
  let vx = shot[0]!
  let vy = shot[1]!
  const drag = shot[2]!
  const dt = 0.01
  for (let i = 0; i < steps; i++) {
    const speed = Math.sqrt(vx * vx + vy * vy)
    const nextX = x + dt * vx
    const nextY = y + dt * vy
    const nextVx = vx - dt * drag * speed * vx
    const nextVy = vy - dt * (9.81 + drag * speed * vy)
    x = nextX
    y = nextY
    vx = nextVx
    vy = nextVy
  }
  return (x - target) ** 2 + y ** 2
}

export function natural(out: Float64Array, shot: Float64Array, target: number, steps: number): number {
  return valueAndGrad(miss).into(out, shot, target, steps)
}

export function scalar(out: Float64Array, shot: Float64Array, target: number, steps: number): number {
  return valueAndGrad(missByScalars).into(out, shot, target, steps)
}
