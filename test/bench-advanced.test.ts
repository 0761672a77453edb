import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { createCases, type Exports } from '../bench/advanced/cases.ts'
import { createCompiler } from '../compiler/index.ts'
import { load } from './support/load.ts'

/** The programs that the benchmark of second derivatives, hooks, modes, graphs and checkpoints times compute what they are said to compute. */

const bench = fileURLToPath(new URL('../bench/', import.meta.url))
const compiler = createCompiler({ tsconfig: `${bench}tsconfig.programs.json` })
const problems = Object.fromEntries(
  ['mixture', 'rosenbrock'].map((name) => [`${bench}problems/${name}.ts`, readFileSync(`${bench}problems/${name}.ts`, 'utf8')]),
)

/** Loads a compiled program, each time anew. */
function loaderOf(program: string): () => Exports {
  const entry = `${bench}advanced/programs/${program}.ts`
  const { code, diagnostics } = compiler.compileFile(entry)
  expect(diagnostics.map(({ message }) => message)).toEqual([])
  return () => load({ ...problems, [entry]: code }, entry) as Exports
}

describe('the programs of the advanced benchmark', () => {
  test.each(createCases())('$name', ({ program, differences, args, calls, comparisons }) => {
    const exports = loaderOf(program)()
    expect(differences(exports)).toEqual([])
    if (program === 'graphs' || program === 'simulation') return
    const timed = calls(exports)
    for (const name of new Set(comparisons.flatMap(({ of, to }) => [of, to])))
      expect((timed[name] as (...all: readonly unknown[]) => number)(...args(exports)), name).toBeTypeOf('number')
  })

  test('second derivatives do not see what longer tapes were used for before', () => {
    const create = loaderOf('mixture')
    const [fresh, used] = [create(), create()]
    const [x, v, , points] = createCases()
      .find(({ name }) => name === 'mixture')!
      .args(used) as readonly Float64Array[]
    const fewer = points!.slice(0, 60)
    const at = (exports: Exports, some: Float64Array): unknown[] => [
      exports.productOf!(...([x, v, some] as never[])),
      exports.matrixOf!(...([x, some] as never[])),
    ]
    at(used, points!)
    expect(at(used, fewer)).toEqual(at(fresh, fewer))
    expect(at(used, points!)).toEqual(at(fresh, points!))
  })
})
