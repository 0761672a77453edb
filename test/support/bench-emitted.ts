import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Case } from '../../bench/cases.ts'
import { createCompiler } from '../../compiler/index.ts'
import { functionOf, load } from './load.ts'

const bench = fileURLToPath(new URL('../../bench/', import.meta.url))

/** Compiles the requests of the benchmarks; what could not be compiled is an error. */
export function benchCompiler(): (example: Case) => (...args: unknown[]) => unknown {
  const compiler = createCompiler({ tsconfig: `${bench}tsconfig.build.json` })
  return ({ request }) => {
    const entry = `${bench}requests/${request}.ts`
    const problem = `${bench}problems/${request}.ts`
    const { code, diagnostics } = compiler.compileFile(entry)
    if (diagnostics.length > 0) throw new Error(diagnostics.map(({ message }) => message).join('\n'))
    return functionOf(load({ [problem]: readFileSync(problem, 'utf8'), [entry]: code }, entry), 'gradient')
  }
}
