import { machine } from '../harness/machine.ts'
import { median, ratio, type Ratio, type Timing } from '../harness/measure.ts'
import type { Comparison } from './cases.ts'

export interface AdvancedRow extends Comparison {
  readonly ofTiming: Timing
  readonly toTiming: Timing
}

/** How fast bytes are handled. */
export interface Speed {
  readonly what: string
  readonly bytes: number
  readonly timing: Timing
}

/** Bytes that the gradients of the simulation keep. */
export interface Memory {
  readonly full: number
  readonly every: number
  readonly binomial: number
}

export interface Advanced {
  readonly rows: readonly AdvancedRow[]
  readonly speeds: readonly Speed[]
  readonly memory: Memory
  /** The reverse sweeps of the program with hooks, with an unbound one, a literal and an observer. */
  readonly loops: readonly string[]
}

export const heading = '## Second derivatives, hooks, modes, graphs and checkpoints'

/** What bytes of a graph are promised to be saved and loaded with, in bytes a nanosecond. */
const PROMISED_SPEED = 1
/** What a checkpointed simulation may keep, of what is kept without. */
const PROMISED_MEMORY = 1 / 1000

export function printAdvancedRow(row: AdvancedRow): string {
  const range = spread(ratioOf(row))
  return `${row.what.padEnd(50)}${row.toWhat.padEnd(44)}${range.padEnd(24)}${row.target === undefined ? '' : `target ${String(row.target)}`}`
}

export const printMemory = ({ full, every, binomial }: Memory): string =>
  `bytes kept: all ${full.toFixed(0)}, every=1000 ${every.toFixed(0)} (1/${(full / every).toFixed(0)}), binomial ${binomial.toFixed(0)} (1/${(full / binomial).toFixed(0)})`

export function printSpeed(speed: Speed): string {
  const { best, low, high, median } = speedOf(speed)
  return `${speed.what}: ${best.toFixed(2)} GB/s (${median.toFixed(2)}, ${low.toFixed(2)} to ${high.toFixed(2)})`
}

/** The section of `bench/README.md`, with what the numbers were measured on. */
export function advancedSection({ rows, speeds, memory, loops }: Advanced): string {
  const bytes = ({ every, binomial, full }: Memory): string[][] => [
    ['`@checkpoint every=1000`', size(every), `1 / ${(full / every).toFixed(0)}`, verdict(every <= full * PROMISED_MEMORY)],
    ['`@checkpoint binomial`', size(binomial), `1 / ${(full / binomial).toFixed(0)}`, verdict(binomial <= full * PROMISED_MEMORY)],
    ['every step kept', size(full), '', ''],
  ]
  return `${heading}

The calls of a row are compiled, verified against each other or differences, and timed in turn in one process, without the compiler (\`advanced/\`). A ratio is that of the
fastest batches, which is held against the target, then in brackets that of the medians with its smallest and largest value over the rounds: what a shared machine does meanwhile
falls on long calls. For \`hessian\` a ratio is divided by the number of unknowns. A hook is said to cost no more than its own work
within 3 percent, a region within 5.

${machine('typescript', 'tinybench')}

| measure | time | compared with | ratio | target | |
| --- | --: | --- | --: | --: | --- |
${rows.map(line).join('\n')}

Speed of saving and loading a graph that keeps ${(speeds[0]!.bytes / 1e6).toFixed(0)} MB, with the checksum and the copy that both make; the target is ${String(PROMISED_SPEED)} GB/s.

| | GB/s, fastest | medians of the rounds | |
| --- | --: | --: | --- |
${speeds.map(speedLine).join('\n')}

Memory that the gradient of 10^6 steps keeps at most: the heap and array buffers after collections of garbage during the call, less those before it, in a process of its own
that compiles nothing (\`advanced/memory.ts\`). Frames of the stack are not in it: \`binomial\` has one for each state that it keeps, 74 here, or 16 kB. The target is 1 / 1000 of what is kept without.

| | kept | ratio | |
| --- | --: | --: | --- |
${bytes(memory)
  .map((cells) => `| ${cells.join(' | ')} |`)
  .join('\n')}

The reverse loop of the program with a hook, as emitted: with the slot unbound, which is the loop without the hook; with a literal arrow; with an observer bound to the slot.

${loops.map((loop) => `\`\`\`text\n${loop}\n\`\`\``).join('\n\n')}

