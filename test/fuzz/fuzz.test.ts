import { expect, test } from 'vitest'
import { CHECKPOINTED, createFuzzer, KEYED, programOfSeed, RICH, shrink, SUMMED, WALKS } from './batch.ts'
import type { Outcome } from './check.ts'

/**
 * Random programs, each named by its seed: `FUZZ_SEED` is the first, `FUZZ_PROGRAMS` how many, or `FUZZ_SEEDS` lists them. `npm run fuzz -- --seed 7
 * --count 1000` and `npm run fuzz -- --seeds 33,37` set them.
 */
const first = Number(process.env.FUZZ_SEED ?? 1)
/** Seeds that once failed, beyond those that every run begins with. */
const kept = [884, 1510, 1545, 1578, 2377, 3613, 3827, 5134, 11697, 24483, 26457, 40051, 59407, 2003237, 3000237, 3000251, 3000744, 3002035]
/** Some of the programs with records, classes and closures, with numbers by keys, with checkpointed loops, with loops that add up, and with recursion. */
const others = [RICH, KEYED, CHECKPOINTED, SUMMED, WALKS].flatMap((start) => Array.from({ length: 25 }, (_, i) => start + 1 + i))
const range = Array.from({ length: Number(process.env.FUZZ_PROGRAMS ?? 300) }, (_, i) => first + i)
const all =
  process.env.FUZZ_SEEDS?.split(',').map(Number) ?? (process.env.FUZZ_PROGRAMS === undefined ? [...kept, ...others, ...range] : range)
const count = all.length
const shrinkTime = Number(process.env.FUZZ_SHRINK_MS ?? 20_000)
const BATCH = 100
/** Second derivatives take several times as long to compile: every fourth batch asks for them too. */
const SECOND_EVERY = Number(process.env.FUZZ_SECOND_EVERY ?? 4)
/** Shrinking takes long; the first failures are enough to work on. */
const SHOWN = process.env.FUZZ_SEEDS === undefined ? 3 : Infinity

test(
  `${String(count)} programs from seed ${String(all[0])}`,
  () => {
    const fuzzer = createFuzzer()
    const supported = fuzzer.supported(['gradient', 'tangent', 'pullback', 'second', 'nested'])
    const plain = supported.filter((ask) => ask !== 'second' && ask !== 'nested')
    const tally = { passed: 0, skipped: 0, refused: 0, failed: 0 }
    const reasons = new Map<string, number>()
    const failures: { seed: number; reason: string; asks: typeof supported }[] = []
    const start = Date.now()
    for (let from = 0; from < count; from += BATCH) {
      const seeds = all.slice(from, from + BATCH)
      const asks = (from / BATCH) % SECOND_EVERY === 0 ? supported : plain
      const outcomes: Outcome[] = fuzzer.check(seeds.map(programOfSeed), asks)
      for (const [i, outcome] of outcomes.entries()) {
        tally[outcome.kind]++
        if (outcome.kind === 'failed') failures.push({ seed: seeds[i]!, reason: outcome.reason, asks })
        if (outcome.kind === 'refused' || outcome.kind === 'skipped') {
          const reason = outcome.reason.replaceAll(/`[^`]*`/g, '`..`')
          reasons.set(reason, (reasons.get(reason) ?? 0) + 1)
        }
      }
      if (process.env.FUZZ_PROGRESS === '1')
        process.stderr.write(
          `${String(from + seeds.length)} ${JSON.stringify(tally)} ${failures.map(({ seed, reason }) => `${String(seed)}: ${reason}`).join('; ')}\n`,
        )
    }
    const speed = (count / ((Date.now() - start) / 1000)).toFixed(1)
    const why = [...reasons].sort((a, b) => b[1] - a[1]).map(([reason, times]) => `  ${String(times)} x ${reason}`)
    process.stdout.write(`${supported.join(', ')}: ${JSON.stringify(tally)}, ${speed} programs a second\n${why.join('\n')}\n`)
    const seeds = failures.map(({ seed, reason }) => `  seed ${String(seed)}: ${reason.split('\n')[0]!}`)
    const shown = failures.slice(0, shrinkTime > 0 ? SHOWN : 0).map(({ seed, asks }) => {
      const { text, reason } = shrink(seed, fuzzer, asks, shrinkTime)
      return `\n// seed ${String(seed)}, ${asks.join(', ')}: ${reason}\n${text}`
    })
    expect(failures.length, `${seeds.join('\n')}\n${shown.join('\n')}\n`).toBe(0)
    expect(tally.skipped / count).toBeLessThan(0.3)
    // A generator whose programs are mostly refused would test nothing.
    expect(tally.refused / count).toBeLessThan(0.3)
  },
  24 * 3600 * 1000,
)
