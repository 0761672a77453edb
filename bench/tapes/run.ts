/** Measures the memory of tapes against what `inspect` says, and rewrites the section of `bench/README.md`. `--quick` only prints. */

import { join } from 'node:path'
import { createCompiler } from 'cotangent/compiler'
import { createLoader } from '../harness/emit.ts'
import { writeSections } from '../harness/page.ts'
import { createTapeCases } from './cases.ts'
import { bytesLeft, predict, type TapeBytes } from './measure.ts'
import { printTapes, tapesSection } from './report.ts'

// Compiled, this file is bench/gen/js/tapes/run.js.
const bench = join(import.meta.dirname, '..', '..', '..')
const compiler = createCompiler({ tsconfig: join(bench, 'tsconfig.programs.json') })
const load = createLoader(bench, '.', compiler)

const rows: TapeBytes[] = []
for (const example of createTapeCases(1_000_000, 1_000_000, 10_000)) {
  const loaded = await load(example.request)
  if (loaded.kind === 'refused') throw new Error(loaded.reasons.join('\n'))
  const row = { ...predict(compiler, bench, example), measured: bytesLeft(example.take(loaded.exports), example.args) }
  rows.push(row)
  console.log(printTapes(row))
}
if (!process.argv.includes('--quick')) await writeSections(bench, [tapesSection(rows)])
