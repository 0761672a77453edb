import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { ratio, type Ratio, type Timing } from '../harness/measure.ts'
import { generateProject } from './generate.ts'

/** Nanoseconds for a whole process; each run is a round of its own. */
export interface Comparison {
  readonly cotangent: Timing
  readonly tsc: Timing
  readonly ratio: Ratio
}

export interface CheckTimes {
  readonly files: number
  readonly lines: number
  /** By the clock on the wall, which what else the machine does slows down. */
  readonly elapsed: Comparison
  /** What processors worked, of user and system together and on all threads. */
  readonly worked: Comparison
}

interface Run {
  readonly elapsed: number
  readonly worked: number
}

/** Times `cotangent check` and `tsc --noEmit` on a generated project, alternately, after one run of each to warm the disk. */
export function timeChecks(root: string, folder: string, rounds: number): CheckTimes {
  const { files, lines } = generateProject(folder)
  const project = join(folder, 'tsconfig.json')
  const check = (): Run => time(root, [join(root, 'dist', 'cli', 'main.js'), 'check', '-p', project])
  const compile = (): Run => time(root, [join(root, 'node_modules', 'typescript', 'lib', 'tsc.js'), '--noEmit', '-p', project])
  check()
  compile()
  const checks: Run[] = []
  const compilations: Run[] = []
  for (let round = 0; round < rounds; round++) {
    checks.push(check())
    compilations.push(compile())
  }
  const compare = (measure: keyof Run): Comparison => {
    const [cotangent, tsc] = [timingOf(checks, measure), timingOf(compilations, measure)]
    return { cotangent, tsc, ratio: ratio(cotangent, tsc) }
  }
  return { files, lines, elapsed: compare('elapsed'), worked: compare('worked') }
}

function timingOf(runs: readonly Run[], measure: keyof Run): Timing {
  const medians = runs.map((run) => run[measure])
  return { min: Math.min(...medians), medians }
}

function time(root: string, command: readonly string[]): Run {
  const preload = join(root, 'bench', 'compile', 'cpu-time.cjs')
  const start = performance.now()
  const { status, output } = spawnSync(process.execPath, ['--require', preload, ...command], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
  })
  const elapsed = (performance.now() - start) * 1e6
  if (status !== 0) throw new Error(`${command.join(' ')} ended with ${status}.\n${output.slice(1, 3).join('')}`)
  return { elapsed, worked: Number(output[3]) * 1e3 }
}
