import { eigenvaluesOf, largestEigenvalue } from './eigenvalues.ts'
import { curvature, curvatureAlong, lossAndSlope, weightsOf, type Sample } from './network.ts'

export interface Moment {
  readonly step: number
  readonly loss: number
  /** All of the Hessian's, the largest first. */
  readonly eigenvalues: readonly number[]
}

export interface Descent {
  readonly rate: number
  readonly moments: readonly Moment[]
  /** How far off the matrix' trace and Frobenius norm, and its top eigenvalue by Lanczos' method, were at most from the eigenvalues, relatively. */
  readonly error: number
}

const units = 8

/** Gradient descent at a fixed rate, with the spectrum of the Hessian at every so many steps. */
export function descend(sample: Sample, rate: number, steps: number, every: number): Descent {
  const moments: Moment[] = []
  let error = 0
  let weights: Float64Array = Float64Array.from({ length: weightsOf(sample, units) }, (_, i) => 0.5 * Math.sin(12.9898 * (i + 1) ** 1.5))
  for (let step = 0; step <= steps; step++) {
    const { value: loss, grad } = lossAndSlope(weights, sample, units)
    if (step % every === 0) {
      const rows = curvature(weights, sample, units)
      const eigenvalues = eigenvaluesOf(rows)
      const at = weights
      const top = largestEigenvalue((v) => curvatureAlong(at, v, sample, units), weights.length, 25)
      error = Math.max(error, deviation(rows, eigenvalues), Math.abs(top - eigenvalues[0]!) / eigenvalues[0]!)
      moments.push({ step, loss, eigenvalues })
    }
    weights = weights.map((weight, i) => weight - rate * grad[i]!)
  }
  return { rate, moments, error }
}

/** The trace is the sum of the eigenvalues, and the square of the Frobenius norm that of their squares. */
function deviation(rows: readonly Float64Array[], eigenvalues: readonly number[]): number {
  const trace = rows.reduce((sum, row, i) => sum + row[i]!, 0)
  const squares = rows.reduce((sum, row) => sum + row.reduce((inRow, x) => inRow + x * x, 0), 0)
  const sum = eigenvalues.reduce((total, value) => total + value, 0)
  const sumOfSquares = eigenvalues.reduce((total, value) => total + value * value, 0)
  return Math.max(Math.abs(trace - sum) / Math.sqrt(squares), Math.abs(squares - sumOfSquares) / squares)
}

/** The steepest curvature in the second half of a descent, on average, in units of 2 / rate: where it is 1, descent is at the edge of stability. */
export function edge({ rate, moments }: Descent): number {
  const late = moments.slice(Math.floor(moments.length / 2))
  return (late.reduce((sum, { eigenvalues }) => sum + eigenvalues[0]!, 0) / late.length) * (rate / 2)
}
