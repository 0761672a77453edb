/** The length of an outline that is turned and shifted: an array of records, made by `Array.from` and `map`, then walked in pairs. */

import { valueAndGrad } from 'cotangent'

interface Corner {
  readonly x: number
  readonly y: number
}

function outlineLength(shape: Float64Array, n: number): number {
  const [size, stretch, twist] = [shape[0]!, shape[1]!, shape[2]!]
  const corners: Corner[] = Array.from({ length: n }, (_, i) => ({ x: size * Math.cos(0.1 * i), y: stretch * Math.sin(0.1 * i) }))
  const turned = corners.map(({ x, y }) => ({ x: x + twist * y, y: y - twist * x }))
  let length = 0
  for (let i = 1; i < turned.length; i++) {
    const { x, y } = turned[i]!
    const before = turned[i - 1]!
    length += Math.hypot(x - before.x, y - before.y)
  }
  return length
}

function outlineLengthByScalars(shape: Float64Array, n: number): number {
  const size = shape[0]!
  const stretch = shape[1]!
  const twist = shape[2]!
  let length = 0
  let beforeX = 0
  let beforeY = 0
  for (let i = 0; i < n; i++) {
    const cornerX = size * Math.cos(0.1 * i)
    const cornerY = stretch * Math.sin(0.1 * i)
    const x = cornerX + twist * cornerY
    const y = cornerY - twist * cornerX
    if (i > 0) length += Math.hypot(x - beforeX, y - beforeY)
    beforeX = x
    beforeY = y
  }
  return length
}

export function natural(out: Float64Array, shape: Float64Array, n: number): number {
  return valueAndGrad(outlineLength).into(out, shape, n)
}

export function scalar(out: Float64Array, shape: Float64Array, n: number): number {
  return valueAndGrad(outlineLengthByScalars).into(out, shape, n)
}
