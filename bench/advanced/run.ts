/**
 * Times what comes on top of gradients: second derivatives, hooks, grad modes, saved graphs, checkpoints; and rewrites the section of `bench/README.md`.
 * `--quick` only prints; a name measures only the cases whose names contain it.
 */

import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import prettier from 'prettier'
import { createLoader } from '../harness/emit.ts'
import type { Timing } from '../harness/measure.ts'
import { replaceSection } from '../harness/sections.ts'
import { createCases, graphBytes, SIMULATION, type AdvancedCase } from './cases.ts'
import {
  advancedSection,
  backwardLoop,
  heading,
  printAdvancedRow,
  printMemory,
  printSpeed,
  type AdvancedRow,
  type Memory,
  type Speed,
} from './report.ts'
import type { Timed } from './time.ts'

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
    memory = { full: bytesKept('full'), every: bytesKept('every'), binomial: bytesKept('binomial') }
    console.log(printMemory(memory))
  }
  if (example.name === 'graphs') {
    for (const what of ['save', 'load', 'copy']) speeds.push({ what, bytes: graphBytes, timing: timings[what]! })
    for (const speed of speeds) console.log(printSpeed(speed))
  }
  if (example.name === 'hooks') {
    const text = readFileSync(join(bench, 'gen', 'advanced', 'programs', 'hooks.ts'), 'utf8')
    for (const name of ['slotted_valueAndGradInto', 'scaled_valueAndGradInto', 'slotted_valueAndGradInto_2'])
      loops.push(backwardLoop(text, name))
  }
}
if (only === '' && !quick && process.exitCode !== 1) {
  const path = join(bench, 'README.md')
  const page = replaceSection(readFileSync(path, 'utf8'), heading, advancedSection({ rows, speeds, memory: memory!, loops }))
  writeFileSync(path, await prettier.format(page, { parser: 'markdown', printWidth: 140 }))
  console.log(`\nWritten to ${relative(process.cwd(), path)}`)
}

async function timingsOf(example: AdvancedCase): Promise<Readonly<Record<string, Timing>> | undefined> {
  const loaded = await load(example.program)
  const { reasons, timings } = loaded.kind === 'refused' ? { reasons: loaded.reasons, timings: {} } : timed(example)
  for (const reason of reasons) console.error(`${example.name}: ${reason}`)
  if (reasons.length === 0) return timings
  process.exitCode = 1
  return undefined
}

function timed({ name, program }: AdvancedCase): Timed {
  return JSON.parse(run([], 'time.js', scriptOf(program), name, ...(quick ? ['3', '60'] : ['7', '150']))) as Timed
}

/** What `memory.ts` says, in a process that compiles nothing to machine code. */
function bytesKept(name: string): number {
  const flags = ['--no-opt', '--no-sparkplug', '--no-flush-bytecode', '--single-threaded']
  const bytes = Number(run(flags, 'memory.js', scriptOf('simulation'), name, String(SIMULATION.args[1]), '20011'))
  if (!(bytes > 0)) throw new Error(`The gradient ${name} is said to keep ${String(bytes)} bytes.`)
  return bytes
}

function run(flags: readonly string[], script: string, ...args: readonly string[]): string {
  const all = ['--expose-gc', ...flags, join(import.meta.dirname, script), ...args]
  const { status, stdout, stderr } = spawnSync(process.execPath, all, { encoding: 'utf8' })
  if (status !== 0) throw new Error(stderr)
  return stdout
}

function scriptOf(program: string): string {
  return join(bench, 'gen', 'js', 'advanced', 'programs', `${program}.js`)
}
