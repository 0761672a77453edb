import { curveChart } from '../harness/chart.ts'
import { table } from '../harness/format.ts'
import { machine } from '../harness/machine.ts'
import { median } from '../harness/measure.ts'
import type { Section } from '../report.ts'
import type { EditTimes } from './edits.ts'
import { functionsPerFile, type Size } from './growth.ts'

/** What emitting a function again may take, in milliseconds. */
const promised = 30

export function editsSection(rows: readonly EditTimes[]): Section {
  const heading = '## A function emitted again'
  const text = `${heading}

\`updateFile\` and \`compileFile\` of the library after an edit in the body of a function, each time another constant, in one process that has seen ${rows[0]!.elapsed.length}
edits before: the whole file that asks for the derivative is emitted again, and only the edited file is read again. Milliseconds, median and smallest to largest of
${rows[0]!.elapsed.length} edits; the target is ${promised}, for the median of what processors worked. Lines are those of the file with the function, and of the emitted file.

${machine('typescript')}

${table(
  ['function', 'lines', 'emitted', 'elapsed', 'worked', ''],
  rows.map(({ name, lines, elapsed, worked }) => [
    name,
    String(lines.written),
    String(lines.emitted),
    spread(elapsed),
    spread(worked),
    median(worked) <= promised ? 'met' : 'missed',
  ]),
)}

To measure it again, and to rewrite this and the next section: \`npm run bench:compile\`; with \`-- --quick\` it only prints.
`
  return { heading, text }
}

export function growthSection(sizes: readonly Size[]): Section {
  const heading = '## Compile time by size'
  const rounds = sizes[0]!.oneFile.length
  const least = sizes.map(({ oneFile, manyFiles }) => ({ one: Math.min(...oneFile), many: Math.min(...manyFiles) }))
  const text = `${heading}

Programs of functions of 8 lines that call a helper, with a request for each (\`compile/many.ts\`), all in one file, and in files of ${functionsPerFile} functions. What processors worked for the whole
process, in seconds, the least of ${rounds === 1 ? 'one run' : `${rounds} runs, and the largest`}; and what each function more than in the row before took, in milliseconds. If that stays the same, the time grows with the size and
no faster.

${machine('typescript')}

${table(
  ['functions', 'emitted', 'one file', 'each more', 'many files', 'each more'],
  sizes.map(({ functions, bytes, oneFile, manyFiles }, i) => {
    const more = (key: 'one' | 'many'): string =>
      i === 0 ? '' : `${((least[i]![key] - least[i - 1]![key]) / (functions - sizes[i - 1]!.functions)).toFixed(1)} ms`
    return [
      functions.toLocaleString('en'),
      `${(bytes / 1e6).toFixed(2)} MB`,
      seconds(oneFile),
      more('one'),
      seconds(manyFiles),
      more('many'),
    ]
  }),
)}

![Compile time over the number of functions](charts/growth.svg)
`
  return { heading, text, charts: { 'growth.svg': growthChart(sizes, least) } }
}

function growthChart(sizes: readonly Size[], least: readonly { readonly one: number; readonly many: number }[]): string {
  return curveChart({
    title: 'Compile time over the size of a program',
    labels: [],
    series: [
      { name: 'one file', values: least.map(({ one }) => one / 1e3) },
      { name: `files of ${functionsPerFile} functions`, values: least.map(({ many }) => many / 1e3) },
    ],
    unit: 'seconds',
    scale: 'linear',
    at: sizes.map(({ functions }) => functions),
    atUnit: 'functions',
  })
}

function spread(sorted: readonly number[]): string {
  return `${median(sorted).toFixed(1)} (${sorted[0]!.toFixed(1)} to ${sorted.at(-1)!.toFixed(1)})`
}

function seconds(milliseconds: readonly number[]): string {
  const [least, most] = [Math.min(...milliseconds), Math.max(...milliseconds)].map((time) => (time / 1e3).toFixed(2))
  return milliseconds.length === 1 ? `${least!} s` : `${least!} s (${most!})`
}
