/** How far a comet is from where it was seen: an immutable vector class, whose methods are chained. */

import { valueAndGrad } from 'cotangent'

class Vec3 {
  readonly x: number
  readonly y: number
  readonly z: number

  constructor(x: number, y: number, z: number) {
    this.x = x
    this.y = y
    this.z = z
  }

  add(v: Vec3): Vec3 {
    return new Vec3(this.x + v.x, this.y + v.y, this.z + v.z)
  }

  sub(v: Vec3): Vec3 {
    return new Vec3(this.x - v.x, this.y - v.y, this.z - v.z)
  }

  scale(s: number): Vec3 {
    return new Vec3(this.x * s, this.y * s, this.z * s)
  }

  dot(v: Vec3): number {
    return this.x * v.x + this.y * v.y + this.z * v.z
  }

  length(): number {
    return Math.sqrt(this.dot(this))
  }
}

function sightingError(start: Float64Array, steps: number): number {
  const dt = 0.01
  let p = new Vec3(start[0]!, start[1]!, start[2]!)
  let v = new Vec3(start[3]!, start[4]!, start[5]!)
  for (let i = 0; i < steps; i++) {
    v = v.sub(p.scale(dt / p.length() ** 3))
    p = p.add(v.scale(dt))
  }
  const off = p.sub(new Vec3(0.3, -0.2, 0.1))
  return off.dot(off)
}

function sightingErrorByScalars(start: Float64Array, steps: number): number {
  const dt = 0.01
  let x = start[0]!
  let y = start[1]!
  let z = start[2]!
  let vx = start[3]!
  let vy = start[4]!
  let vz = start[5]!
  for (let i = 0; i < steps; i++) {
    const pull = dt / Math.sqrt(x * x + y * y + z * z) ** 3
    vx -= x * pull
    vy -= y * pull
    vz -= z * pull
    x += vx * dt
    y += vy * dt
    z += vz * dt
  }
  const dx = x - 0.3
  const dy = y - -0.2
  const dz = z - 0.1
  return dx * dx + dy * dy + dz * dz
}

export function natural(out: Float64Array, start: Float64Array, steps: number): number {
  return valueAndGrad(sightingError).into(out, start, steps)
}

export function scalar(out: Float64Array, start: Float64Array, steps: number): number {
  return valueAndGrad(sightingErrorByScalars).into(out, start, steps)
}
