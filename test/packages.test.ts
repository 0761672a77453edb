import { posix } from 'node:path'
import { fileURLToPath } from 'node:url'
import * as ease from 'd3-ease'
import { describe, expect, test } from 'vitest'
import { createCompiler, type Compiler } from '../compiler/index.ts'
import { compare, describe as explain } from './oracle/compare.ts'
import { gradient } from './oracle/differences.ts'
import { flatten } from './oracle/leaves.ts'
import { functionOf, load } from './support/load.ts'

/** Functions of packages, as they are published: their derivatives against differences of the functions themselves. */

const packages: Readonly<Record<string, unknown>> = { 'd3-ease': ease }

/** A file that stands where the packages are found. */
const path = fileURLToPath(new URL('packages-main.ts', import.meta.url)).replaceAll('\\', '/')
let compiler: Compiler | undefined

interface Program {
  readonly imports: string
  readonly f: string
  readonly args: readonly (readonly unknown[])[]
}

function compile(text: string): ReturnType<Compiler['compileFile']> {
  compiler ??= createCompiler({ files: { [path]: '' } })
  compiler.updateFile(path, text)
  return compiler.compileFile(path)
}

function check({ imports, f, args }: Program): void {
  const { code, diagnostics, dependencies } = compile(`import { grad } from 'cotangent'
    ${imports}
    export ${f}
    export const df = grad(f)`)
  expect(diagnostics.map(({ code, message }) => `${code} ${message}`)).toEqual([])
  expect(dependencies.some((file) => file.includes('/node_modules/'))).toBe(true)
  const module = load({ [path]: code }, path, packages)
  const original = functionOf(module, 'f') as (...args: never[]) => number
  for (const given of args) {
    const verdict = compare(flatten(functionOf(module, 'df')(...given)), gradient(original, given).slice(0, flatten(given[0]).length))
    expect(explain(verdict), JSON.stringify(given)).toBe('equal')
  }
}

const codesOf = (text: string): readonly string[] => compile(text).diagnostics.map(({ code }) => code)

describe('d3-ease', () => {
  const names = Object.keys(ease).filter((name) => name.startsWith('ease'))
  test.each(names)('%s', (name) => {
    const args = [[0.13], [0.31], [0.72], [0.93]]
    check({ imports: `import { ${name} } from 'd3-ease'`, f: `const f = (t: number): number => 3 * ${name}(t * t)`, args })
  })

  test('a function that a call of it makes is refused, and so is what nobody can follow', () => {
    const text = `import { grad } from 'cotangent'
      import { easePolyIn } from 'd3-ease'
      const f = (t: number): number => easePolyIn.exponent(4)(t)
      export const df = grad(f)`
    expect(codesOf(text).every((code) => code === 'CT3002')).toBe(true)
  })

  test('what it emits does not change the package', () => {
    const text = `import { grad } from 'cotangent'
      import { easeCubic } from 'd3-ease'
      export const df = grad((t: number): number => easeCubic(t))`
    const { code, dependencies } = compile(text)
    expect(code).toContain("import { easeCubic } from 'd3-ease'")
    expect(dependencies.map((file) => posix.basename(file))).toEqual(['d3-ease.mjs'])
    expect(compiler!.files()).toEqual([path])
  })
})
