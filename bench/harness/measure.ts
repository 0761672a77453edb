import { Bench } from 'tinybench'

/** Runs a function many times and gives something that depends on every result. */
export type Batch = (repetitions: number) => number

/** Nanoseconds a call. */
export interface Timing {
  /** The fastest batch of all rounds: what the machine can do when nothing disturbs it. */
  readonly min: number
  /** The median of each round. */
  readonly medians: readonly number[]
}

/**
 * A loop around `f` with feedback of its own. Were all functions called from one shared loop, V8 would see a call of anything
 * and inline nothing, which user code doesn't suffer from.
 */
export function createBatch(f: unknown, args: readonly unknown[], label: string): Batch {
  const names = args.map((_, i) => `a${i}`)
  const text = `// ${label}
    return (repetitions) => {
      let sum = 0
      for (let i = 0; i < repetitions; i++) sum += f(${names.join(', ')})
      return sum
    }`
  const create = new Function('f', ...names, text) as (...all: unknown[]) => Batch
  return create(f, ...args)
}

/**
 * Times the batches in rounds, in turn and in alternating order, so that what slows the machine down for a while slows all of them down.
 * Compare only numbers of one call.
 */
export async function measure<Name extends string>(
  batches: Readonly<Record<Name, Batch>>,
  { rounds, milliseconds, iterations = 10 }: { rounds: number; milliseconds: number; iterations?: number },
): Promise<Record<Name, Timing>> {
  const entries = Object.entries(batches) as [Name, Batch][]
  const prepared = entries.map(([name, batch]) => ({
    name,
    batch,
    repetitions: calibrate(batch),
    mins: [] as number[],
    medians: [] as number[],
  }))
  for (let round = 0; round < rounds; round++) {
    // As many batches as there is time for, but of slow ones no more than are needed.
    const bench = new Bench({
      time: milliseconds,
      iterations,
      warmupTime: milliseconds / 4,
      warmupIterations: Math.ceil(iterations / 5),
      throws: true,
    })
    const order = round % 2 === 0 ? prepared : prepared.toReversed()
    for (const { name, batch, repetitions } of order) bench.add(name, () => batch(repetitions))
    await bench.run()
    for (const { name, repetitions, mins, medians } of prepared) {
      const result = bench.getTask(name)?.result
      if (result?.state !== 'completed') throw new Error(`The benchmark of ${name} did not complete.`)
      mins.push((result.latency.min * 1e6) / repetitions)
      medians.push((result.latency.p50 * 1e6) / repetitions)
    }
  }
  const timings: [string, Timing][] = prepared.map(({ name, mins, medians }) => [name, { min: Math.min(...mins), medians }])
  return Object.fromEntries(timings) as Record<Name, Timing>
}

/** So many calls that a batch takes 100 microseconds, which the clock resolves well; a tenth of a second of them first, to have the code optimised. */
function calibrate(batch: Batch): number {
  let repetitions = 1
  const end = performance.now() + 100
  for (;;) {
    const start = performance.now()
    batch(repetitions)
    const taken = performance.now() - start
    if (taken < 0.1) repetitions = Math.min(2 * repetitions, Math.ceil(repetitions * (0.11 / Math.max(taken, 0.001))))
    if (performance.now() > end) return repetitions
  }
}

export interface Ratio {
  readonly min: number
  readonly median: number
  /** The smallest and the largest ratio of medians in any round. */
  readonly low: number
  readonly high: number
}

export function ratio(of: Timing, to: Timing): Ratio {
  const ratios = of.medians.map((median, round) => median / to.medians[round]!).sort((a, b) => a - b)
  return { min: of.min / to.min, median: median(ratios), low: ratios[0]!, high: ratios.at(-1)! }
}

export function median(sorted: readonly number[]): number {
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}
