/** The graph of a function and of its derivative, whether a file asks for it or not. */

import { isAbsolute, relative } from 'node:path'
import type { Asked, ReadResult } from './1-read/result.ts'
import { companionOf } from './companion-of.ts'
import { printCompanion } from './compile-companion.ts'
import { canBeSaved, lineReader, readSafely, unreadable } from './open-file.ts'
import { emittedFrom } from './compile-graph.ts'
import { hasErrors, type Diagnostic } from './diagnostics/report.ts'
import { functionGraph } from './graph/function-graph.ts'
import { GRAPH_FORMAT, GRAPH_VERSION, type ProgramGraph } from './graph/program-graph.ts'
import { programText, type ProgramText } from './graph/program-text.ts'
import type { Host } from './host/program.ts'
import { partsOf } from './inspect/parts.ts'
import type { InspectOptions } from './inspect-function.ts'
import type { Step } from './pass.ts'
import type { LineOf } from './pipeline.ts'
import type { Derivations } from './requests.ts'

export interface Graphed {
  /** Absent where the function is refused. */
  readonly graph: ProgramGraph | undefined
  readonly diagnostics: readonly Diagnostic[]
}

export function graphFunction(sources: Host, path: string, name: string, options: InspectOptions = {}): Graphed {
  const { operator = 'grad', wrt = 0, hasAux = false } = options
  const wrtIsList = typeof wrt !== 'number'
  const asked = { name, operator, wrt: wrtIsList ? wrt : [wrt], wrtIsList, hasAux }
  const source = sources.program().getSourceFile(path)
  if (!source) return { graph: undefined, diagnostics: [unreadable(path)] }
  const apart = made(sources, path, asked, true)
  // What can not stand in a file of its own can be looked at all the same.
  const shown = apart.made ? apart : made(sources, path, asked, false)
  const { diagnostics } = shown
  if (!shown.made) return { graph: undefined, diagnostics }
  const { result, steps, derivations } = shown.made
  const program = sources.program()
  const root = rootOf(sources)
  const pathOf = (file: string): string => (isAbsolute(file) ? relative(root, file) : file).replaceAll('\\', '/')
  const inGraph = {
    steps,
    withoutGradients: result.withoutGradients,
    textOf: (file: string) => program.getSourceFile(file)?.text,
    summaryOf: derivations.summaryOf,
    nameOf: (key: string) => derivations.function(key).name,
    placeOf: ({ file, line, start, end }: { file: string; line: number; start: number; end: number }) => ({
      file: pathOf(file),
      line,
      start,
      end,
    }),
  }
  const parts = partsOf(steps, inGraph)
  const [request] = result.requests
  const { parameters } = derivations.function(request!.function)
  const indices = operator === 'jvp' ? parameters.map((_, i) => i) : request!.wrt
  const refused = apart.made ? [] : apart.diagnostics.filter(({ severity }) => severity === 'error').map(({ message }) => message)
  const lineOf = lineReader(program)
  const savesGraphs = canBeSaved(result, program, path)
  const text = refused.length > 0 ? refused : textFor(result, { lineOf, pathOf, savesGraphs })
  const graph: ProgramGraph = {
    format: GRAPH_FORMAT,
    version: GRAPH_VERSION,
    file: pathOf(path),
    function: name,
    operator,
    wrt: indices.map((index) => ({ index, name: parameters[index]!.name })),
    hasAux,
    functions: parts.flatMap((part, i) => functionGraph(part, `f${String(i)}`, inGraph) ?? []),
    program: 'request' in text ? text : null,
    whyNot: 'request' in text ? [] : text,
  }
  return { graph, diagnostics }
}

/** Files and functions are named relative to the project, wherever the command runs. */
const rootOf = (sources: Host): string => sources.project?.folder ?? sources.program().getCurrentDirectory()

interface Making {
  readonly made?: { readonly result: ReadResult; readonly steps: readonly Step[]; readonly derivations: Derivations }
  readonly diagnostics: readonly Diagnostic[]
}

/** `isApart`: for a file of its own, which sees nothing but what it imports. */
function made(sources: Host, path: string, asked: Asked, isApart: boolean): Making {
  const companion = { path: companionOf(path), names: [], only: true }
  const result = readSafely(sources, { file: path, root: rootOf(sources), asked, ...(isApart && { companion }) })
  if ('code' in result) return { diagnostics: [result] }
  const steps: Step[] = []
  const options = { from: '', savesGraphs: false, lineOf: lineReader(sources.program()), tracer: (step: Step) => void steps.push(step) }
  const { derivations, diagnostics } = printCompanion(result, options)
  return hasErrors(diagnostics) || result.requests.length === 0 ? { diagnostics } : { made: { result, steps, derivations }, diagnostics }
}

/** The program as text, if the same derivative comes of it; else what stands in the way. */
function textFor(
  read: ReadResult,
  options: { readonly lineOf: LineOf; readonly pathOf: (file: string) => string; readonly savesGraphs: boolean },
): ProgramText | readonly string[] {
  const requests = read.requests.map((request) => {
    const into = request.operator === 'grad' || request.operator === 'valueAndGrad'
    return { ...request, uses: { direct: true, into } }
  })
  const result = { ...read, requests }
  const text = programText(result, options)
  const { code } = printCompanion(result, { ...options, from: '', tracer: undefined })
  const modules = Object.fromEntries(text.imports.map(({ module }) => [module, module]))
  const again = emittedFrom(text, { file: '', from: '', modules })
  return again.code === code ? text : [again.problem ?? 'the text of its program does not say all that it depends on']
}
