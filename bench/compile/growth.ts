import { spawnSync } from 'node:child_process'
import { join } from 'node:path'

/** What it takes to compile a program of so many functions, in a process of its own. */
export interface Size {
  readonly functions: number
  /** Bytes of all emitted files. */
  readonly bytes: number
  /** Milliseconds of each run. */
  readonly oneFile: readonly number[]
  readonly manyFiles: readonly number[]
}

interface Run {
  readonly worked: number
  readonly bytes: number
}

export const functionsPerFile = 25

/** Programs of these sizes, each in one file and in files of 25 functions, one after another as many times as there are rounds. */
export function timeGrowth(sizes: readonly number[], rounds: number): Size[] {
  const found = sizes.map((functions) => ({ functions, bytes: 0, oneFile: [] as number[], manyFiles: [] as number[] }))
  for (let round = 0; round < rounds; round++)
    for (const size of found) {
      const one = run(size.functions, 1)
      size.bytes = one.bytes
      size.oneFile.push(one.worked)
      size.manyFiles.push(run(size.functions, size.functions / functionsPerFile).worked)
    }
  return found
}

function run(functions: number, files: number): Run {
  const script = join(import.meta.dirname, 'many.js')
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, String(functions), String(files)], { encoding: 'utf8' })
  if (status !== 0) throw new Error(stderr)
  return JSON.parse(stdout) as Run
}
