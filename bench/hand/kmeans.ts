let diagonalBuffer = new Float64Array(0)

/** The direction that `direction` gives: only the nearest centroid of a point has derivatives, which need no second look at the others. */
export function newtonDirection(out: Float64Array, centroids: Float64Array, points: Float64Array, d: number): number {
  if (diagonalBuffer.length !== centroids.length) diagonalBuffer = new Float64Array(centroids.length)
  const diagonal = diagonalBuffer
  diagonal.fill(0)
  out.fill(0)
  for (let i = 0; i < points.length; i += d) {
    let nearest = Infinity
    let at = -1
    for (let k = 0; k < centroids.length; k += d) {
      let distance = 0
      for (let j = 0; j < d; j++) {
        const difference = points[i + j]! - centroids[k + j]!
        distance += difference * difference
      }
      if (distance < nearest) {
        nearest = distance
        at = k
      }
    }
    if (at < 0) continue
    for (let j = 0; j < d; j++) {
      out[at + j]! += 2 * (centroids[at + j]! - points[i + j]!)
      diagonal[at + j]! += 2
    }
  }
  for (let i = 0; i < out.length; i++) out[i]! /= diagonal[i]!
  return 0
}
