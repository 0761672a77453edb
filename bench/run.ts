import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { createCases, createOut, type Case } from './cases.ts'
import { checkSection, heading as checkHeading } from './compile/report.ts'
import { timeChecks } from './compile/time.ts'
import { bytesPerCall } from './harness/allocation.ts'
import { centralDifferences } from './harness/differences.ts'
import { createEmitter, type Emitted } from './harness/emit.ts'
import { machine } from './harness/machine.ts'
import { createBatch, measure, type Batch, type Timing } from './harness/measure.ts'
import { createGradbenchCases } from './gradbench-cases.ts'
import { writeSections } from './harness/page.ts'
import { gradbenchSection, printRow, printTitle, sections, type Section } from './report.ts'

/** One problem's numbers. What the compiler refuses has only those of the hand-written code. */
export interface Row {
  readonly name: string
  readonly hand: Timing
  readonly primal: Timing
  readonly emitted?: Timing
  readonly differences?: Timing
  readonly bytes: { readonly hand: number; readonly emitted?: number }
  readonly reasons: readonly string[]
  readonly target?: number
}

// Compiled, this file is bench/gen/js/run.js.
const bench = join(import.meta.dirname, '..', '..')
const root = join(bench, '..')
const [only = ''] = process.argv.slice(2).filter((argument) => !argument.startsWith('--'))
const quick = process.argv.includes('--quick')
const onlyGradbench = process.argv.includes('--gradbench')
const onlyGradient = process.argv.includes('--gradient')
const everything = only === '' && !onlyGradbench && !onlyGradient

const emit = createEmitter(bench)
console.log(printTitle())
const rows = onlyGradbench ? [] : await runAll(createCases())
const gradbenchRows = onlyGradient ? [] : await runAll(createGradbenchCases())
const all = [...rows, ...gradbenchRows]
for (const { name, reasons } of all) for (const reason of reasons) console.error(`${name}: ${reason}`)
if (all.some(({ reasons }) => reasons.length > 0)) process.exitCode = 1

const written: Section[] = onlyGradbench ? [] : sections(rows)
if (!onlyGradient) written.push(gradbenchSection(gradbenchRows))
if (everything) {
  console.log('\nTiming `cotangent check` against `tsc --noEmit` ...')
  try {
    const checks = timeChecks(root, join(bench, 'gen', 'project'), quick ? 1 : 9)
    const { elapsed, worked } = checks
    console.log(
      `${elapsed.ratio.median.toFixed(2)} times tsc by the clock, ${worked.ratio.median.toFixed(2)} by the work of processors (medians)`,
    )
    written.push({ heading: checkHeading, text: checkSection(checks, machine('typescript')) })
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
    process.exitCode = 1
  }
}
if (only === '' && !quick) await writeSections(bench, written)
if (everything) for (const part of ['compile/growth-run', 'peers/run', 'size/run', 'tapes/run']) runPart(part)

/** A part that is a program of its own runs in a process of its own, and writes its own sections. */
function runPart(part: string): void {
  console.log(`\n${part} ...`)
  const script = join(import.meta.dirname, `${part}.js`)
  const { status } = spawnSync(process.execPath, ['--expose-gc', script, ...(quick ? ['--quick'] : [])], { stdio: 'inherit' })
  if (status !== 0) process.exitCode = 1
}

async function runAll(cases: readonly Case[]): Promise<Row[]> {
  const found: Row[] = []
  for (const example of cases.filter(({ name }) => name.includes(only))) {
    const row = await run(example, verify(example, await emit(example.request)))
    found.push(row)
    console.log(printRow(row))
  }
  return found
}

/** Only right code is timed. */
function verify(example: Case, emitted: Emitted): Emitted {
  if (emitted.kind === 'refused') return emitted
  const [found, expected] = [createOut(example), createOut(example)]
  try {
    const values = [example.primal(...(example.args as never[])), emitted.call(...([found, ...example.args] as never[]))]
    if (!example.valueless && !Object.is(values[0], values[1]))
      return { kind: 'refused', reasons: [`the value is ${values[1]!} instead of ${values[0]!}`] }
  } catch (error) {
    return { kind: 'refused', reasons: [String(error)] }
  }
  example.hand(...([expected, ...example.args] as never[]))
  const off = distance(leaves(found), leaves(expected))
  return off < 1e-9 ? emitted : { kind: 'refused', reasons: [`the gradient is off by ${off}`] }
}

async function run(example: Case, emitted: Emitted): Promise<Row> {
  const { name, args, active, primal, hand } = example
  const out = createOut(example)
  const batches: Record<string, Batch> = {
    hand: createBatch(hand, [out, ...args], `${name}, hand`),
    primal: createBatch(primal, args, `${name}, primal`),
  }
  if (emitted.kind === 'function') batches.emitted = createBatch(emitted.call, [createOut(example), ...args], `${name}, emitted`)
  if (active !== undefined && leaves(out).length <= 100)
    batches.differences = createBatch(centralDifferences(primal, active), [createOut(example), ...args], `${name}, differences`)
  const timings = await measure(batches, quick ? { rounds: 2, milliseconds: 40, iterations: 2 } : { rounds: 9, milliseconds: 150 })
  return {
    name,
    hand: timings.hand!,
    primal: timings.primal!,
    ...(timings.emitted && { emitted: timings.emitted }),
    ...(timings.differences && { differences: timings.differences }),
    bytes: {
      hand: bytesPerCall(batches.hand!, callsFor(timings.hand!)),
      ...(batches.emitted && { emitted: bytesPerCall(batches.emitted, callsFor(timings.emitted!)) }),
    },
    reasons: emitted.kind === 'refused' ? emitted.reasons : [],
    ...(example.target !== undefined && { target: example.target }),
  }
}

/** So many calls that they take two seconds, a tenth of one if it has to be quick, or as many as are usual. */
function callsFor({ min }: Timing): number {
  return Math.min(10_000, Math.max(quick ? 1 : 4, Math.ceil((quick ? 1e8 : 2e9) / min)))
}

function leaves(out: unknown): number[] {
  return out instanceof Float64Array || out instanceof Int32Array ? [...out] : Object.values(out as object).flatMap(leaves)
}

/** The largest distance between two gradients, relative to the largest component. */
function distance(a: readonly number[], b: readonly number[]): number {
  const size = b.reduce((most, x) => Math.max(most, Math.abs(x)), 0)
  return a.reduce((most, x, i) => Math.max(most, Math.abs(x - b[i]!) / size), 0)
}
