/** Measures the library after edits and on programs of growing size, and rewrites their sections of `bench/README.md`. `--quick` only prints, of fewer sizes. */

import { join } from 'node:path'
import { median } from '../harness/measure.ts'
import { writeSections } from '../harness/page.ts'
import { timeEdits } from './edits.ts'
import { editsSection, growthSection } from './growth-report.ts'
import { timeGrowth } from './growth.ts'

// Compiled, this file is bench/gen/js/compile/growth-run.js.
const bench = join(import.meta.dirname, '..', '..', '..')
const quick = process.argv.includes('--quick')

const edits = timeEdits(bench, join(bench, 'gen', 'project'), quick ? 5 : 100)
for (const { name, elapsed, worked } of edits)
  console.log(`${name}: ${median(elapsed).toFixed(1)} ms elapsed, ${median(worked).toFixed(1)} ms worked (medians)`)
const sizes = timeGrowth(quick ? [25] : [125, 250, 500, 1000, 2000], 1)
for (const { functions, oneFile, manyFiles } of sizes)
  console.log(
    `${functions} functions: ${(Math.min(...oneFile) / 1e3).toFixed(2)} s, in files ${(Math.min(...manyFiles) / 1e3).toFixed(2)} s`,
  )
if (!quick) await writeSections(bench, [editsSection(edits), growthSection(sizes)])
