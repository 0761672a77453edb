/** A file whose requests are read, and what becomes of those that are refused. */

import { read } from './1-read/index.ts'
import { usesGraphs } from './1-read/uses-graphs.ts'
import type { ReadHost, ReadResult, Request } from './1-read/result.ts'
import { Refusal } from './3-differentiate/refusal.ts'
import { createDiagnostic, nowhere, type Diagnostic, type Place } from './diagnostics/report.ts'
import { FreshNames } from './fresh-names.ts'
import type { SourceProgram } from './host/program.ts'
import { pass, watch, type Tracer } from './pass.ts'
import type { LineOf } from './pipeline.ts'
import { Derivations } from './requests.ts'

/** A file whose requests were read. */
export interface OpenFile {
  readonly program: ReturnType<SourceProgram['program']>
  readonly text: string
  readonly result: ReadResult
  /** Those that the file does not have yet. */
  readonly names: FreshNames
  readonly savesGraphs: boolean
  readonly derivations: Derivations
  /** Those of reading; what is found later is added. */
  readonly diagnostics: Diagnostic[]
}

export interface OpenOptions extends Pick<ReadHost, 'asked' | 'companion'> {
  readonly tracer?: Tracer
}

export interface Unreadable {
  readonly text: string
  readonly error: Diagnostic
}

/** The requests that stand in the file, or what is asked for from outside, or by annotations. */
export function open(sources: SourceProgram, path: string, { tracer, ...host }: OpenOptions = {}): OpenFile | Unreadable {
  const text = sources.program().getSourceFile(path)?.text
  if (text === undefined) return { text: '', error: unreadable(path) }
  const result = readSafely(sources, { file: path, ...host })
  if ('code' in result) return { text, error: result }
  const program = sources.program()
  for (const [key, fn] of result.program.functions) pass('read', fn, { trace: watch(key, tracer) })
  const savesGraphs = canBeSaved(result, program, path)
  const names = new FreshNames(text, result)
  const watching = { lineOf: lineReader(program), tracer, debugNans: sources.debugNans === true }
  const derivations = new Derivations(result.program, result.nested, (base) => names.fresh(base), { ...watching, savesGraphs })
  return { program, text, result, names, savesGraphs, derivations, diagnostics: [...result.diagnostics] }
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
export function outermost(requests: readonly Request[]): readonly Request[] {
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

/** The primal line above the statements that reverse it. */
export function lineReader(program: ReturnType<SourceProgram['program']>): LineOf {
  return ({ origin }) => {
    const text = origin && program.getSourceFile(origin.file)?.text.slice(origin.start, origin.end)
    if (!origin || text === undefined) return undefined
    const line = text.replace(/\s+/g, ' ')
    return `${String(origin.line)}: ${line.length > 100 ? `${line.slice(0, 97)}...` : line}`
  }
}
