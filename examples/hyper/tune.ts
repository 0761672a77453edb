import { lbfgs } from '../iris/lbfgs.ts'
import { centralDifferences, distance } from '../iris/measure.ts'
import { readSplit } from './split.ts'
import { hyperGradient, lossAfterTraining } from './train.ts'

export interface Place {
  /** `[log rate, log ridge, logit momentum]` */
  readonly governing: Float64Array
  readonly value: number
}

export interface Grid {
  /** Logarithms of rates and of ridges, and the loss for each pair: a row for each ridge. */
  readonly rates: readonly number[]
  readonly ridges: readonly number[]
  readonly losses: readonly (readonly number[])[]
}

export interface Tuned {
  readonly grid: Grid
  /** The lowest of the grid. */
  readonly lowest: Place
  /** By the gradient: first rate and ridge with momentum as it was, from each start; then all three, from the best of these. */
  readonly paths: readonly (readonly Place[])[]
  readonly all: readonly Place[]
  /** How often the gradient was asked for, the starts and both stages together. */
  readonly gradients: number
  /** The largest distance of the gradient at the starts from differences. */
  readonly fromDifferences: number
}

export const starts = [
  [-4.5, -2.5],
  [-4, -9],
  [-0.5, -2.5],
] as const
const momentum = 2

/** Rate and ridge by grid search, and by descent along the gradient of the loss after training. */
export function tune(steps: number, cells: number): Tuned {
  const { training, validation } = readSplit()
  const lossAt = (governing: Float64Array): number => lossAfterTraining(governing, training, validation, steps)
  let gradients = 0
  const objective = (governing: Float64Array): { value: number; grad: Float64Array } => {
    gradients++
    return hyperGradient(governing, training, validation, steps)
  }

  const from = starts.map(([rate, ridge]) => Float64Array.of(rate, ridge, momentum))
  const paths = from.map((start) => {
    const path: Place[] = []
    lbfgs((governing) => alongTwo(objective(governing)), start, { tolerance: 1e-5, maxIterations: 40, onStep: keepIn(path) })
    return path
  })
  const best = lowestOf(paths.map((path) => path.at(-1)!))
  const all: Place[] = []
  lbfgs(objective, best.governing, { tolerance: 1e-5, maxIterations: 40, onStep: keepIn(all) })

  const grid = search(lossAt, cells)
  const places = grid.ridges.flatMap((ridge, row) =>
    grid.rates.map((rate, column) => ({ governing: Float64Array.of(rate, ridge, momentum), value: grid.losses[row]![column]! })),
  )
  const fromDifferences = Math.max(
    ...from.map((start) => distance(hyperGradient(start, training, validation, steps).grad, centralDifferences(lossAt, start, 1e-5))),
  )
  return { grid, lowest: lowestOf(places), paths, all, gradients, fromDifferences }
}

function search(lossAt: (governing: Float64Array) => number, cells: number): Grid {
  const between = (low: number, high: number): number[] => Array.from({ length: cells }, (_, i) => low + ((high - low) * i) / (cells - 1))
  const [rates, ridges] = [between(-5, 1), between(-10, -2)]
  return { rates, ridges, losses: ridges.map((ridge) => rates.map((rate) => lossAt(Float64Array.of(rate, ridge, momentum)))) }
}

/** With nothing that changes the momentum. */
function alongTwo({ value, grad }: { value: number; grad: Float64Array }): { value: number; grad: Float64Array } {
  return { value, grad: Float64Array.of(grad[0]!, grad[1]!, 0) }
}

function keepIn(path: Place[]): (step: { x: Float64Array; value: number }) => void {
  return ({ x, value }) => path.push({ governing: x, value })
}

export function lowestOf(places: readonly Place[]): Place {
  return places.reduce((best, place) => (place.value < best.value ? place : best))
}
