import { grad, jvp } from 'cotangent'

/** The sum over all points of the squared distance to the nearest centroid, all of `d` coordinates. */
export function cost(centroids: Float64Array, points: Float64Array, d: number): number {
  let total = 0
  for (let i = 0; i < points.length; i += d) {
    let nearest = Infinity
    for (let k = 0; k < centroids.length; k += d) {
      const distance = squaredDistance(points, i, centroids, k, d)
      if (distance < nearest) nearest = distance
    }
    total += nearest
  }
  return total
}

function squaredDistance(a: Float64Array, i: number, b: Float64Array, k: number, d: number): number {
  let sum = 0
  for (let j = 0; j < d; j++) {
    const difference = a[i + j]! - b[k + j]!
    sum += difference * difference
  }
  return sum
}

/** The Newton direction. The Hessian is diagonal, so its product with ones is its diagonal. */
export function direction(centroids: Float64Array, points: Float64Array, d: number): Float64Array {
  const ones = new Float64Array(centroids.length).fill(1)
  const { value: gradient, tangent: diagonal } = jvp(grad(cost))([centroids, points, d], [ones, undefined, undefined])
  return gradient.map((slope, i) => slope / diagonal[i]!)
}
