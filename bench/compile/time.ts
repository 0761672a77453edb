import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { ratio, type Ratio, type Timing } from '../harness/measure.ts'
import { generateProject } from './generate.ts'

export interface CheckTimes {
  readonly files: number
  readonly lines: number
  /** Nanoseconds for a whole process; each run is a round of its own. */
  readonly cotangent: Timing
  readonly tsc: Timing
  readonly ratio: Ratio
}

/** Times `cotangent check` and `tsc --noEmit` on a generated project, alternately, after one run of each to warm the disk. */
export function timeChecks(root: string, folder: string, rounds: number): CheckTimes {
  const { files, lines } = generateProject(folder)
  const project = join(folder, 'tsconfig.json')
  const check = (): number => time([join(root, 'dist', 'cli', 'main.js'), 'check', '-p', project])
  const compile = (): number => time([join(root, 'node_modules', 'typescript', 'lib', 'tsc.js'), '--noEmit', '-p', project])
  check()
  compile()
  const checks: number[] = []
  const compilations: number[] = []
  for (let round = 0; round < rounds; round++) {
    checks.push(check())
    compilations.push(compile())
  }
  const cotangent = { min: Math.min(...checks), medians: checks }
  const tsc = { min: Math.min(...compilations), medians: compilations }
  return { files, lines, cotangent, tsc, ratio: ratio(cotangent, tsc) }
}

function time(command: readonly string[]): number {
  const start = performance.now()
  const { status, stdout, stderr } = spawnSync(process.execPath, command, { encoding: 'utf8' })
  const taken = (performance.now() - start) * 1e6
  if (status !== 0) throw new Error(`${command.join(' ')} ended with ${status}.\n${stdout}${stderr}`)
  return taken
}
