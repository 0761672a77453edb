/**
 * Times what comes on top of gradients: second derivatives, hooks, grad modes, saved graphs, checkpoints; and rewrites the section of `bench/README.md`.
 * `--quick` only prints; a name measures only the cases whose names contain it.
 */

import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import prettier from 'prettier'
import { createLoader } from '../harness/emit.ts'
import { createBatch, measure, type Timing } from '../harness/measure.ts'
import { replaceSection } from '../harness/sections.ts'
import { createCases, graphBytes, SIMULATION, type AdvancedCase, type Exports } from './cases.ts'
import { advancedSection, backwardLoop, heading, printAdvancedRow, printMemory, printSpeed, type AdvancedRow, type Memory, type Speed } from './report.ts' // prettier-ignore

// Compiled, this file is bench/gen/js/advanced/run.js.
const bench = join(import.meta.dirname, '..', '..', '..')
const [only = ''] = process.argv.slice(2).filter((argument) => !argument.startsWith('--'))
const quick = process.argv.includes('--quick')
const load = createLoader(bench, 'advanced/programs')

const rows: AdvancedRow[] = []
const speeds: Speed[] = []
const loops: string[] = []
let memory: Memory | undefined
for (const example of createCases().filter(({ name }) => name.includes(only))) {
  const timings = await timingsOf(example)
  if (timings === undefined) continue
  for (const comparison of example.comparisons) {
    const row = { ...comparison, ofTiming: timings[comparison.of]!, toTiming: timings[comparison.to]! }
    rows.push(row)
    console.log(printAdvancedRow(row))
  }
  if (example.name === 'simulation') {
    memory = { full: bytesKept('full', 20_011), every: bytesKept('every', 20_011), binomial: bytesKept('binomial', 20_011) }
    console.log(printMemory(memory))
  }
  if (example.name === 'graphs') {
    for (const what of ['save', 'load', 'copy']) speeds.push({ what, bytes: graphBytes, timing: timings[what]! })
    for (const speed of speeds) console.log(printSpeed(speed))
  }
  if (example.name === 'hooks') {
    const text = readFileSync(join(bench, 'gen', 'advanced', 'programs', 'hooks.ts'), 'utf8')
    for (const name of ['slotted_valueAndGradInto', 'scaled_valueAndGradInto', 'slotted_valueAndGradInto_2']) loops.push(backwardLoop(text, name))
  }
}
if (only === '' && !quick && process.exitCode !== 1) {
  const path = join(bench, 'README.md')
  const page = replaceSection(readFileSync(path, 'utf8'), heading, advancedSection({ rows, speeds, memory: memory!, loops }))
  writeFileSync(path, await prettier.format(page, { parser: 'markdown', printWidth: 140 }))
  console.log(`\nWritten to ${relative(process.cwd(), path)}`)
}

/** Only right code is timed. */
async function timingsOf(example: AdvancedCase): Promise<Readonly<Record<string, Timing>> | undefined> {
  const loaded = await load(example.program)
  const exports: Exports = loaded.kind === 'module' ? loaded.exports : {}
  const reasons = loaded.kind === 'refused' ? loaded.reasons : example.differences(exports)
  for (const reason of reasons) console.error(`${example.name}: ${reason}`)
  if (reasons.length > 0) {
    process.exitCode = 1
    return undefined
  }
  const args = example.args(exports)
  const batches = Object.entries(example.calls(exports)).map(([name, call]) => [name, createBatch(call, args, `${example.name}, ${name}`)] as const)
  return measure(Object.fromEntries(batches), quick ? { rounds: 3, milliseconds: 60 } : { rounds: 9, milliseconds: 200 })
}

/** What `memory.ts` says, in a process of its own that compiles nothing to machine code. */
function bytesKept(name: string, interval: number): number {
  const programs = join(bench, 'gen', 'js', 'advanced', 'programs')
  const flags = ['--expose-gc', '--no-opt', '--no-sparkplug']
  const args = [join(import.meta.dirname, 'memory.js'), join(programs, 'simulation.js'), name, String(SIMULATION.args[1]), String(interval)]
  const { status, stdout, stderr } = spawnSync(process.execPath, [...flags, ...args], { encoding: 'utf8' })
  if (status !== 0) throw new Error(stderr)
  return Number(stdout)
}
