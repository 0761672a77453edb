import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { globSync } from 'tinyglobby'
import type { Case, Timed } from '../../bench/cases.ts'
import { requestOf } from '../../bench/harness/emit.ts'
import { createCompiler } from '../../compiler/index.ts'
import { load } from './load.ts'

const bench = fileURLToPath(new URL('../../bench/', import.meta.url))

/** Compiles the requests of the benchmarks; what could not be compiled is an error. */
export function benchCompiler(): (example: Case) => (...args: unknown[]) => unknown {
  const compiler = createCompiler({ tsconfig: `${bench}tsconfig.programs.json` })
  const programs = globSync(['problems/*.ts', 'gradbench/*.ts'], { cwd: bench }).map((path) => `${bench}${path}`)
  const sources = Object.fromEntries(programs.map((path) => [path, readFileSync(path, 'utf8')]))
  return ({ request }) => {
    const { file, take } = requestOf(request)
    const entry = `${bench}${file}.ts`
    const { code, diagnostics } = compiler.compileFile(entry)
    if (diagnostics.length > 0) throw new Error(diagnostics.map(({ message }) => message).join('\n'))
    return take(load({ ...sources, [entry]: code }, entry) as Readonly<Record<string, Timed>>) as (...args: unknown[]) => unknown
  }
}
