import { writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { createCases, createOut, type Case } from './cases.ts'
import { timeChecks, type CheckTimes } from './compile/time.ts'
import { bytesPerCall } from './harness/allocation.ts'
import { centralDifferences } from './harness/differences.ts'
import { createEmitter, type Emitted } from './harness/emit.ts'
import { createBatch, measure, type Batch, type Timing } from './harness/measure.ts'
import { printMarkdown, printRow, printTitle } from './report.ts'

/** One problem's numbers. What the compiler refuses has only those of the hand-written code. */
export interface Row {
  readonly name: string
  readonly hand: Timing
  readonly primal: Timing
  readonly emitted?: Timing
  readonly differences?: Timing
  readonly bytes: { readonly hand: number; readonly emitted?: number }
  /** The largest distance between the two gradients, relative to the largest component. */
  readonly distance?: number
  readonly reasons: readonly string[]
}

// Compiled, this file is bench/gen/js/run.js.
const bench = join(import.meta.dirname, '..', '..')
const root = join(bench, '..')
const [only = ''] = process.argv.slice(2).filter((argument) => !argument.startsWith('--'))
const quick = process.argv.includes('--quick')

const rows: Row[] = []
const emit = createEmitter(bench)
console.log(printTitle())
for (const example of createCases().filter(({ name }) => name.includes(only))) {
  const row = await run(example, await emit(example.request))
  rows.push(row)
  console.log(printRow(row))
}
const wrong = rows.filter(({ distance = 0 }) => !(distance < 1e-9))
for (const { name, distance } of wrong) console.error(`${name}: the emitted gradient is off by ${distance}.`)
for (const { name, reasons } of rows) for (const reason of reasons) console.error(`${name}: ${reason}`)
if (wrong.length > 0 || rows.some(({ reasons }) => reasons.length > 0)) process.exitCode = 1

let checks: CheckTimes | undefined
if (only === '') {
  console.log('\nTiming `cotangent check` against `tsc --noEmit` ...')
  checks = timeChecks(root, join(bench, 'gen', 'project'), quick ? 3 : 9)
  console.log(
    `${checks.files} files, ${checks.lines} lines: ${checks.ratio.min.toFixed(2)} times tsc (fastest), ${checks.ratio.median.toFixed(2)} (median)`,
  )
}
if (only === '' && !quick) {
  const path = join(bench, 'README.md')
  writeFileSync(path, await printMarkdown(rows, checks))
  console.log(`\nWritten to ${relative(process.cwd(), path)}`)
}

async function run(example: Case, emitted: Emitted): Promise<Row> {
  const { name, args, active, primal, hand } = example
  const handOut = createOut(example)
  const emittedOut = createOut(example)
  const batches: Record<string, Batch> = {
    hand: createBatch(hand, [handOut, ...args], `${name}, hand`),
    primal: createBatch(primal, args, `${name}, primal`),
  }
  if (emitted.kind === 'function') batches.emitted = createBatch(emitted.call, [emittedOut, ...args], `${name}, emitted`)
  const variables = leaves(handOut).length
  if (variables <= 100)
    batches.differences = createBatch(centralDifferences(primal, active), [createOut(example), ...args], `${name}, differences`)
  const timings = await measure(batches, quick ? { rounds: 3, milliseconds: 60 } : { rounds: 9, milliseconds: 150 })
  return {
    name,
    hand: timings.hand!,
    primal: timings.primal!,
    ...(timings.emitted && { emitted: timings.emitted, distance: distance(leaves(emittedOut), leaves(handOut)) }),
    ...(timings.differences && { differences: timings.differences }),
    bytes: {
      hand: bytesPerCall(batches.hand!),
      ...(batches.emitted && { emitted: bytesPerCall(batches.emitted) }),
    },
    reasons: emitted.kind === 'refused' ? emitted.reasons : [],
  }
}

function leaves(out: unknown): number[] {
  return out instanceof Float64Array ? [...out] : (out as Float64Array[]).flatMap((buffer) => [...buffer])
}

function distance(a: readonly number[], b: readonly number[]): number {
  const size = b.reduce((most, x) => Math.max(most, Math.abs(x)), 0)
  return a.reduce((most, x, i) => Math.max(most, Math.abs(x - b[i]!) / size), 0)
}
