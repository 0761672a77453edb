import { EigenvalueDecomposition, Matrix } from 'ml-matrix'
import { dot, norm, plus } from '../shared/vectors.ts'

/** All eigenvalues of a symmetric matrix, the largest first. */
export function eigenvaluesOf(rows: readonly Float64Array[]): number[] {
  const matrix = new Matrix(rows.map((row) => Array.from(row)))
  return new EigenvalueDecomposition(matrix, { assumeSymmetric: true }).realEigenvalues.sort((a, b) => b - a)
}

/** The eigenvalue at the top, by Lanczos' method: from products with the matrix, which is never made. */
export function largestEigenvalue(times: (v: Float64Array) => Float64Array, size: number, products: number): number {
  // Any start will do that is not orthogonal to the eigenvector.
  let next: Float64Array = Float64Array.from({ length: size }, (_, i) => 1 + Math.sin(i))
  const basis: Float64Array[] = []
  const diagonal: number[] = []
  const beside: number[] = []
  while (basis.length < Math.min(products, size)) {
    const length = norm(next)
    if (basis.length > 0) beside.push(length)
    // Nothing new: the products so far span a space that the matrix maps to itself.
    if (length < 1e-12) break
    const v = next.map((x) => x / length)
    basis.push(v)
    next = times(v)
    diagonal.push(dot(v, next))
    // Against all of them, and twice: by rounding, orthogonality to the last two does not last.
    for (const other of [...basis, ...basis]) next = plus(next, -dot(other, next), other)
  }
  const tridiagonal = diagonal.map((on, i) =>
    Float64Array.from(diagonal, (_, j) => (i === j ? on : Math.abs(i - j) === 1 ? beside[Math.min(i, j)]! : 0)),
  )
  return eigenvaluesOf(tridiagonal)[0]!
}
