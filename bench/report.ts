import { comparisonChart } from './harness/chart.ts'
import { duration, table } from './harness/format.ts'
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

/** A part of `bench/README.md`, which is replaced as a whole, and its charts by their names in `bench/charts`. */
export interface Section {
  readonly heading: string
  readonly text: string
  readonly charts?: Readonly<Record<string, string>>
}

export function sections(rows: readonly Row[]): Section[] {
  return [gradientSection(rows), allocationSection(rows)]
}

function gradientSection(rows: readonly Row[]): Section {
  const heading = '## The emitted gradient'
  const text = `${heading}

Through \`valueAndGrad(f).into(out, ...)\`, in one process, timed in turn with the hand-written gradient (\`hand/\`), the function itself (\`problems/\`)
and central differences. A ratio is that of the fastest batches, then in brackets that of the medians with its smallest and largest value over the rounds.
Below 1 the emitted code is faster.

${machine('typescript', 'tinybench')}

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

![The emitted gradient over the hand-written one](charts/gradient.svg)

To measure this and the allocation again, and to rewrite both: \`npm run bench:gradient\`. \`npm run bench\` does so with all sections but those of
\`bench:language\` and \`bench:advanced\`; with \`-- --quick\` it only prints, in about two minutes.
`
  return { heading, text, charts: { 'gradient.svg': gradientChart(rows, 'linear') } }
}

/** The fastest batches of the emitted gradients over those of the hand-written ones. */
function gradientChart(rows: readonly Row[], scale: 'linear' | 'log'): string {
  const shown = rows.flatMap(({ name, emitted, hand }) => (emitted ? [{ name, value: ratio(emitted, hand).min }] : []))
  return comparisonChart({
    title: 'Emitted gradient over hand-written',
    labels: shown.map(({ name }) => name),
    series: [{ name: 'emitted / hand-written', values: shown.map(({ value }) => value) }],
    unit: 'time over that of the hand-written gradient',
    scale,
    line: { at: 1, name: 'hand-written' },
  })
}

function allocationSection(rows: readonly Row[]): Section {
  const heading = '## Allocation'
  const text = `${heading}

Bytes a call takes from the heap in steady state. The 12 or 16 bytes are the box of the returned number, wherever V8 doesn't inline the call.

${table(
  ['problem', 'emitted', 'hand-written'],
  rows.map(({ name, bytes }) => [name, bytes.emitted === undefined ? '' : bytes.emitted.toFixed(0), bytes.hand.toFixed(0)]),
)}
`
  return { heading, text }
}

/** The ratio to hand-written code that GradBench's programs aim at. */
const handTarget = 1.1

export function gradbenchSection(rows: readonly Row[]): Section {
  const heading = '## GradBench'
  const met = (holds: boolean): string => (holds ? 'met' : 'missed')
  const text = `${heading}

Programs of [GradBench](https://github.com/gradbench/gradbench), written from their mathematics in \`gradbench/\`, in sizes that it uses, with data made here. What GradBench asks for
beside the value of the function is timed in turn with the function and with code written by hand (\`hand/\`), which gives the same: a gradient, for \`ba\` a sparse Jacobian by blocks,
and for \`kmeans\` the gradient divided by the diagonal of the Hessian. A ratio is that of the fastest batches, which is held against the target, then in brackets that of the
medians with its smallest and largest value over the rounds. Beside hand-written code the target is ${handTarget}. The last column is by hand against the function: what can be reached.

${machine('typescript', 'tinybench')}

${table(
  ['program', 'emitted', 'ratio to the function', 'target', '', 'ratio to hand-written', '', 'bytes a call', 'by hand'],
  rows.map(({ name, hand, primal, emitted, target, bytes }) => {
    const byHand = ratio(hand, primal).min.toFixed(2)
    if (!emitted || target === undefined) return [name, 'none', '', '', '', '', '', '', byHand]
    const [toPrimal, toHand] = [ratio(emitted, primal), ratio(emitted, hand)]
    const cells = [spread(toPrimal), String(target), met(toPrimal.min <= target), spread(toHand), met(toHand.min <= handTarget)]
    return [name, duration(emitted.min), ...cells, bytes.emitted!.toFixed(0), byHand]
  }),
)}

![Emitted over hand-written for GradBench's programs](charts/gradbench.svg)

To measure it again, and to rewrite this section: \`npm run bench:gradbench\`. As a tool of GradBench the same programs answer to
\`node --import cotangent/register bench/gradbench/tool.ts\`, after \`npm run build\`.
`
  return { heading, text, charts: { 'gradbench.svg': gradientChart(rows, 'log') } }
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
