import { vjp } from 'cotangent'
import 'cotangent/graph'

export interface Plan {
  /** Cells along each side of the square land. */
  readonly side: number
  readonly years: number
  /** A snapshot is kept after each so many years. */
  readonly every: number
}

/** In how many small steps the year's wandering is done: larger ones would be unstable. */
const walks = 8

/**
 * A population that moves into new land (Fisher's equation): every year it wanders to neighbouring cells, and in each it grows at the rate of the land
 * there, up to one, which is all that the land carries. The result is all snapshots one after the other.
 */
export function spread(growth: Float64Array, first: Float64Array, { side, years, every }: Plan): Float64Array {
  const cells = side * side
  const history = new Float64Array(Math.floor(years / every) * cells)
  let now = first.slice()
  let next = new Float64Array(cells)
  for (let year = 1; year <= years; year++) {
    for (let walk = 0; walk < walks; walk++) {
      wander(now, next, side)
      ;[now, next] = [next, now]
    }
    for (let cell = 0; cell < cells; cell++) {
      const here = now[cell]!
      now[cell] = here + growth[cell]! * here * (1 - here)
    }
    if (year % every === 0) history.set(now, (year / every - 1) * cells)
  }
  return history
}

/** A share of each cell's population moves to each of its neighbours. Nobody crosses the border: beyond it stands the same as before it. */
function wander(now: Float64Array, next: Float64Array, side: number): void {
  for (let row = 0; row < side; row++) {
    for (let column = 0; column < side; column++) {
      const cell = row * side + column
      const here = now[cell]!
      const north = row > 0 ? now[cell - side]! : here
      const south = row < side - 1 ? now[cell + side]! : here
      const west = column > 0 ? now[cell - 1]! : here
      const east = column < side - 1 ? now[cell + 1]! : here
      next[cell] = here + 0.1 * (north + south + west + east - 4 * here)
    }
  }
}

/** Differentiated with respect to the land and to the population at first. */
export const spreadWithPullback = vjp(spread, { wrt: [0, 1] })
