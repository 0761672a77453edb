/**
 * A program is decoded from a list of numbers, one for each decision. Shorter lists and smaller numbers give simpler programs: behind the end of the list
 * every decision falls on its first alternative. So fast-check, which knows nothing of programs, shrinks them by shrinking lists of numbers.
 */
export class Choices {
  private next = 0
  private readonly list: readonly number[]

  constructor(list: readonly number[]) {
    this.list = list
  }

  /** An integer from 0 to `count - 1`. */
  below(count: number): number {
    return (this.list[this.next++] ?? 0) % count
  }

  get exhausted(): boolean {
    return this.next >= this.list.length
  }

  /** True in `percent` of a hundred cases, and false when the list has ended. */
  chance(percent: number): boolean {
    return this.below(100) >= 100 - percent
  }

  pick<T>(from: readonly T[]): T {
    const chosen = from[this.below(from.length)]
    if (chosen === undefined) throw new Error('There is nothing to choose from.')
    return chosen
  }

  /** One of the alternatives, by weight; those of weight 0 are left out. The first one left is the simplest. */
  weighted<T>(alternatives: readonly (readonly [weight: number, make: () => T])[]): T {
    const open = alternatives.filter(([weight]) => weight > 0)
    let at = this.below(open.reduce((sum, [weight]) => sum + weight, 0))
    for (const [weight, make] of open) {
      if (at < weight) return make()
      at -= weight
    }
    throw new Error('There is nothing to choose from.')
  }
}
