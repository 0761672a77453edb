import { hvp, valueAndGrad } from 'cotangent'
import type { Problem } from './problem.ts'

/**
 * Electron mobility against the logarithm of density (Thurber): a nonlinear fit "of higher difficulty" of NIST's Statistical Reference Datasets,
 * https://www.itl.nist.gov/div898/strd/nls/data/thurber.shtml, with the parameters that are certified there.
 */
const densities = Float64Array.of(
  ...[-3.067, -2.981, -2.921, -2.912, -2.84, -2.797, -2.702, -2.699, -2.633, -2.481, -2.363, -2.322, -1.501, -1.46, -1.274, -1.212, -1.1],
  ...[-1.046, -0.915, -0.714, -0.566, -0.545, -0.4, -0.309, -0.109, -0.103, 0.01, 0.119, 0.377, 0.79, 0.963, 1.006, 1.115, 1.572, 1.841],
  ...[2.047, 2.2],
)
const mobilities = Float64Array.of(
  ...[80.574, 84.248, 87.264, 87.195, 89.076, 89.608, 89.868, 90.101, 92.405, 95.854, 100.696, 101.06, 401.672, 390.724, 567.534, 635.316],
  ...[733.054, 759.087, 894.206, 990.785, 1090.109, 1080.914, 1122.643, 1178.351, 1260.531, 1273.514, 1288.339, 1327.543, 1353.863],
  ...[1414.509, 1425.208, 1421.384, 1442.962, 1464.35, 1468.705, 1447.894, 1457.628],
)
/** NIST's second starting point. */
const starting = Float64Array.of(1300, 1500, 500, 75, 1, 0.4, 0.05)

export const certified = {
  parameters: Float64Array.of(1288.13968, 1491.0792535, 583.23836877, 75.416644291, 0.96629502864, 0.39797285797, 0.049727297349),
  sumOfSquares: 5642.7082397,
}

/** The parameters are in units of `units`: otherwise they differ by four orders of magnitude, which is unfair to gradient descent. */
export function sumOfSquares(b: Float64Array, units: Float64Array, x: Float64Array, y: Float64Array): number {
  let sum = 0
  for (let i = 0; i < x.length; i++) {
    let above = 0
    for (let j = 3; j >= 0; j--) above = above * x[i]! + b[j]! * units[j]!
    let below = 0
    for (let j = 6; j >= 4; j--) below = (below + b[j]! * units[j]!) * x[i]!
    const residual = y[i]! - above / (1 + below)
    sum += residual * residual
  }
  return sum
}

const lossAndGradient = valueAndGrad(sumOfSquares)
const curvatureAlong = hvp(sumOfSquares)

export const thurber: Problem = {
  name: 'Thurber',
  start: starting.map(() => 1),
  value: (b) => sumOfSquares(b, starting, densities, mobilities),
  valueAndGradient: (b) => lossAndGradient(b, starting, densities, mobilities),
  timesHessian: (b, v) => curvatureAlong(b, v, starting, densities, mobilities),
}

/** What NIST certifies is in the natural units. */
export function parametersOf(b: Float64Array): Float64Array {
  return b.map((share, j) => share * starting[j]!)
}

/** To how many decimal digits the worst of the parameters agrees with what is certified. */
export function digitsOf(parameters: Float64Array): number {
  return -Math.log10(Math.max(...certified.parameters.map((exact, j) => Math.abs(parameters[j]! - exact) / exact)))
}
