/** A graph that was written as JSON gives the derivative that it describes: in a place where its source is not. */

import { printCompanion } from './compile-companion.ts'
import { createDiagnostic, hasErrors, nowhere, type Diagnostic } from './diagnostics/report.ts'
import { checkShape } from './graph/check-shape.ts'
import { isRelative, readProgram } from './graph/read-program.ts'
import type { ImportText, ProgramText } from './graph/program-text.ts'

export interface CompileGraphOptions {
  /** What the graph is called in messages, and in the first line of what is emitted. */
  readonly path?: string
  /** Where modules beside the source are now, as the emitted file imports them: `{ './loss.ts': '../model/loss.ts' }`. */
  readonly modules?: Readonly<Record<string, string>>
}

export interface CompiledGraph {
  /** Nothing with errors. */
  readonly code: string
  /** The exported functions. */
  readonly names: readonly string[]
  readonly diagnostics: readonly Diagnostic[]
}

/** `text` is program text, as a source file is: what it says is emitted. */
export function compileGraph(text: string, { path = 'graph.json', modules = {} }: CompileGraphOptions = {}): CompiledGraph {
  const from = path.split(/[/\\]/).at(-1)!.replaceAll(/\s+/g, ' ')
  const refused = (reason: string): CompiledGraph => failed([createDiagnostic('CT5014', nowhere, { path, reason })])
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch (error) {
    return refused(`it is not JSON: ${reasonOf(error)}`)
  }
  const graph = checkShape(json)
  if (typeof graph === 'string') return refused(graph)
  if (!graph.program) return failed([createDiagnostic('CT5016', nowhere, { path, reason: graph.whyNot.join('; ') || 'it says not why' })])
  const { code, names, diagnostics, imports, problem } = emittedFrom(graph.program, { file: path, from, modules })
  if (problem !== undefined) return refused(problem)
  if (hasErrors(diagnostics)) return failed(diagnostics)
  const missing = imports.filter(({ module }) => isRelative(module) && !Object.hasOwn(modules, module))
  const elsewhere = [...new Set(missing.map(({ module }) => module))].map((module) => {
    const needed = missing.filter((one) => one.module === module)
    return createDiagnostic('CT5015', nowhere, { path, module, names: needed.map(({ exported }) => `\`${exported}\``).join(', ') })
  })
  return elsewhere.length > 0 ? failed(elsewhere) : { code, names, diagnostics }
}

const failed = (diagnostics: readonly Diagnostic[]): CompiledGraph => ({ code: '', names: [], diagnostics })

interface Emitted extends CompiledGraph {
  /** Of the text's imports, those that the code mentions. */
  readonly imports: readonly ImportText[]
  /** What is wrong with the text. */
  readonly problem?: string
}

/** `file` is where diagnostics lead. */
export function emittedFrom(
  text: ProgramText,
  { file, from, modules }: { readonly file: string; readonly from: string; readonly modules: Readonly<Record<string, string>> },
): Emitted {
  try {
    const { result, lineOf } = readProgram(text, file, modules)
    const printed = printCompanion(result, { from, savesGraphs: text.savesGraphs, lineOf, tracer: undefined })
    const used = new Set(printed.imports.map(({ local }) => local))
    return { ...printed, imports: text.imports.filter(({ local }) => used.has(local)) }
  } catch (error) {
    return { ...failed([]), imports: [], problem: reasonOf(error) }
  }
}

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error)).replaceAll(/\s+/g, ' ')
