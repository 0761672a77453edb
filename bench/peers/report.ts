import { comparisonChart } from '../harness/chart.ts'
import { duration, table } from '../harness/format.ts'
import { machine } from '../harness/machine.ts'
import { ratio, type Ratio, type Timing } from '../harness/measure.ts'
import type { Section } from '../report.ts'
import { versionOfC } from './c.ts'
import { packages, peerNames } from './all.ts'

/** One problem: the times of our gradient as `ours`, of C as `C` and of each peer that has one, and why others have none. */
export interface PeerRow {
  readonly name: string
  readonly timings: Readonly<Record<string, Timing>>
  readonly missing: Readonly<Record<string, string>>
}

const heading = '## Peers'
const columns = ['C', ...peerNames]

export function printPeerRow({ name, timings }: PeerRow): string {
  const cells = columns.flatMap((column) => (timings[column] ? [`${column} ${factor(ratio(timings[column], timings.ours!).min)}`] : []))
  return `${name}: ${duration(timings.ours!.min)}; ${cells.join(', ')}`
}

/** The section of `bench/README.md`, with what the numbers were measured on. */
export function peersSection(rows: readonly PeerRow[]): Section {
  const hasC = rows.some(({ timings }) => timings.C)
  const text = `${heading}

What else one might take for the same gradient, value included, as a multiple of the time of ours; above 1 it is slower. In one process each was verified against ours: compiled, warm,
with what is constant prepared before, from arrays of doubles to arrays of doubles (\`peers/\`). Each is timed in a process of its own (\`peers/one.ts\` says why), one after another, several
times in turn. C is the hand-written adjoint, compiled by \`gcc -O3\`. A ratio is that of the fastest batches, in brackets those of the medians of the rounds, smallest to largest.

${machine(...packages, 'typescript', 'tinybench')}${hasC ? ` C by ${versionOfC()}.` : ''}

${table(
  ['problem', 'ours', ...columns],
  rows.map(({ name, timings }) => [
    name,
    duration(timings.ours!.min),
    ...columns.map((column) => (timings[column] ? spread(ratio(timings[column], timings.ours!)) : '')),
  ]),
)}

![The time of peers over ours](charts/peers.svg)

Left out:

${reasons(rows)}

How they are used:

- Rose: compiled to WebAssembly. Exponentials and logarithms are JavaScript's, as Rose has none. What is constant is part of the argument, and it differentiates by that too. Sums over
  neighbours are written out term by term. The largest of log-sum-exp is taken off in JavaScript.
- mathjs: the expression is derived by each variable and simplified, and the results are compiled, before.
- jax-js: \`jit(valueAndGrad(f))\` on WebAssembly, in doubles; its exponentials and logarithms are good to six digits. On Node 20, which lacks \`Float16Array\`, an empty class stands in for that.
- TF.js: \`valueAndGrad\` in \`tidy\`, on the CPU and the WebAssembly backend, in single precision, as it has no other: of 40,000 terms its gradient is 0.2 percent off.
- Arrays of jax-js and TF.js are made from the arguments and read back in each call, as our caller has arrays of doubles. For llsq they have the powers as a matrix, which we compute.

To measure it again, and to rewrite this section: \`npm run bench:peers\`; with \`-- --quick\` it only prints.
`
  return { heading, text, charts: { 'peers.svg': peersChart(rows) } }
}

function peersChart(rows: readonly PeerRow[]): string {
  return comparisonChart({
    title: 'Peers: time of the gradient over ours',
    labels: rows.map(({ name }) => name),
    series: columns.map((name) => ({
      name,
      values: rows.map(({ timings }) => (timings[name] ? ratio(timings[name], timings.ours!).min : undefined)),
    })),
    unit: 'time over ours',
    scale: 'log',
    line: { at: 1, name: 'ours' },
  })
}

/** Each reason once, with the problems and peers that it is for. */
function reasons(rows: readonly PeerRow[]): string {
  const lines = rows.flatMap(({ name, missing }) => Object.entries(missing).map(([peer, reason]) => `- ${peer}, ${name}: ${reason}.`))
  return lines.length === 0 ? 'Nothing.' : lines.join('\n')
}

function spread({ min, low, high }: Ratio): string {
  return `${factor(min)} (${factor(low)} to ${factor(high)})`
}

function factor(of: number): string {
  return of < 100 ? of.toPrecision(3).slice(0, 4) : Math.round(of).toLocaleString('en')
}
