/** The length of a curve by its chords: an object of the iteration before, which the first one has none of. */

import { valueAndGrad } from 'cotangent'

interface Point {
  readonly x: number
  readonly y: number
}

function curveLength(shape: Float64Array, n: number): number {
  let before: Point | undefined
  let length = 0
  for (let i = 0; i < n; i++) {
    const t = 0.05 * i
    const point: Point = { x: shape[0]! * t + shape[1]! * Math.sin(3 * t), y: shape[2]! * Math.cos(2 * t) }
    if (before !== undefined) length += Math.sqrt((point.x - before.x) ** 2 + (point.y - before.y) ** 2)
    before = point
  }
  return length
}

function curveLengthByScalars(shape: Float64Array, n: number): number {
  let beforeX = 0
  let beforeY = 0
  let length = 0
  for (let i = 0; i < n; i++) {
    const t = 0.05 * i
    const x = shape[0]! * t + shape[1]! * Math.sin(3 * t)
    const y = shape[2]! * Math.cos(2 * t)
    if (i > 0) length += Math.sqrt((x - beforeX) ** 2 + (y - beforeY) ** 2)
    beforeX = x
    beforeY = y
  }
  return length
}

export function natural(out: Float64Array, shape: Float64Array, n: number): number {
  return valueAndGrad(curveLength).into(out, shape, n)
}

export function scalar(out: Float64Array, shape: Float64Array, n: number): number {
  return valueAndGrad(curveLengthByScalars).into(out, shape, n)
}
