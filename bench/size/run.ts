/** Measures how much of the runtime emitted code takes along, and rewrites the section of `bench/README.md`. `--quick` only prints. */

import { join } from 'node:path'
import { writeSections } from '../harness/page.ts'
import { measureSizes } from './measure.ts'
import { printSizes, sizeSection } from './report.ts'

// Compiled, this file is bench/gen/js/size/run.js.
const bench = join(import.meta.dirname, '..', '..', '..')
const sizes = await measureSizes(bench)
console.log(printSizes(sizes))
if (!process.argv.includes('--quick')) await writeSections(bench, [sizeSection(sizes)])
