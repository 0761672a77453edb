// For 5 components in 10 dimensions, reused by every call.
const mostComponents = 5
const mostCoordinates = 50
const diagonalsBuffer = new Float64Array(mostCoordinates)
const offsetsBuffer = new Float64Array(mostComponents)
const termsBuffer = new Float64Array(mostComponents)
const sharesBuffer = new Float64Array(mostComponents)
const centredBuffer = new Float64Array(mostCoordinates)
const stretchedBuffer = new Float64Array(mostCoordinates)
const centredBarBuffer = new Float64Array(mostCoordinates)

type Gradients = readonly [logits: Float64Array, means: Float64Array, logDiagonals: Float64Array, lowers: Float64Array]

/** Value and gradient of `logLikelihood`, point by point: only the sums over the points are carried from one to the next. */
export function logLikelihoodGradient(
  [logits_bar, means_bar, logDiagonals_bar, lowers_bar]: Gradients,
  logits: Float64Array,
  means: Float64Array,
  logDiagonals: Float64Array,
  lowers: Float64Array,
  points: Float64Array,
): number {
  const components = logits.length
  const d = means.length / components
  const lowerSize = (d * (d - 1)) / 2
  const count = points.length / d
  if (components > mostComponents || means.length > mostCoordinates)
    throw new RangeError('The buffers are sized for 5 components in 10 dimensions.')
  const diagonals = diagonalsBuffer
  const offsets = offsetsBuffer
  const terms = termsBuffer
  const shares = sharesBuffer
  const centred = centredBuffer
  const stretched = stretchedBuffer
  const centred_bar = centredBarBuffer

  for (let k = 0; k < components; k++) {
    let logDeterminant = 0
    for (let j = k * d; j < (k + 1) * d; j++) {
      logDeterminant += logDiagonals[j]!
      diagonals[j] = Math.exp(logDiagonals[j]!)
    }
    offsets[k] = logits[k]! + logDeterminant
  }
  logits_bar.fill(0)
  means_bar.fill(0)
  logDiagonals_bar.fill(0)
  lowers_bar.fill(0)

  let total = 0
  for (let i = 0; i < count; i++) {
    let max = -Infinity
    for (let k = 0; k < components; k++) {
      const base = k * d
      for (let j = 0; j < d; j++) centred[base + j] = points[i * d + j]! - means[base + j]!
      let distance = 0
      let entry = k * lowerSize
      for (let row = 0; row < d; row++) {
        let q = diagonals[base + row]! * centred[base + row]!
        for (let column = 0; column < row; column++) q += lowers[entry++]! * centred[base + column]!
        stretched[base + row] = q
        distance += q * q
      }
      const term = offsets[k]! - 0.5 * distance
      terms[k] = term
      if (term > max) max = term
    }
    let sum = 0
    for (let k = 0; k < components; k++) {
      const share = Math.exp(terms[k]! - max)
      shares[k] = share
      sum += share
    }
    total += max + Math.log(sum)

    const scale = 1 / sum
    for (let k = 0; k < components; k++) {
      const share = shares[k]! * scale
      const base = k * d
      logits_bar[k]! += share
      for (let j = 0; j < d; j++) centred_bar[j] = 0
      let entry = k * lowerSize
      for (let row = 0; row < d; row++) {
        const q_bar = -share * stretched[base + row]!
        logDiagonals_bar[base + row]! += q_bar * centred[base + row]!
        for (let column = 0; column < row; column++) {
          lowers_bar[entry]! += q_bar * centred[base + column]!
          centred_bar[column]! += q_bar * lowers[entry++]!
        }
        centred_bar[row]! += q_bar * diagonals[base + row]!
      }
      for (let j = 0; j < d; j++) means_bar[base + j]! -= centred_bar[j]!
    }
  }

  let max = -Infinity
  for (let k = 0; k < components; k++) if (logits[k]! > max) max = logits[k]!
  let sum = 0
  for (let k = 0; k < components; k++) {
    const share = Math.exp(logits[k]! - max)
    shares[k] = share
    sum += share
  }
  for (let k = 0; k < components; k++) {
    // Until here `logits_bar` is the points' total share of the component, which is what its log-determinant is weighted with.
    for (let j = k * d; j < (k + 1) * d; j++) logDiagonals_bar[j] = logDiagonals_bar[j]! * diagonals[j]! + logits_bar[k]!
    logits_bar[k]! -= (count * shares[k]!) / sum
  }
  return total - count * (max + Math.log(sum))
}
