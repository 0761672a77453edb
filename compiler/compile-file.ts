/** One file: its requests are read, their derivatives made and printed, and the text is put together. */

import { read } from './1-read/index.ts'
import { usesGraphs } from './1-read/uses-graphs.ts'
import type { Asked, ReadHost, ReadResult, Request } from './1-read/result.ts'
import { Refusal } from './3-differentiate/refusal.ts'
import { splice, type Replacement } from './5-emit/splice.ts'
import { createDiagnostic, hasErrors, nowhere, type Diagnostic, type Place } from './diagnostics/report.ts'
import { handedOver, looksUp, type HandedOver } from './hand-over.ts'
import type { SourceProgram } from './host/program.ts'
import { pass, watch, type Tracer } from './pass.ts'
import type { LineOf } from './pipeline.ts'
import { Printer } from './printer.ts'
import { Derivations } from './requests.ts'

export interface CompiledFile {
  readonly code: string
  /** From `code` to the texts of the program, `undefined` where nothing was changed. It is made when somebody asks for it. */
  readonly map: string | undefined
  readonly dependencies: readonly string[]
  readonly diagnostics: readonly Diagnostic[]
}

/** A file whose requests were read. */
export interface OpenFile {
  readonly program: ReturnType<SourceProgram['program']>
  readonly text: string
  readonly result: ReadResult
  readonly printer: Printer
  readonly derivations: Derivations
  /** Those of reading; what is found later is added. */
  readonly diagnostics: Diagnostic[]
}

export interface Unreadable {
  readonly text: string
  readonly error: Diagnostic
}

/** A tracer sees every function after every pass. */
export function compileFile(sources: SourceProgram, path: string, tracer?: Tracer): CompiledFile {
  const file = open(sources, path, tracer)
  if ('error' in file) return { code: file.text, map: undefined, dependencies: [], diagnostics: [file.error] }
  const { text, result, printer, derivations, diagnostics } = file
  const { dependencies } = result
  const replacements: Replacement[] = []
  const handed: HandedOver[] = []
  for (const request of outermost(result.requests)) {
    const reference = orRefusal(file, request, () =>
      printer.reference(derivations.answer(request), derivations, request.captures.length > 0),
    )
    if (reference === undefined) continue
    if (request.handed === undefined) replacements.push({ start: request.site.start, end: siteEnd(text, request), text: reference })
    else handed.push({ site: request.site, key: request.handed, reference })
  }
  replacements.push(...handedOver(handed, printer), ...looksUp(result, replacements, printer))
  const unchanged = { code: text, map: undefined, dependencies, diagnostics }
  if (hasErrors(diagnostics)) return unchanged
  replacements.push(...strips(result, replacements))
  if (replacements.length === 0) return unchanged
  const { code, mapOf } = splice(text, { replacements, head: printer.head(), tail: printer.functions() })
  let made: string | undefined
  return {
    code,
    get map() {
      return (made ??= mapOf(file.program.getSourceFile(path)!.fileName, (name) => file.program.getSourceFile(name)?.text))
    },
    dependencies,
    diagnostics,
  }
}

/** The diagnostics of `compileFile`, without what is done to derivatives that are there already: nothing is refused when they are tidied and printed. */
export function checkFile(sources: SourceProgram, path: string): readonly Diagnostic[] {
  const file = open(sources, path)
  if ('error' in file) return [file.error]
  for (const request of outermost(file.result.requests)) orRefusal(file, request, () => file.derivations.check(request))
  return file.diagnostics
}

/** The requests that stand in the file, or what is asked for from outside. */
export function open(sources: SourceProgram, path: string, tracer?: Tracer, asked?: Asked): OpenFile | Unreadable {
  const text = sources.program().getSourceFile(path)?.text
  if (text === undefined) return { text: '', error: unreadable(path) }
  const result = readSafely(sources, { file: path, ...(asked && { asked }) })
  if ('code' in result) return { text, error: result }
  const program = sources.program()
  for (const [key, fn] of result.program.functions) pass('read', fn, { trace: watch(key, tracer) })
  const savesGraphs = canBeSaved(result, program, path)
  const printer = new Printer(text, result, { savesGraphs, tracer })
  const watching = { lineOf: lineReader(program), tracer, debugNans: sources.debugNans === true }
  const derivations = new Derivations(result.program, result.nested, (base) => printer.fresh(base), { ...watching, savesGraphs })
  return { program, text, result, printer, derivations, diagnostics: [...result.diagnostics] }
}

