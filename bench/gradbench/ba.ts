import { grad, jacobian } from 'cotangent'

interface Vector {
  readonly x: number
  readonly y: number
  readonly z: number
}

function dot(a: Vector, b: Vector): number {
  return a.x * b.x + a.y * b.y + a.z * b.z
}

function cross(a: Vector, b: Vector): Vector {
  return { x: a.y * b.z - a.z * b.y, y: a.z * b.x - a.x * b.z, z: a.x * b.y - a.y * b.x }
}

/** Rodrigues' formula: `v` turned around the axis `r`, by the angle that is the length of `r`. */
function rotate(r: Vector, v: Vector): Vector {
  const squared = dot(r, r)
  if (squared === 0) {
    const moved = cross(r, v)
    return { x: v.x + moved.x, y: v.y + moved.y, z: v.z + moved.z }
  }
  const angle = Math.sqrt(squared)
  const cos = Math.cos(angle)
  const sin = Math.sin(angle)
  const axis = { x: r.x / angle, y: r.y / angle, z: r.z / angle }
  const normal = cross(axis, v)
  const along = dot(axis, v) * (1 - cos)
  return {
    x: v.x * cos + normal.x * sin + axis.x * along,
    y: v.y * cos + normal.y * sin + axis.y * along,
    z: v.z * cos + normal.z * sin + axis.z * along,
  }
}

const cameraSize = 11
const pointSize = 3
const blockSize = cameraSize + pointSize + 1

/** Cameras that see points. Observation i is of the point `pointOf[i]` by the camera `cameraOf[i]`, at two coordinates of `observed`. */
export interface Scene {
  /** For each: a rotation (3 numbers), the centre (3), the focal length, the principal point (2) and two coefficients of radial distortion. */
  readonly cameras: Float64Array
  readonly points: Float64Array
  readonly weights: Float64Array
  readonly observed: Float64Array
  readonly cameraOf: Int32Array
  readonly pointOf: Int32Array
}

/** How far a point as seen by a camera is from where it was observed, weighted. The unknowns are those of the camera, of the point, and the weight. */
function reprojectionError(unknowns: Float64Array, observed: Float64Array): Float64Array {
  const rotation = { x: unknowns[0]!, y: unknowns[1]!, z: unknowns[2]! }
  const fromCentre = { x: unknowns[11]! - unknowns[3]!, y: unknowns[12]! - unknowns[4]!, z: unknowns[13]! - unknowns[5]! }
  const weight = unknowns[14]!
  const seen = rotate(rotation, fromCentre)
  const u = seen.x / seen.z
  const v = seen.y / seen.z
  const squared = u * u + v * v
  const scale = unknowns[6]! * (1 + unknowns[9]! * squared + unknowns[10]! * squared * squared)
  return new Float64Array([weight * (u * scale + unknowns[7]! - observed[0]!), weight * (v * scale + unknowns[8]! - observed[1]!)])
}

/** Weights are kept near one. */
function weightError(weight: number): number {
  return 1 - weight * weight
}

/** Puts what observation `i` depends on into `unknowns`. */
function gather(unknowns: Float64Array, { cameras, points, weights, cameraOf, pointOf }: Scene, i: number): void {
  const camera = cameraSize * cameraOf[i]!
  const point = pointSize * pointOf[i]!
  for (let j = 0; j < cameraSize; j++) unknowns[j] = cameras[camera + j]!
  for (let j = 0; j < pointSize; j++) unknowns[cameraSize + j] = points[point + j]!
  unknowns[blockSize - 1] = weights[i]!
}

/** Two for each observation, and one for each weight. */
export interface Errors {
  readonly reprojection: Float64Array
  readonly weight: Float64Array
}

export function createErrors({ weights }: Scene): Errors {
  return { reprojection: new Float64Array(2 * weights.length), weight: new Float64Array(weights.length) }
}

export function errors(out: Errors, scene: Scene): void {
  const unknowns = new Float64Array(blockSize)
  for (let i = 0; i < scene.weights.length; i++) {
    gather(unknowns, scene, i)
    out.reprojection.set(reprojectionError(unknowns, scene.observed.subarray(2 * i, 2 * i + 2)), 2 * i)
    out.weight[i] = weightError(scene.weights[i]!)
  }
}

/** A sparse matrix, row by row: those elements of `columns` and `values` from `rows[i]` to `rows[i + 1]` are row i. */
export interface SparseMatrix {
  readonly rows: Int32Array
  readonly columns: Int32Array
  readonly values: Float64Array
}

export function createJacobian({ weights }: Scene): SparseMatrix {
  const elements = (2 * blockSize + 1) * weights.length
  return { rows: new Int32Array(3 * weights.length + 1), columns: new Int32Array(elements), values: new Float64Array(elements) }
}

/** The derivative of all errors with respect to all cameras, points and weights: a block of two rows for each observation, and then the weights' diagonal. */
export function errorsJacobian({ rows, columns, values }: SparseMatrix, scene: Scene): void {
  const count = scene.weights.length
  const firstPoint = scene.cameras.length
  const firstWeight = firstPoint + scene.points.length
  const unknowns = new Float64Array(blockSize)
  let row = 0
  let element = 0
  for (let i = 0; i < count; i++) {
    gather(unknowns, scene, i)
    const camera = cameraSize * scene.cameraOf[i]!
    const point = firstPoint + pointSize * scene.pointOf[i]!
    for (const derivatives of jacobian(reprojectionError)(unknowns, scene.observed.subarray(2 * i, 2 * i + 2))) {
      values.set(derivatives, element)
      for (let j = 0; j < cameraSize; j++) columns[element++] = camera + j
      for (let j = 0; j < pointSize; j++) columns[element++] = point + j
      columns[element++] = firstWeight + i
      rows[++row] = element
    }
  }
  for (let i = 0; i < count; i++) {
    values[element] = grad(weightError)(scene.weights[i]!)
    columns[element++] = firstWeight + i
    rows[++row] = element
  }
}
