export function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!
  return sum
}

export function norm(a: Float64Array): number {
  return Math.sqrt(dot(a, a))
}

/** `a + scale * b`, in a new array. */
export function plus(a: Float64Array, scale: number, b: Float64Array): Float64Array {
  return a.map((x, i) => x + scale * b[i]!)
}
