/**
 * Times the emitted gradients of programs as one writes them against those of the same programs by scalars, and rewrites the section of `bench/README.md`.
 * `--quick` only prints; a name measures only the programs whose names contain it.
 */

import { readFileSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import prettier from 'prettier'
import { bytesPerCall } from '../harness/allocation.ts'
import { createLoader } from '../harness/emit.ts'
import { createBatch, measure } from '../harness/measure.ts'
import { replaceSection } from '../harness/sections.ts'
import { cases, type LanguageCase } from './cases.ts'
import { heading, languageSection, languageTitle, printLanguageRow, type LanguageRow } from './report.ts'

type Gradient = (...args: never[]) => number

// Compiled, this file is bench/gen/js/language/run.js.
const bench = join(import.meta.dirname, '..', '..', '..')
const [only = ''] = process.argv.slice(2).filter((argument) => !argument.startsWith('--'))
const quick = process.argv.includes('--quick')
const load = createLoader(bench, 'language/programs')

const rows: LanguageRow[] = []
console.log(languageTitle())
for (const example of cases.filter(({ name }) => name.includes(only))) {
  const row = await run(example)
  rows.push(row)
  console.log(printLanguageRow(row))
}
for (const { name, reasons } of rows) for (const reason of reasons) console.error(`${name}: ${reason}`)
if (rows.some(({ reasons }) => reasons.length > 0)) process.exitCode = 1
if (only === '' && !quick) {
  const path = join(bench, 'README.md')
  const page = replaceSection(readFileSync(path, 'utf8'), heading, languageSection(rows))
  writeFileSync(path, await prettier.format(page, { parser: 'markdown', printWidth: 140 }))
  console.log(`\nWritten to ${relative(process.cwd(), path)}`)
}

async function run(example: LanguageCase): Promise<LanguageRow> {
  const { name, uses, remark } = example
  const loaded = await load(name)
  const said = { name, uses, ...(remark !== undefined && { remark }) }
  if (loaded.kind === 'refused') return { ...said, reasons: loaded.reasons }
  const gradients: Record<string, Gradient> = {
    natural: loaded.exports.natural!,
    scalar: loaded.exports.scalar!,
    ...(example.hand && { hand: example.hand }),
  }
  const reasons = differences(example, gradients)
  if (reasons.length > 0) return { ...said, reasons }
  const batches = Object.fromEntries(
    Object.entries(gradients).map(([key, gradient]) => [key, createBatch(gradient, [place(example), ...example.args], `${name}, ${key}`)]),
  )
  const timings = await measure(batches, quick ? { rounds: 3, milliseconds: 60 } : { rounds: 9, milliseconds: 150 })
  return {
    ...said,
    natural: timings.natural!,
    scalar: timings.scalar!,
    ...(timings.hand && { hand: timings.hand }),
    bytes: { natural: bytesPerCall(batches.natural!), scalar: bytesPerCall(batches.scalar!) },
    reasons: [],
  }
}

/** Only right code is timed: all give the same value and the same gradient, up to rounding. The second call finds its buffers used. */
function differences(example: LanguageCase, gradients: Readonly<Record<string, Gradient>>): string[] {
  const expected = place(example)
  const value = gradients.scalar!(...([expected, ...example.args] as never[]))
  const size = Math.max(...expected.map(Math.abs))
  return Object.entries(gradients).flatMap(([key, gradient]) => {
    const found = place(example)
    for (let call = 0; call < 2; call++) {
      const given = gradient(...([found, ...example.args] as never[]))
      if (!(Math.abs(given - value) <= 1e-10 * Math.abs(value))) return [`the value of ${key} is ${given} instead of ${value}`]
    }
    const off = Math.max(...found.map((x, i) => Math.abs(x - expected[i]!) / size))
    return off < 1e-9 ? [] : [`the gradient of ${key} is off by ${off}`]
  })
}

function place({ args }: LanguageCase): Float64Array {
  return new Float64Array(args[0].length)
}
