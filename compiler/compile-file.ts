/** One file: its requests are read, their derivatives made and printed, and the text is put together. */

import type { ReadResult, Request } from './1-read/result.ts'
import { splice, type Replacement } from './5-emit/splice.ts'
import { hasErrors, type Diagnostic } from './diagnostics/report.ts'
import { handedOver, looksUp, type HandedOver } from './hand-over.ts'
import type { SourceProgram } from './host/program.ts'
import { open, orRefusal, outermost } from './open-file.ts'
import type { Tracer } from './pass.ts'
import { Printer } from './printer.ts'

export interface CompiledFile {
  readonly code: string
  /** From `code` to the texts of the program, `undefined` where nothing was changed. It is made when somebody asks for it. */
  readonly map: string | undefined
  readonly dependencies: readonly string[]
  readonly diagnostics: readonly Diagnostic[]
}

/** A tracer sees every function after every pass. */
export function compileFile(sources: SourceProgram, path: string, tracer?: Tracer): CompiledFile {
  const file = open(sources, path, tracer && { tracer })
  if ('error' in file) return { code: file.text, map: undefined, dependencies: [], diagnostics: [file.error] }
  const { text, result, names, savesGraphs, derivations, diagnostics } = file
  const printer = new Printer(result, names, { savesGraphs, tracer })
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
