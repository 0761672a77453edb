import { describe, expect, test } from 'vitest'
import { nextState, statesFor } from '../../runtime/binomial.ts'

/** The schedule by which the states of a long loop are kept. */

interface Cost {
  /** How many steps are run again. */
  readonly runs: number
  /** The most states that are kept at one time. */
  readonly states: number
  /** The steps in the order in which they are reversed. */
  readonly reversed: readonly number[]
}

function reverse(steps: number, states: number): Cost {
  let runs = 0
  let most = 0
  const reversed: number[] = []
  const visit = (first: number, last: number, left: number, kept: number): void => {
    most = Math.max(most, kept)
    const next = nextState(first, last, left)
    if (next >= last) {
      for (let i = last - 1; i >= first; i--) reversed.push(i)
      return
    }
    expect(next).toBeGreaterThan(first)
    runs += next - first
    visit(next, last, left - 1, kept + 1)
    visit(first, next, left, kept)
  }
  visit(0, steps, states, 0)
  return { runs, states: most, reversed }
}

/** By trying all places: stretches of 16 steps, the fewest runs of them. */
function fewest(count: number, states: number, known = new Map<string, number>()): number {
  if (count <= 1) return 0
  // The state before the first step is one of them.
  if (states <= 1) return (count * (count - 1)) / 2
  const key = `${String(count)},${String(states)}`
  const found = known.get(key)
  if (found !== undefined) return found
  let best = Infinity
  for (let i = 1; i < count; i++) best = Math.min(best, i + fewest(count - i, states - 1, known) + fewest(i, states, known))
  known.set(key, best)
  return best
}

describe('the binomial schedule', () => {
  test('reverses every step once, from the last to the first', () => {
    for (const steps of [0, 1, 15, 16, 17, 100, 1000])
      for (const states of [0, 1, 2, 5, 40])
        expect(reverse(steps, states).reversed).toEqual(Array.from({ length: steps }, (_, i) => steps - 1 - i))
  })

  test('runs as few steps again as can be', () => {
    for (const count of [1, 2, 3, 7, 20, 33, 60])
      for (const states of [1, 2, 3, 5, 10])
        expect(reverse(16 * count, states).runs, `${String(count)}, ${String(states)}`).toBe(16 * fewest(count, states))
  })

  test('keeps no more states than it is given, and by itself few', () => {
    for (const states of [1, 2, 5, 40]) expect(reverse(3000, states).states).toBeLessThanOrEqual(states)
    expect(statesFor(0)).toBe(1)
    expect(statesFor(1e6)).toBe(71)
    const { runs, states } = reverse(1e5, statesFor(1e5))
    expect(runs / 1e5).toBeLessThan(3)
    expect(states).toBeLessThanOrEqual(32)
  })
})