/** Whether the pullbacks that a file asks for may come to be saved. */
export const canBeSaved = ({ requests }: ReadResult, program: OpenFile['program'], path: string): boolean =>
  requests.some(({ operator }) => operator === 'vjp') && usesGraphs(program, path)

/** What is read may lead to functions that the program only declares: then it is read again with their source. A mistake of ours is said like any other. */
export function readSafely(sources: SourceProgram, host: Omit<ReadHost, 'program' | 'sourceOf'>): ReadResult | Diagnostic {
  try {
    for (;;) {
      const result = read({ ...host, program: sources.program(), sourceOf: (specifier, from) => sources.sourceOf(specifier, from) })
      if (result.wanted.length === 0) return result
      sources.include(result.wanted)
    }
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    return createDiagnostic('CT9001', { file: host.file, start: 0, end: 0 }, { reason })
  }
}

export const unreadable = (path: string): Diagnostic => createDiagnostic('CT5005', nowhere, { path })

/** `grad(grad(f))` is one request: what stands within another's call is replaced with it. */
function outermost(requests: readonly Request[]): readonly Request[] {
  return requests.filter(
    ({ site }) =>
      !requests.some(
        ({ site: other, handed }) => handed === undefined && other !== site && other.start <= site.start && site.end <= other.end,
      ),
  )
}

/** What is made for a request, or nothing when it was refused. */
export function orRefusal<T>(
  { derivations, diagnostics, result }: Pick<OpenFile, 'derivations' | 'diagnostics' | 'result'>,
  request: Request,
  make: () => T,
): T | undefined {
  try {
    const made = make()
    diagnostics.push(...warnings(request, derivations))
    return made
  } catch (error) {
    const place = error instanceof Refusal && error.origin ? error.origin : request.site
    const known = error instanceof Refusal && ofUnknownCalls.has(error.code) ? unfollowedAt(result, place) : []
    if (known.length > 0) {
      diagnostics.push(...known)
      return undefined
    }
    const [code, details] =
      error instanceof Refusal
        ? [error.code, error.details]
        : ['CT9001', { reason: error instanceof Error ? error.message : String(error) }]
    // What two requests lead to is said once.
    const isSaid = diagnostics.some((one) => one.code === code && one.file === place.file && one.start === place.start)
    if (!isSaid) diagnostics.push(createDiagnostic(code as 'CT9001', place, details as never, request.chainTo(place)))
    return undefined
  }
}

/** What a call of an unknown function is refused for. */
const ofUnknownCalls: ReadonlySet<string> = new Set(['CT2004', 'CT2009', 'CT3001', 'CT3003', 'CT3004'])

/** What kept a call from being followed says more than that its function is unknown. */
function unfollowedAt({ unfollowed }: ReadResult, { file, start, end }: Place): readonly Diagnostic[] {
  const isWithin = (place: Place): boolean => place.file === file && start <= place.start && place.end <= end
  return unfollowed.flatMap(({ place, reasons }) => (isWithin(place) ? reasons : []))
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
  return stripped
    .filter(({ start, end }) => !replaced.some((edit) => edit.start <= start && end <= edit.end))
    .map((edit) => ({ ...edit, text: { text: edit.text, mappings: [] } }))
}

/** `grad(f).into` is replaced whole. */
function siteEnd(text: string, { site, uses }: Request): number {
  if (uses.direct) return site.end
  return text.indexOf('into', site.end) + 'into'.length
}

/** The primal line above the statements that reverse it. */
export function lineReader(program: ReturnType<SourceProgram['program']>): LineOf {
  return ({ origin }) => {
    const text = origin && program.getSourceFile(origin.file)?.text.slice(origin.start, origin.end)
    if (!origin || text === undefined) return undefined
    const line = text.replace(/\s+/g, ' ')
    return `${String(origin.line)}: ${line.length > 100 ? `${line.slice(0, 97)}...` : line}`
  }
}
