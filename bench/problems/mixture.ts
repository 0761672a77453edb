function logSumExp(x: Float64Array): number {
  let max = -Infinity
  for (let i = 0; i < x.length; i++) if (x[i]! > max) max = x[i]!
  let sum = 0
  for (let i = 0; i < x.length; i++) sum += Math.exp(x[i]! - max)
  return max + Math.log(sum)
}

/**
 * The log-likelihood of points under a mixture of Gaussians.
 *
 * Component k has the weight softmax(logits)[k], the mean `means[k * d ...]` and the inverse covariance L L^T. Of each lower-triangular L the
 * diagonal is given by its logarithms in `logDiagonals`, the rest, row by row, in `lowers`. Constants are left out.
 */
export function logLikelihood(
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

  const diagonals = new Float64Array(logDiagonals.length)
  const offsets = new Float64Array(components)
  for (let k = 0; k < components; k++) {
    let logDeterminant = 0
    for (let j = 0; j < d; j++) {
      logDeterminant += logDiagonals[k * d + j]!
      diagonals[k * d + j] = Math.exp(logDiagonals[k * d + j]!)
    }
    offsets[k] = logits[k]! + logDeterminant
  }

  const centred = new Float64Array(d)
  const terms = new Float64Array(components)
  let total = 0
  for (let i = 0; i < count; i++) {
    for (let k = 0; k < components; k++) {
      for (let j = 0; j < d; j++) centred[j] = points[i * d + j]! - means[k * d + j]!
      let distance = 0
      let entry = k * lowerSize
      for (let row = 0; row < d; row++) {
        let q = diagonals[k * d + row]! * centred[row]!
        for (let column = 0; column < row; column++) q += lowers[entry++]! * centred[column]!
        distance += q * q
      }
      terms[k] = offsets[k]! - 0.5 * distance
    }
    total += logSumExp(terms)
  }
  return total - count * logSumExp(logits)
}
