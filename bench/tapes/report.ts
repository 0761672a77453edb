import { table } from '../harness/format.ts'
import type { Section } from '../report.ts'
import type { TapeBytes } from './measure.ts'

/** How far what is measured may be off what is predicted, as a share of it. */
const target = 0.1

export function printTapes({ name, predicted, measured }: TapeBytes): string {
  return `${name}: ${predicted} bytes predicted, ${measured} measured (${(measured / predicted).toFixed(3)})`
}

/** The section of `bench/README.md`. */
export function tapesSection(rows: readonly TapeBytes[]): Section {
  const heading = '## Memory of tapes'
  const text = `${heading}

What \`cotangent inspect\` says that the tapes of a gradient take, and what a first call leaves in array buffers, where they are kept for the next call. The target is to be within
${100 * target} percent. A tape that grows doubles its length, so that it may be up to twice as long as \`inspect\` says of what is in it, which \`inspect\` says too.

${table(
  ['gradient', 'tapes', 'predicted', 'measured', 'ratio', ''],
  rows.map(({ name, tapes, predicted, measured, grows }) => [
    name,
    grows ? `${tapes}, growing` : String(tapes),
    kilobytes(predicted),
    kilobytes(measured),
    (measured / predicted).toFixed(3),
    verdict(measured / predicted, grows),
  ]),
)}

To measure it again, and to rewrite this section: \`npm run bench:tapes\`; with \`-- --quick\` it only prints.
`
  return { heading, text }
}

function verdict(ratio: number, grows: boolean): string {
  if (Math.abs(ratio - 1) <= target) return 'met'
  return grows && ratio > 1 && ratio <= 2 * (1 + target) ? 'within the doubling' : 'missed'
}

function kilobytes(bytes: number): string {
  return `${(bytes / 1e3).toLocaleString('en', { maximumFractionDigits: 1 })} kB`
}
