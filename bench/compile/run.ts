/** Measures the time of `cotangent check` only, and rewrites its section of `bench/README.md`. */

import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import prettier from 'prettier'
import { machine } from '../harness/machine.ts'
import { replaceSection } from '../harness/sections.ts'
import { checkSection, heading } from './report.ts'
import { timeChecks } from './time.ts'

// Compiled, this file is bench/gen/js/compile/run.js.
const bench = join(import.meta.dirname, '..', '..', '..')
const section = checkSection(timeChecks(join(bench, '..'), join(bench, 'gen', 'project'), 9), machine('typescript'))
console.log(section)
const path = join(bench, 'README.md')
writeFileSync(
  path,
  await prettier.format(replaceSection(readFileSync(path, 'utf8'), heading, section), { parser: 'markdown', printWidth: 140 }),
)
