import { landOf, settled, settlersOf, type Objective } from './land.ts'
import { spread, type Plan } from './spread.ts'

/** Where a gradient is largest: there its digits can be compared. */
export function largest(gradient: Float64Array, count: number): number[] {
  const cells = Array.from(gradient.keys()).sort((a, b) => Math.abs(gradient[b]!) - Math.abs(gradient[a]!))
  return cells.slice(0, count)
}

/** Some components of the gradient with respect to the land, by simulating twice for each of them. */
export function differencesAt(cells: readonly number[], { place, year }: Objective, plan: Plan): Float64Array {
  const settlers = settlersOf(plan.side)
  const land = landOf(plan.side)
  const h = 1e-4
  return Float64Array.from(cells, (cell) => {
    const [above, below] = [h, -h].map((change) => {
      const changed = land.slice()
      changed[cell]! += change
      return settled(spread(changed, settlers, plan), plan, place, year)
    })
    return (above! - below!) / (2 * h)
  })
}
