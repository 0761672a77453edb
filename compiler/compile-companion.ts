/** A file of derivatives for functions that say where they are defined that they want them. */

import { basename } from 'node:path'
import type { CompanionHost, ReadResult, Request } from './1-read/result.ts'
import { canBeSaved, lineReader, orRefusal, readSafely, unreadable } from './open-file.ts'
import { paragraphs } from './5-emit/lines.ts'
import { hasErrors, type Diagnostic } from './diagnostics/report.ts'
import { FreshNames } from './fresh-names.ts'
import type { SourceProgram } from './host/program.ts'
import { pass, watch, type Tracer } from './pass.ts'
import type { LineOf } from './pipeline.ts'
import { Printer } from './printer.ts'
import { Derivations } from './requests.ts'

export interface CompiledCompanion {
  /** Nothing with errors, and nothing when there is nothing to derive. */
  readonly code: string
  /** The exported functions. */
  readonly names: readonly string[]
  readonly dependencies: readonly string[]
  readonly diagnostics: readonly Diagnostic[]
}

/** How the first line of every companion begins, by which one is told from a file that somebody wrote. */
export const COMPANION_MARK = '// Written by `cotangent emit` from '

/** A tracer sees every function after every pass. */
export function compileCompanion(sources: SourceProgram, path: string, companion: CompanionHost, tracer?: Tracer): CompiledCompanion {
  const failed = (dependencies: readonly string[], diagnostics: readonly Diagnostic[]): CompiledCompanion => ({
    code: '',
    names: [],
    dependencies,
    diagnostics,
  })
  if (!sources.program().getSourceFile(path)) return failed([], [unreadable(path)])
  const result = readSafely(sources, { file: path, companion })
  if ('code' in result) return failed([], [result])
  const savesGraphs = canBeSaved(result, sources.program(), path)
  const from = basename(path)
  const { code, names, diagnostics } = printCompanion(result, {
    from,
    savesGraphs,
    lineOf: lineReader(sources.program()),
    tracer,
    debugNans: sources.debugNans === true,
  })
  return { code, names, dependencies: result.dependencies, diagnostics }
}

export interface CompanionSources {
  /** The name of the file that says what is wanted. */
  readonly from: string
  readonly savesGraphs: boolean
  readonly lineOf: LineOf
  readonly tracer: Tracer | undefined
  readonly debugNans?: boolean
}

export interface Printed extends Omit<CompiledCompanion, 'dependencies'> {
  readonly derivations: Derivations
  readonly imports: ReadResult['imports']
}

/** The file for what was read: of a source, or of a graph. */
export function printCompanion(result: ReadResult, { from, savesGraphs, lineOf, tracer, debugNans = false }: CompanionSources): Printed {
  const diagnostics = [...result.diagnostics]
  for (const [key, fn] of result.program.functions) pass('read', fn, { trace: watch(key, tracer) })
  const unused = new FreshNames(undefined, result)
  const printer = new Printer(result, unused, { savesGraphs, isCompanion: true, tracer })
  const derivations = new Derivations(result.program, result.nested, (base) => unused.fresh(base), {
    lineOf,
    tracer,
    debugNans,
    savesGraphs,
  })
  const names = result.requests.flatMap((request) => {
    const keys = orRefusal({ derivations, diagnostics, result }, request, () => Object.values(derivations.answer(request)))
    // What was refused is not printed, and neither is what it is made of.
    return keys && !hasErrors(diagnostics) ? printer.export(keys, derivations, commentOf(request, result)) : []
  })
  if (hasErrors(diagnostics) || names.length === 0) return { code: '', names: [], diagnostics, derivations, imports: [] }
  const head = [`${COMPANION_MARK}${from}. Change that file, and run the command again.`, '', ...printer.head()]
  const code = `${head.join('\n').trimEnd()}\n\n${paragraphs(printer.functions()).text}\n`
  return { code, names, diagnostics, derivations, imports: printer.imports() }
}

const meanings: Readonly<Record<Request['operator'], string>> = {
  grad: 'The gradient',
  valueAndGrad: 'The value and the gradient',
  vjp: 'The value and the pullback',
  jvp: 'The value and the tangent',
  hvp: 'The Hessian, times a vector,',
  hessian: 'The Hessian',
  jacobian: 'The Jacobian',
}

function commentOf({ operator, function: key, wrt }: Request, { program }: ReadResult): string {
  const fn = program.functions.get(key)!
  const names = wrt.map((i) => `\`${fn.parameters[i]!.name}\``)
  const by = operator === 'jvp' ? '' : ` with respect to ${names.join(', ')}`
  return `${meanings[operator]} of \`${fn.name}\`${by}.`
}
