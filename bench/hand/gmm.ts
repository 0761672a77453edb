import { logPrior, type Mixture, type Prior } from '../gradbench/gmm.ts'

let diagonalBuffer = new Float64Array(0)
let offsetsBuffer = new Float64Array(0)
let sharesBuffer = new Float64Array(0)
let centredBuffer = new Float64Array(0)
let transformedBuffer = new Float64Array(0)
let centredBarBuffer = new Float64Array(0)

/** Value and gradient of `logPosterior`, point by point: only the sums over the points are carried from one to the next. */
export function logPosteriorGradient(out: Mixture, mixture: Mixture, points: Float64Array, d: number, prior: Prior): number {
  const { alpha, mu, q, l } = mixture
  const { alpha: alpha_bar, mu: mu_bar, q: q_bar, l: l_bar } = out
  const components = alpha.length
  const lowerSize = (d * (d - 1)) / 2
  const count = points.length / d
  if (diagonalBuffer.length < q.length || offsetsBuffer.length < components) {
    diagonalBuffer = new Float64Array(q.length)
    offsetsBuffer = new Float64Array(components)
    sharesBuffer = new Float64Array(components)
    centredBuffer = new Float64Array(q.length)
    transformedBuffer = new Float64Array(q.length)
    centredBarBuffer = new Float64Array(d)
  }
  const diagonal = diagonalBuffer
  const offsets = offsetsBuffer
  const shares = sharesBuffer
  const centred = centredBuffer
  const transformed = transformedBuffer
  const centred_bar = centredBarBuffer

  for (let k = 0; k < components; k++) {
    let logDeterminant = 0
    for (let j = k * d; j < (k + 1) * d; j++) {
      logDeterminant += q[j]!
      diagonal[j] = Math.exp(q[j]!)
    }
    offsets[k] = alpha[k]! + logDeterminant
  }
  for (const buffer of [alpha_bar, mu_bar, q_bar, l_bar]) buffer.fill(0)

  let total = 0
  for (let i = 0; i < count; i++) {
    let max = -Infinity
    for (let k = 0; k < components; k++) {
      const base = k * d
      for (let j = 0; j < d; j++) {
        const c = points[i * d + j]! - mu[base + j]!
        centred[base + j] = c
        transformed[base + j] = diagonal[base + j]! * c
      }
      let entry = k * lowerSize
      let distance = 0
      for (let column = 0; column < d; column++) {
        const c = centred[base + column]!
        const z = transformed[base + column]!
        distance += z * z
        for (let row = column + 1; row < d; row++) transformed[base + row]! += l[entry++]! * c
      }
      const term = offsets[k]! - 0.5 * distance
      shares[k] = term
      if (term > max) max = term
    }
    let sum = 0
    for (let k = 0; k < components; k++) {
      const share = Math.exp(shares[k]! - max)
      shares[k] = share
      sum += share
    }
    total += max + Math.log(sum)

    const scale = 1 / sum
    for (let k = 0; k < components; k++) {
      const share = shares[k]! * scale
      const base = k * d
      alpha_bar[k]! += share
      for (let row = 0; row < d; row++) transformed[base + row]! *= -share
      let entry = k * lowerSize
      for (let column = 0; column < d; column++) {
        const c = centred[base + column]!
        const z_bar = transformed[base + column]!
        q_bar[base + column]! += z_bar * c
        let c_bar = z_bar * diagonal[base + column]!
        for (let row = column + 1; row < d; row++) {
          const z_row_bar = transformed[base + row]!
          l_bar[entry]! += z_row_bar * c
          c_bar += z_row_bar * l[entry++]!
        }
        centred_bar[column] = c_bar
      }
      for (let j = 0; j < d; j++) mu_bar[base + j]! -= centred_bar[j]!
    }
  }

  let max = -Infinity
  for (let k = 0; k < components; k++) if (alpha[k]! > max) max = alpha[k]!
  let sum = 0
  for (let k = 0; k < components; k++) {
    const share = Math.exp(alpha[k]! - max)
    shares[k] = share
    sum += share
  }
  const { m, gamma } = prior
  const squared = gamma * gamma
  for (let k = 0; k < components; k++) {
    // Until here `alpha_bar` is the points' total share of the component, which is what its log-determinant is weighted with.
    for (let j = k * d; j < (k + 1) * d; j++) {
      const scaled = diagonal[j]!
      q_bar[j] = q_bar[j]! * scaled + alpha_bar[k]! + m - squared * scaled * scaled
    }
    alpha_bar[k]! -= (count * shares[k]!) / sum
  }
  for (let i = 0; i < l.length; i++) l_bar[i]! -= squared * l[i]!
  return total - count * (0.5 * d * Math.log(2 * Math.PI) + max + Math.log(sum)) + logPrior(mixture, d, prior)
}
