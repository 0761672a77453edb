import { machine } from '../harness/machine.ts'
import { ratio, type Ratio, type Timing } from '../harness/measure.ts'

/** One program's numbers. What the compiler refuses has only reasons. */
export interface LanguageRow {
  readonly name: string
  readonly uses: string
  readonly remark?: string
  readonly natural?: Timing
  readonly scalar?: Timing
  readonly hand?: Timing
  readonly bytes?: { readonly natural: number; readonly scalar: number }
  readonly reasons: readonly string[]
}

/** What the emitted gradient may take, as a multiple of that of the same program by scalars. */
const promised = 1.3

export const heading = '## Records, classes and closures'

export function languageTitle(): string {
  const head =
    'program'.padEnd(14) + ['as written', '/ scalars', '/ hand', 'bytes', 'by scalars'].map((title) => title.padStart(12)).join('')
  return `${head}\n${'-'.repeat(head.length)}`
}

export function printLanguageRow({ name, natural, scalar, hand, bytes }: LanguageRow): string {
  if (!natural || !scalar || !bytes) return `${name.padEnd(14)}${'none'.padStart(12)}`
  const cells = [
    microseconds(natural),
    ratio(natural, scalar).min.toFixed(2),
    hand ? ratio(natural, hand).min.toFixed(2) : '',
    bytes.natural.toFixed(0),
    bytes.scalar.toFixed(0),
  ]
  return name.padEnd(14) + cells.map((cell) => cell.padStart(12)).join('')
}

/** The section of `bench/README.md`, with what the numbers were measured on. */
export function languageSection(rows: readonly LanguageRow[]): string {
  const above = rows.filter(({ natural, scalar }) => natural && scalar && ratio(natural, scalar).min > promised)
  return `${heading}

Programs as one writes them (\`language/programs/\`), against the same programs written with scalars and plain loops. Both are compiled, and their emitted
gradients are verified equal, and timed in turn in one process. A ratio is that of the fastest batches, then in brackets that of the medians with its
smallest and largest value over the rounds. Bytes are what a call takes from the heap in steady state.

${machine('typescript', 'tinybench')}

| program | uses | emitted | ratio to scalars | ratio to hand-written | bytes | bytes by scalars |
| --- | --- | --: | --: | --: | --: | --: |
${rows.map(line).join('\n')}

To measure it again, and to rewrite this section: \`npm run bench:language\`; with \`-- --quick\` it only prints. What was emitted is left in
\`bench/gen/language\`.

${above.length > 0 ? `Above ${promised}:\n\n${above.map(({ name, remark }) => `- ${name}: ${remark ?? 'not looked into yet.'}`).join('\n')}` : `None is above ${promised}.`}
`
}

function line({ name, uses, natural, scalar, hand, bytes }: LanguageRow): string {
  if (!natural || !scalar || !bytes) return `| ${name} | ${uses} | none | | | | |`
  const toHand = hand ? spread(ratio(natural, hand)) : ''
  return `| ${name} | ${uses} | ${microseconds(natural)} | ${spread(ratio(natural, scalar))} | ${toHand} | ${bytes.natural.toFixed(0)} | ${bytes.scalar.toFixed(0)} |`
}

function spread(of: Ratio): string {
  return `${of.min.toFixed(2)} (${of.median.toFixed(2)}, ${of.low.toFixed(2)} to ${of.high.toFixed(2)})`
}

const microseconds = ({ min }: Timing): string => `${(min / 1e3).toPrecision(3)} µs`
