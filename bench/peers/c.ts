import { spawnSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Timing } from '../harness/measure.ts'
import type { Problem } from './peer.ts'

/** What the C program computed, and how long that took in it. */
export interface FromC {
  readonly value: number
  /** One argument after another. */
  readonly gradient: readonly number[]
  readonly timing: Timing
}

/** Compiles `peers/c/peers.c` with `gcc -O3` into a folder, and gives the program; without a C compiler there is none. */
export function compileC(bench: string, folder: string): string | undefined {
  mkdirSync(folder, { recursive: true })
  const program = join(folder, process.platform === 'win32' ? 'peers.exe' : 'peers')
  const { status, error, stderr } = spawnSync('gcc', ['-O3', '-o', program, join(bench, 'peers', 'c', 'peers.c'), '-lm'], {
    encoding: 'utf8',
  })
  if (error) return undefined
  if (status !== 0) throw new Error(stderr)
  return program
}

/** The version of the C compiler, in a word. */
export function versionOfC(): string {
  return `gcc ${spawnSync('gcc', ['-dumpfullversion'], { encoding: 'utf8' }).stdout.trim()}`
}

/** Runs a problem of the C program with arguments that are arrays of doubles or numbers. */
export function runC(program: string, problem: Problem, args: readonly unknown[], rounds: number, milliseconds: number): FromC {
  const arrays = args.map((arg) => (typeof arg === 'number' ? Float64Array.of(arg) : (arg as Float64Array)))
  const { status, stdout } = spawnSync(
    program,
    [problem, String(rounds), String(milliseconds), ...arrays.map(({ length }) => String(length))],
    {
      input: Buffer.concat(arrays.map(({ buffer, byteOffset, byteLength }) => new Uint8Array(buffer, byteOffset, byteLength))),
      encoding: 'utf8',
      maxBuffer: 1 << 26,
    },
  )
  if (status !== 0) throw new Error(`The C program ended with ${String(status)}.`)
  const [value, gradient, ...times] = stdout.trim().split('\n')
  const numbers = (line: string): number[] => line.trim().split(' ').map(Number)
  const found = times.map(numbers)
  return {
    value: Number(value),
    gradient: numbers(gradient!),
    timing: { min: Math.min(...found.map(([min]) => min!)), medians: found.map(([, median]) => median!) },
  }
}