${missed(rows, memory)}

To measure it again, and to rewrite this section: \`npm run bench:advanced\`; with \`-- --quick\` it only prints. What was emitted is left in
\`bench/gen/advanced\`.
`
}

/** What misses its target, and why. */
function missed(rows: readonly AdvancedRow[], { full, every }: Memory): string {
  const lines = rows
    .filter((row) => row.target !== undefined && ratioOf(row).min > row.target)
    .map(({ what, remark }) => `- ${what}: ${remark ?? 'not looked into yet.'}`)
  if (every > full * PROMISED_MEMORY)
    lines.push(
      '- Memory of `every=1000`: it keeps 1000 states, and all of one stretch of 1000 steps at a time. Of 10^6 steps that is two thousandths, as long as a step keeps no more than a state.',
    )
  return lines.length === 0 ? 'No target is missed.' : `Missed:\n\n${lines.join('\n')}`
}

function line(row: AdvancedRow): string {
  const met = row.target === undefined ? '' : verdict(ratioOf(row).min <= row.target)
  const cells = [row.what, duration(row.ofTiming), row.toWhat, spread(ratioOf(row)), row.target ?? '', met]
  return `| ${cells.join(' | ')} |`
}

function speedLine(speed: Speed): string {
  const { best, low, high, median } = speedOf(speed)
  const [what, met] = speed.what === 'copy' ? ['a copy of the bytes', ''] : [`\`${speed.what}Graph\``, verdict(best >= PROMISED_SPEED)]
  return `| ${what} | ${best.toFixed(2)} | ${median.toFixed(2)}, ${low.toFixed(2)} to ${high.toFixed(2)} | ${met} |`
}

const verdict = (isMet: boolean): string => (isMet ? 'met' : 'missed')

function ratioOf({ ofTiming, toTiming, per = 1 }: AdvancedRow): Ratio {
  const { min, median, low, high } = ratio(ofTiming, toTiming)
  return { min: min / per, median: median / per, low: low / per, high: high / per }
}

function speedOf({ bytes, timing }: Speed): Readonly<Record<'best' | 'low' | 'high' | 'median', number>> {
  const sorted = timing.medians.map((time) => bytes / time).sort((a, b) => a - b)
  return { best: bytes / timing.min, low: sorted[0]!, high: sorted.at(-1)!, median: median(sorted) }
}

/** The loop of a function's reverse sweep, its last loop on the first level that counts down. */
export function backwardLoop(text: string, name: string): string {
  const body = text.slice(text.indexOf(`function ${name}(`))
  const start = body.search(/^ {2}for \(let \w+ = .*--\) \{$/m)
  return body.slice(start, body.indexOf('\n  }\n', start) + 4).replace(/^ {2}/gm, '')
}

function spread({ min, median: middle, low, high }: Ratio): string {
  return `${min.toFixed(2)} (${middle.toFixed(2)}, ${low.toFixed(2)} to ${high.toFixed(2)})`
}

function size(bytes: number): string {
  return bytes < 1e6 ? `${(bytes / 1e3).toFixed(1)} kB` : `${(bytes / 1e6).toFixed(1)} MB`
}

function duration({ min: nanoseconds }: Timing): string {
  if (nanoseconds < 1e3) return `${nanoseconds.toPrecision(3)} ns`
  if (nanoseconds < 1e6) return `${(nanoseconds / 1e3).toPrecision(3)} µs`
  return `${(nanoseconds / 1e6).toPrecision(3)} ms`
}
