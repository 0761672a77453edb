import type { Scene, SparseMatrix } from '../gradbench/ba.ts'

/** The Jacobian that `errorsJacobian` gives: each block in one go, straight into its place. */
export function errorsJacobian({ rows, columns, values }: SparseMatrix, scene: Scene): number {
  const { cameras, points, weights, observed, cameraOf, pointOf } = scene
  const count = weights.length
  const firstPoint = cameras.length
  const firstWeight = firstPoint + points.length
  for (let i = 0; i < count; i++) {
    const camera = 11 * cameraOf[i]!
    const point = 3 * pointOf[i]!
    const first = 30 * i
    writeBlock(values, first, cameras, camera, points, point, weights[i]!, observed, 2 * i)
    for (let at = first; at < first + 30; at += 15) {
      for (let j = 0; j < 11; j++) columns[at + j] = camera + j
      for (let j = 0; j < 3; j++) columns[at + 11 + j] = firstPoint + point + j
      columns[at + 14] = firstWeight + i
    }
    rows[2 * i + 1] = first + 15
    rows[2 * i + 2] = first + 30
  }
  for (let i = 0; i < count; i++) {
    const at = 30 * count + i
    values[at] = -2 * weights[i]!
    columns[at] = firstWeight + i
    rows[2 * count + i + 1] = at + 1
  }
  return 0
}

function writeBlock(
  values: Float64Array,
  at: number,
  cameras: Float64Array,
  camera: number,
  points: Float64Array,
  point: number,
  weight: number,
  observed: Float64Array,
  feature: number,
): void {
  const r0 = cameras[camera]!
  const r1 = cameras[camera + 1]!
  const r2 = cameras[camera + 2]!
  const v0 = points[point]! - cameras[camera + 3]!
  const v1 = points[point + 1]! - cameras[camera + 4]!
  const v2 = points[point + 2]! - cameras[camera + 5]!
  const squared = r0 * r0 + r1 * r1 + r2 * r2
  let inverse = 0
  let sin = 0
  let cos = 1
  let a0 = 0
  let a1 = 0
  let a2 = 0
  let inner = 0
  let n0 = r1 * v2 - r2 * v1
  let n1 = r2 * v0 - r0 * v2
  let n2 = r0 * v1 - r1 * v0
  let x = v0 + n0
  let y = v1 + n1
  let z = v2 + n2
  if (squared !== 0) {
    const angle = Math.sqrt(squared)
    inverse = 1 / angle
    sin = Math.sin(angle)
    cos = Math.cos(angle)
    a0 = r0 * inverse
    a1 = r1 * inverse
    a2 = r2 * inverse
    n0 *= inverse
    n1 *= inverse
    n2 *= inverse
    inner = a0 * v0 + a1 * v1 + a2 * v2
    const along = inner * (1 - cos)
    x = v0 * cos + n0 * sin + a0 * along
    y = v1 * cos + n1 * sin + a1 * along
    z = v2 * cos + n2 * sin + a2 * along
  }
  const depth = 1 / z
  const u = x * depth
  const v = y * depth
  const focal = cameras[camera + 6]!
  const k1 = cameras[camera + 9]!
  const k2 = cameras[camera + 10]!
  const radius = u * u + v * v
  const distortion = 1 + k1 * radius + k2 * radius * radius
  const scale = focal * distortion
  const slope = 2 * focal * (k1 + 2 * k2 * radius)
  for (let row = 0; row < 2; row++) {
    const base = at + 15 * row
    const own = row === 0 ? u : v
    // How the error changes with u and v, and so with the turned point.
    const u_bar = weight * (own * slope * u + (row === 0 ? scale : 0))
    const v_bar = weight * (own * slope * v + (row === 0 ? 0 : scale))
    const x_bar = u_bar * depth
    const y_bar = v_bar * depth
    const z_bar = -(x_bar * u + y_bar * v)
    let v0_bar: number
    let v1_bar: number
    let v2_bar: number
    if (squared === 0) {
      v0_bar = x_bar + r2 * y_bar - r1 * z_bar
      v1_bar = y_bar + r0 * z_bar - r2 * x_bar
      v2_bar = z_bar + r1 * x_bar - r0 * y_bar
      values[base] = v1 * z_bar - v2 * y_bar
      values[base + 1] = v2 * x_bar - v0 * z_bar
      values[base + 2] = v0 * y_bar - v1 * x_bar
    } else {
      const along = inner * (1 - cos)
      const along_bar = x_bar * a0 + y_bar * a1 + z_bar * a2
      const inner_bar = along_bar * (1 - cos)
      const n0_bar = x_bar * sin
      const n1_bar = y_bar * sin
      const n2_bar = z_bar * sin
      const cos_bar = x_bar * v0 + y_bar * v1 + z_bar * v2 - along_bar * inner
      const sin_bar = x_bar * n0 + y_bar * n1 + z_bar * n2
      v0_bar = x_bar * cos + inner_bar * a0 + n1_bar * a2 - n2_bar * a1
      v1_bar = y_bar * cos + inner_bar * a1 + n2_bar * a0 - n0_bar * a2
      v2_bar = z_bar * cos + inner_bar * a2 + n0_bar * a1 - n1_bar * a0
      const a0_bar = x_bar * along + inner_bar * v0 + v1 * n2_bar - v2 * n1_bar
      const a1_bar = y_bar * along + inner_bar * v1 + v2 * n0_bar - v0 * n2_bar
      const a2_bar = z_bar * along + inner_bar * v2 + v0 * n1_bar - v1 * n0_bar
      const angle_bar = sin_bar * cos - cos_bar * sin - inverse * (a0_bar * a0 + a1_bar * a1 + a2_bar * a2)
      values[base] = a0_bar * inverse + angle_bar * a0
      values[base + 1] = a1_bar * inverse + angle_bar * a1
      values[base + 2] = a2_bar * inverse + angle_bar * a2
    }
    values[base + 3] = -v0_bar
    values[base + 4] = -v1_bar
    values[base + 5] = -v2_bar
    values[base + 6] = weight * own * distortion
    values[base + 7] = row === 0 ? weight : 0
    values[base + 8] = row === 0 ? 0 : weight
    values[base + 9] = weight * focal * own * radius
    values[base + 10] = weight * focal * own * radius * radius
    values[base + 11] = v0_bar
    values[base + 12] = v1_bar
    values[base + 13] = v2_bar
    values[base + 14] = own * scale + cameras[camera + 7 + row]! - observed[feature + row]!
  }
}
