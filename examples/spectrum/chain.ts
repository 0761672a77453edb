import { hessian, hvp } from 'cotangent'
import { eigenvaluesOf, largestEigenvalue } from './eigenvalues.ts'

/** The energy of a chain of springs between two walls: its Hessian has eigenvalues that are known. */
export function energy(x: Float64Array): number {
  let sum = x[0]! * x[0]! + x[x.length - 1]! * x[x.length - 1]!
  for (let i = 0; i + 1 < x.length; i++) {
    const stretch = x[i + 1]! - x[i]!
    sum += stretch * stretch
  }
  return sum / 2
}

const stiffness = hessian(energy)
const stiffnessTimes = hvp(energy)

/** By how much eigenvalues, from the matrix and from products, are off those that a book has: 4 sin²(k π / (2 n + 2)). */
export function errorOnChain(size: number): number {
  const x = Float64Array.from({ length: size }, (_, i) => Math.cos(i))
  const found = eigenvaluesOf(stiffness(x))
  const exact = found.map((_, i) => 4 * Math.sin(((size - i) * Math.PI) / (2 * size + 2)) ** 2)
  const top = largestEigenvalue((v) => stiffnessTimes(x, v), size, size)
  return Math.max(Math.abs(top - exact[0]!), ...found.map((value, i) => Math.abs(value - exact[i]!)))
}
