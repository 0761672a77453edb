import { expect } from 'vitest'
import { createCompiler, type Step } from '../../compiler/index.ts'
import type { Diagnostic } from '../../compiler/diagnostics/report.ts'
import { load, type Module } from './load.ts'

export interface Compiled {
  readonly code: string
  readonly map: string | undefined
  readonly diagnostics: readonly Diagnostic[]
  readonly dependencies: readonly string[]
}

type Files = Readonly<Record<string, string>>

/** Compiles some of a set of virtual files with one compiler, so that TypeScript reads its library once for all of them. */
export function compileFiles(files: Files, entries: readonly string[], trace?: (step: Step, entry: string) => void): Map<string, Compiled> {
  const compiler = createCompiler({ files: { ...files } })
  return new Map(entries.map((entry) => [entry, compiler.compileFile(entry, trace && ((step) => trace(step, entry)))]))
}

export function compile(text: string, others: Files = {}): Compiled {
  const files = { ...others, '/main.ts': text }
  const compiled = compileFiles(files, ['/main.ts']).get('/main.ts')!
  // What the compiler refuses, `check` refuses too, with less work.
  if (compiled.diagnostics.some(({ severity }) => severity === 'error')) {
    const checked = createCompiler({ files }).check()
    expect(checked).toEqual(expect.arrayContaining([...compiled.diagnostics]))
  }
  return compiled
}

/** Compiles a text and runs it; any diagnostic of severity error is thrown. */
export function run(text: string, others: Files = {}): Module {
  const { code, diagnostics } = compile(text, others)
  const errors = diagnostics.filter(({ severity }) => severity === 'error')
  if (errors.length > 0) throw new Error(errors.map(({ code, message, hint }) => `${code}: ${message}\n  ${hint}`).join('\n'))
  return load({ ...others, '/main.ts': code }, '/main.ts')
}
