/** What the compiler decides about the derivative of one function, whether a file asks for it or not. */

import { functionsOf } from './1-read/top-level.ts'
import type { OperatorName } from './1-read/result.ts'
import { open, orRefusal, unreadable } from './open-file.ts'
import { hasErrors, type Diagnostic } from './diagnostics/report.ts'
import type { SourceProgram } from './host/program.ts'
import type { Inspection } from './inspect/inspection.ts'
import { partsOf } from './inspect/parts.ts'
import { reportStep } from './inspect/steps.ts'
import type { Step, Tracer } from './pass.ts'
import { Printer } from './printer.ts'

export interface InspectOptions {
  /** `grad` if absent. */
  readonly operator?: OperatorName
  /** With respect to which arguments, from 0: a list gives a tuple. The first if absent. */
  readonly wrt?: number | readonly number[]
  readonly hasAux?: boolean
}

export interface Inspected {
  /** Absent where the function is refused. */
  readonly inspection: Inspection | undefined
  readonly diagnostics: readonly Diagnostic[]
}

export function inspectFunction(sources: SourceProgram, path: string, name: string, options: InspectOptions = {}): Inspected {
  const { operator = 'grad', wrt = 0, hasAux = false } = options
  const wrtIsList = typeof wrt !== 'number'
  const asked = { name, operator, wrt: wrtIsList ? wrt : [wrt], wrtIsList, hasAux }
  const steps: Step[] = []
  const tracer: Tracer = (step) => steps.push(step)
  const file = open(sources, path, { tracer, asked })
  if ('error' in file) return { inspection: undefined, diagnostics: [file.error] }
  const { derivations, names, savesGraphs, result, diagnostics } = file
  const printer = new Printer(result, names, { savesGraphs, tracer })
  // What is printed is tidied first, and named.
  for (const request of result.requests) orRefusal(file, request, () => printer.reference(derivations.answer(request), derivations, false))
  const [request] = result.requests
  if (!request || hasErrors(diagnostics)) return { inspection: undefined, diagnostics }
  const { parameters } = derivations.function(request.function)
  const indices = operator === 'jvp' ? parameters.map((_, i) => i) : request.wrt
  const inspection: Inspection = {
    version: 1,
    file: path,
    function: name,
    operator,
    wrt: indices.map((index) => ({ index, name: parameters[index]!.name })),
    hasAux,
    parts: partsOf(steps, {
      withoutGradients: result.withoutGradients,
      textOf: (other) => file.program.getSourceFile(other)?.text,
    }),
    steps: steps.map(reportStep),
  }
  return { inspection, diagnostics }
}

/** The names of the functions of a file that can be inspected; a diagnostic where there is no such file. */
export function functionsIn(sources: SourceProgram, path: string): readonly string[] | Diagnostic {
  const source = sources.program().getSourceFile(path)
  return source ? functionsOf(source).map(({ name }) => name.text) : unreadable(path)
}
