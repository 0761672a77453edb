import { gradientDescent, truncatedNewton, type Minimum } from './minimise.ts'
import { counted, type Counts, type Problem } from './problem.ts'

export interface Moment {
  /** Gradients and products with the Hessian so far: a product costs little more than a gradient. */
  readonly work: number
  readonly seconds: number
  readonly value: number
}

export interface Run {
  readonly method: string
  readonly minimum: Minimum
  readonly counts: Counts
  readonly moments: readonly Moment[]
}

export interface Comparison {
  readonly problem: Problem
  readonly runs: readonly Run[]
  /** The lowest value that any of them found. */
  readonly lowest: number
}

const methods = [
  { name: 'truncated Newton', minimise: truncatedNewton },
  { name: 'gradient descent', minimise: gradientDescent },
]

/** Both methods on one problem, from the same start and with the same budget of steps. Of several runs, which are alike, the fastest one. */
export function compare(problem: Problem, maxIterations: number, times = 1): Comparison {
  const runs = methods.map((method) => {
    const repeated = Array.from({ length: times }, () => run(method, problem, maxIterations))
    return repeated.reduce((best, other) => (seconds(other) < seconds(best) ? other : best))
  })
  return { problem, runs, lowest: Math.min(...runs.map(({ minimum }) => minimum.value)) }
}

function run({ name, minimise }: (typeof methods)[number], problem: Problem, maxIterations: number): Run {
  const { problem: watched, counts } = counted(problem)
  const moments: Moment[] = []
  const start = performance.now()
  const minimum = minimise(watched, {
    tolerance: 1e-9,
    maxIterations,
    onStep: ({ value }) => {
      const { gradients, products } = counts()
      moments.push({ work: gradients + products, seconds: (performance.now() - start) / 1000, value })
    },
  })
  return { method: name, minimum, counts: counts(), moments }
}

function seconds({ moments }: Run): number {
  return moments.at(-1)!.seconds
}

/** How far a value is above the lowest, as a share of that. */
export function excess(value: number, lowest: number): number {
  return (value - lowest) / lowest
}

/** When a run was first within a share of the lowest value; nothing if it never was. */
export function firstWithin(share: number, { moments }: Run, lowest: number): Moment | undefined {
  return moments.find(({ value }) => excess(value, lowest) <= share)
}
