/** The attitude of a body from its gyroscope, with the sensor's bias: quaternions as records, turned and normalized in a loop. */

import { valueAndGrad } from 'cotangent'

interface Quaternion {
  w: number
  x: number
  y: number
  z: number
}

function multiply(a: Quaternion, b: Quaternion): Quaternion {
  return {
    w: a.w * b.w - a.x * b.x - a.y * b.y - a.z * b.z,
    x: a.w * b.x + a.x * b.w + a.y * b.z - a.z * b.y,
    y: a.w * b.y - a.x * b.z + a.y * b.w + a.z * b.x,
    z: a.w * b.z + a.x * b.y - a.y * b.x + a.z * b.w,
  }
}

function normalize(q: Quaternion): void {
  const size = Math.sqrt(q.w * q.w + q.x * q.x + q.y * q.y + q.z * q.z)
  q.w /= size
  q.x /= size
  q.y /= size
  q.z /= size
}

function drift(bias: Float64Array, rates: Float64Array): number {
  let attitude: Quaternion = { w: 1, x: 0, y: 0, z: 0 }
  for (let i = 0; i < rates.length; i += 3) {
    const [x, y, z] = [rates[i]! - bias[0]!, rates[i + 1]! - bias[1]!, rates[i + 2]! - bias[2]!]
    attitude = multiply(attitude, { w: 1, x: 0.005 * x, y: 0.005 * y, z: 0.005 * z })
    normalize(attitude)
  }
  return attitude.x ** 2 + attitude.y ** 2 + attitude.z ** 2
}

function driftByScalars(bias: Float64Array, rates: Float64Array): number {
  let w = 1
  let x = 0
  let y = 0
  let z = 0
  for (let i = 0; i < rates.length; i += 3) {
    const bx = 0.005 * (rates[i]! - bias[0]!)
    const by = 0.005 * (rates[i + 1]! - bias[1]!)
    const bz = 0.005 * (rates[i + 2]! - bias[2]!)
    const nw = w * 1 - x * bx - y * by - z * bz
    const nx = w * bx + x * 1 + y * bz - z * by
    const ny = w * by - x * bz + y * 1 + z * bx
    const nz = w * bz + x * by - y * bx + z * 1
    const size = Math.sqrt(nw * nw + nx * nx + ny * ny + nz * nz)
    w = nw / size
    x = nx / size
    y = ny / size
    z = nz / size
  }
  return x ** 2 + y ** 2 + z ** 2
}

export function natural(out: Float64Array, bias: Float64Array, rates: Float64Array): number {
  return valueAndGrad(drift).into(out, bias, rates)
}

export function scalar(out: Float64Array, bias: Float64Array, rates: Float64Array): number {
  return valueAndGrad(driftByScalars).into(out, bias, rates)
}
