import prettier from 'prettier'
import { checkSection } from './compile/report.ts'
import type { CheckTimes } from './compile/time.ts'
import { machine } from './harness/machine.ts'
import { ratio, type Ratio } from './harness/measure.ts'
import type { Row } from './run.ts'

const nameWidth = 36

export function printTitle(): string {
  const head = ''.padEnd(nameWidth) + ['emitted', '/ hand', '/ primal', '/ diff.'].map((title) => title.padStart(11)).join('')
  return `${head}\n${'-'.repeat(head.length)}`
}

export function printRow({ name, hand, primal, emitted, differences }: Row): string {
  const cells = emitted
    ? [
        duration(emitted.min),
        factor(ratio(emitted, hand)),
        factor(ratio(emitted, primal)),
        differences ? factor(ratio(emitted, differences)) : '',
      ]
    : ['none', '', `(${factor(ratio(hand, primal))})`, differences ? `(${factor(ratio(hand, differences))})` : '']
  return name.padEnd(nameWidth) + cells.map((cell) => cell.padStart(11)).join('')
}

/** The file `bench/README.md`; `kept` are sections that something else measures. */
export async function printMarkdown(rows: readonly Row[], checks: CheckTimes | undefined, kept: string): Promise<string> {
  const text = `# Benchmarks

\`npm run bench\` measures this again and rewrites this file, but for the records, classes and closures; \`npm run bench -- --quick\` only prints.

${machine('typescript', 'tinybench')}

## The emitted gradient

Through \`valueAndGrad(f).into(out, ...)\`, in one process, timed in turn with the hand-written gradient (\`hand/\`), the function itself (\`problems/\`)
and central differences. A ratio is that of the fastest batches, then in brackets that of the medians with its smallest and largest value over the rounds.
Below 1 the emitted code is faster.

${table(
  ['problem', 'emitted', 'hand-written', 'ratio to hand-written', 'ratio to the function', 'ratio to differences'],
  rows.map(({ name, hand, primal, emitted, differences }) => [
    name,
    emitted ? duration(emitted.min) : 'none',
    duration(hand.min),
    emitted ? spread(ratio(emitted, hand)) : '',
    emitted ? spread(ratio(emitted, primal)) : '',
    emitted && differences ? small(ratio(emitted, differences)) : '',
  ]),
)}

## Allocation

Bytes a call takes from the heap in steady state. The 12 or 16 bytes are the box of the returned number, wherever V8 doesn't inline the call.

${table(
  ['problem', 'emitted', 'hand-written'],
  rows.map(({ name, bytes }) => [name, bytes.emitted === undefined ? '' : bytes.emitted.toFixed(0), bytes.hand.toFixed(0)]),
)}

${kept}

${checks ? checkSection(checks, machine('typescript')) : ''}`
  return prettier.format(text, { parser: 'markdown', printWidth: 140 })
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`
  return [line(head), line(head.map((_, i) => (i === 0 ? '---' : '--:'))), ...rows.map(line)].join('\n')
}

function factor(of: Ratio): string {
  return of.min < 0.095 ? of.min.toFixed(3) : of.min.toFixed(2)
}

function small(of: Ratio): string {
  return `1 / ${(1 / of.min).toFixed(0)}`
}

function spread(of: Ratio): string {
  return `${of.min.toFixed(2)} (${of.median.toFixed(2)}, ${of.low.toFixed(2)} to ${of.high.toFixed(2)})`
}

function duration(nanoseconds: number): string {
  if (nanoseconds < 1e3) return `${nanoseconds.toPrecision(3)} ns`
  if (nanoseconds < 1e6) return `${(nanoseconds / 1e3).toPrecision(3)} µs`
  return `${(nanoseconds / 1e6).toPrecision(3)} ms`
}
