import { grad } from 'cotangent'
import type { Plan } from './spread.ts'

/** Fertile plains, and a mountain range across them that only two passes lead through: a wide one far off, and a narrow one close by. */
export function landOf(side: number): Float64Array {
  return Float64Array.from({ length: side * side }, (_, cell) => {
    const [x, y] = [(cell % side) / side, Math.floor(cell / side) / side]
    const isPass = Math.abs(x - 0.28) < 0.03 || Math.abs(x - 0.8) < 0.08
    const isRange = Math.abs(y - 0.5 - 0.08 * Math.sin(7 * x)) < 0.07
    return isRange && !isPass ? -0.6 : 0.3 + 0.1 * Math.sin(9 * x) * Math.cos(8 * y)
  })
}

/** A handful of settlers. */
export function settlersOf(side: number): Float64Array {
  const settlers = new Float64Array(side * side)
  const [row, column] = [Math.round(0.12 * side), Math.round(0.45 * side)]
  settlers[row * side + column] = 0.5
  return settlers
}

/** A square of the land, `reach` cells around a middle. */
export interface Place {
  readonly row: number
  readonly column: number
  readonly reach: number
}

/** The share that is settled of a place in a year of which there is a snapshot. */
export function settled(history: Float64Array, { side, every }: Plan, { row, column, reach }: Place, year: number): number {
  const snapshot = (year / every - 1) * side * side
  let sum = 0
  let count = 0
  for (let i = Math.max(row - reach, 0); i <= Math.min(row + reach, side - 1); i++) {
    for (let j = Math.max(column - reach, 0); j <= Math.min(column + reach, side - 1); j++) {
      sum += history[snapshot + i * side + j]!
      count++
    }
  }
  return sum / count
}

export interface Objective {
  readonly name: string
  readonly place: Place
  readonly year: number
}

export function objectivesOf({ side, years, every }: Plan): Objective[] {
  const at = (share: number): number => Math.round(share * side)
  const objective = (name: string, row: number, column: number, reach: number, share: number): Objective => {
    const year = Math.max(1, Math.round((share * years) / every)) * every
    return { name, place: { row: at(row), column: at(column), reach: at(reach) }, year }
  }
  return [
    objective('south-west', 0.82, 0.15, 0.05, 0.65),
    objective('south-east', 0.86, 0.86, 0.05, 0.6),
    objective('everywhere', 0.5, 0.5, 1, 0.7),
  ]
}

/** The gradient of what is asked with respect to the history: what a pullback of the history takes. */
export const cotangentOf = grad(settled)
