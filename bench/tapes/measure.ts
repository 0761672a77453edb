import { join } from 'node:path'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import type { Compiler } from 'cotangent/compiler'
import type { Timed } from '../cases.ts'
import type { TapeCase } from './cases.ts'

export interface TapeBytes {
  readonly name: string
  readonly tapes: number
  /** What `inspect` says that the tapes take. */
  readonly predicted: number
  /** What a first call leaves in array buffers, where tapes are kept for the next. */
  readonly measured: number
  /** Some tapes grow, and may be up to twice as long as what is in them. */
  readonly grows: boolean
}

/** The tapes of a derivative by `inspect`, with its formulas for the arguments of the case. */
export function predict(compiler: Compiler, bench: string, example: TapeCase): Omit<TapeBytes, 'measured'> {
  const { inspection, diagnostics } = compiler.inspectFunction(join(bench, example.file), example.function, { wrt: example.wrt })
  if (!inspection) throw new Error(diagnostics[0]?.message)
  const values = inspection.parts.flatMap(({ values }) => values)
  const tapes = values.flatMap(({ storage }) => (storage?.kind === 'tape' ? [storage] : []))
  return {
    name: example.name,
    tapes: tapes.length,
    predicted: tapes.reduce((sum, { bytes }) => sum + evaluate(bytes, example), 0),
    grows: tapes.some(({ grows }) => grows),
  }
}

function evaluate(formula: string, { variables, iterations }: TapeCase): number {
  const text = formula.replace(/\(iterations of the loop at line \d+\)/g, String(iterations))
  const value = new Function('ceil', 'floor', ...Object.keys(variables), `return ${text}`) as (...all: unknown[]) => number
  return value(Math.ceil, Math.floor, ...Object.values(variables))
}

/** Bytes of array buffers that the first call of a gradient leaves. */
export function bytesLeft(gradient: Timed, args: readonly unknown[]): number {
  const before = buffers()
  gradient(...(args as never[]))
  return buffers() - before
}

function buffers(): number {
  collect()
  collect()
  return process.memoryUsage().arrayBuffers
}

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void
