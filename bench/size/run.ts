/** Measures how much of the runtime emitted code takes along, and rewrites the section of `bench/README.md`. `--quick` only prints, of fewer files. */

import { join } from 'node:path'
import { writeSections } from '../harness/page.ts'
import { measureSizes } from './measure.ts'
import { gradientFiles } from './programs.ts'
import { printSizes, sizeSection } from './report.ts'

// Compiled, this file is bench/gen/js/size/run.js.
const bench = join(import.meta.dirname, '..', '..', '..')
const quick = process.argv.includes('--quick')
const files = gradientFiles(bench).filter((_, i) => !quick || i % 9 === 6)
const sizes = await measureSizes(bench, files)
console.log(printSizes(sizes))
if (!quick) await writeSections(bench, [sizeSection(sizes)])
