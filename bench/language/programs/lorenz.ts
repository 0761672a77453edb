/** Where a path of Lorenz's system ends, by Runge and Kutta's method: tuples, and functions that make new ones. */

import { valueAndGrad } from 'cotangent'

type Point = readonly [x: number, y: number, z: number]

const advance = (p: Point, slope: Point, h: number): Point => [p[0] + h * slope[0], p[1] + h * slope[1], p[2] + h * slope[2]]

function rungeKutta(f: (p: Point) => Point, p: Point, h: number): Point {
  const a = f(p)
  const b = f(advance(p, a, h / 2))
  const c = f(advance(p, b, h / 2))
  const d = f(advance(p, c, h))
  const slope: Point = [
    (a[0] + 2 * b[0] + 2 * c[0] + d[0]) / 6,
    (a[1] + 2 * b[1] + 2 * c[1] + d[1]) / 6,
    (a[2] + 2 * b[2] + 2 * c[2] + d[2]) / 6,
  ]
  return advance(p, slope, h)
}

function pathEnd(parameters: Float64Array, steps: number): number {
  const [sigma, rho, beta] = [parameters[0]!, parameters[1]!, parameters[2]!]
  const lorenz = ([x, y, z]: Point): Point => [sigma * (y - x), x * (rho - z) - y, x * y - beta * z]
  let p: Point = [1, 1, 1]
  for (let i = 0; i < steps; i++) p = rungeKutta(lorenz, p, 0.01)
  const [x, y, z] = p
  return x * x + y * y + z * z
}

function pathEndByScalars(parameters: Float64Array, steps: number): number {
  const sigma = parameters[0]!
  const rho = parameters[1]!
  const beta = parameters[2]!
  const h = 0.01
  let x = 1
  let y = 1
  let z = 1
  for (let i = 0; i < steps; i++) {
    const ax = sigma * (y - x)
    const ay = x * (rho - z) - y
    const az = x * y - beta * z
    const x1 = x + (h / 2) * ax
    const y1 = y + (h / 2) * ay
    const z1 = z + (h / 2) * az
    const bx = sigma * (y1 - x1)
    const by = x1 * (rho - z1) - y1
    const bz = x1 * y1 - beta * z1
    const x2 = x + (h / 2) * bx
    const y2 = y + (h / 2) * by
    const z2 = z + (h / 2) * bz
    const cx = sigma * (y2 - x2)
    const cy = x2 * (rho - z2) - y2
    const cz = x2 * y2 - beta * z2
    const x3 = x + h * cx
    const y3 = y + h * cy
    const z3 = z + h * cz
    const dx = sigma * (y3 - x3)
    const dy = x3 * (rho - z3) - y3
    const dz = x3 * y3 - beta * z3
    x += h * ((ax + 2 * bx + 2 * cx + dx) / 6)
    y += h * ((ay + 2 * by + 2 * cy + dy) / 6)
    z += h * ((az + 2 * bz + 2 * cz + dz) / 6)
  }
  return x * x + y * y + z * z
}

export function natural(out: Float64Array, parameters: Float64Array, steps: number): number {
  return valueAndGrad(pathEnd).into(out, parameters, steps)
}

export function scalar(out: Float64Array, parameters: Float64Array, steps: number): number {
  return valueAndGrad(pathEndByScalars).into(out, parameters, steps)
}
