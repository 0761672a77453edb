/** One file: its requests are read, their derivatives made and printed, and the text is put together. */

import { read } from './1-read/index.ts'
import type { ReadHost, ReadResult, Request } from './1-read/result.ts'
import { Refusal } from './3-differentiate/refusal.ts'
import { splice } from './5-emit/splice.ts'
import { createDiagnostic, hasErrors, nowhere, type Diagnostic } from './diagnostics/report.ts'
import type { SourceProgram } from './host/program.ts'
import { pass, watch, type Tracer } from './pass.ts'
import type { LineOf } from './pipeline.ts'
import { Printer } from './printer.ts'
import { Derivations } from './requests.ts'

export interface CompiledFile {
  readonly code: string
  readonly map: string | undefined
  readonly dependencies: readonly string[]
  readonly diagnostics: readonly Diagnostic[]
}

interface Replacement {
  readonly start: number
  readonly end: number
  readonly text: string
}

/** A tracer sees every function after every pass. */
export function compileFile(program: SourceProgram, path: string, tracer?: Tracer): CompiledFile {
  const text = program.getSourceFile(path)?.text
  const failed = (code: string, dependencies: readonly string[], diagnostics: readonly Diagnostic[]): CompiledFile => ({
    code,
    map: undefined,
    dependencies,
    diagnostics,
  })
  if (text === undefined) return failed('', [], [unreadable(path)])
  const result = readSafely({ program, file: path })
  if ('code' in result) return failed(text, [], [result])
  const { dependencies } = result
  const diagnostics = [...result.diagnostics]
  for (const [key, fn] of result.program.functions) pass('read', fn, { trace: watch(key, tracer) })
  const printer = new Printer(text, result, tracer)
  const watching = { lineOf: lineReader(program), tracer }
  const derivations = new Derivations(result.program, result.nested, (base) => printer.fresh(base), watching)
  const replacements: Replacement[] = []
  for (const request of outermost(result.requests)) {
    const reference = answer(request, derivations, diagnostics, () =>
      printer.reference(derivations.answer(request), derivations, request.captures.length > 0),
    )
    if (reference !== undefined) replacements.push({ start: request.site.start, end: siteEnd(text, request), text: reference })
  }
  if (hasErrors(diagnostics)) return failed(text, dependencies, diagnostics)
  replacements.push(...strips(result, replacements))
  if (replacements.length === 0) return failed(text, dependencies, diagnostics)
  const { code, map } = splice(path, text, { replacements, head: printer.head(), tail: printer.functions() })
  return { code, map, dependencies, diagnostics }
}

/** A mistake of ours is said like any other. */
export function readSafely(host: ReadHost): ReadResult | Diagnostic {
  try {
    return read(host)
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    return createDiagnostic('CT9001', { file: host.file, start: 0, end: 0 }, { reason })
  }
}

export const unreadable = (path: string): Diagnostic => createDiagnostic('CT5005', nowhere, { path })

/** `grad(grad(f))` is one request: what stands within another's call is replaced with it. */
function outermost(requests: readonly Request[]): readonly Request[] {
  return requests.filter(
    ({ site }) => !requests.some((other) => other.site !== site && other.site.start <= site.start && site.end <= other.site.end),
  )
}

/** What `make` makes of a request, or nothing when it was refused. */
export function answer<Made>(request: Request, derivations: Derivations, diagnostics: Diagnostic[], make: () => Made): Made | undefined {
  try {
    const made = make()
    diagnostics.push(...warnings(request, derivations))
    return made
  } catch (error) {
    const place = error instanceof Refusal && error.origin ? error.origin : request.site
    const [code, details] =
      error instanceof Refusal
        ? [error.code, error.details]
        : ['CT9001', { reason: error instanceof Error ? error.message : String(error) }]
    diagnostics.push(createDiagnostic(code as 'CT9001', place, details as never, request.chainTo(place)))
    return undefined
  }
}

/** A gradient that is zero everywhere is right, and seldom what was meant. */
function warnings(request: Request, derivations: Derivations): readonly Diagnostic[] {
  if (request.operator !== 'grad' && request.operator !== 'valueAndGrad') return []
  const names = derivations.withoutEffect(request)
  if (names.length === 0) return []
  const name = derivations.function(request.function).name
  return [createDiagnostic('CT4001', request.site, { function: name, names: names.join(', ') }, request.chain)]
}

/** Markers that the original functions keep calling, where no request was replaced around them. */
function strips({ stripped }: ReadResult, replaced: readonly Replacement[]): readonly Replacement[] {
  return stripped.filter(({ start, end }) => !replaced.some((edit) => edit.start <= start && end <= edit.end))
}

/** `grad(f).into` is replaced whole. */
function siteEnd(text: string, { site, uses }: Request): number {
  if (uses.direct) return site.end
  return text.indexOf('into', site.end) + 'into'.length
}

/** The primal line above the statements that reverse it. */
export function lineReader(program: SourceProgram): LineOf {
  return ({ origin }) => {
    const text = origin && program.getSourceFile(origin.file)?.text.slice(origin.start, origin.end)
    if (!origin || text === undefined) return undefined
    const line = text.replace(/\s+/g, ' ')
    return `${String(origin.line)}: ${line.length > 100 ? `${line.slice(0, 97)}...` : line}`
  }
}
