/** What can not be differentiated, without what is done to derivatives that are there already: nothing is refused when they are tidied and printed. */

import { mentionsAnnotation } from './1-read/annotations.ts'
import { companionOf } from './companion-of.ts'
import type { Diagnostic } from './diagnostics/report.ts'
import { createHost, type Host, type HostOptions, type SourceProgram } from './host/program.ts'
import type { Project } from './host/project.ts'
import { open, orRefusal, outermost, type OpenOptions } from './open-file.ts'

export interface Checker {
  /** What the tsconfig.json says. One with errors leaves nothing to compile. */
  readonly project: Project | undefined
  /** The diagnostics of the project, of every file of the program, and of what is annotated in it. */
  check(): readonly Diagnostic[]
}

/** For those who only want to know: the parts of the compiler that print are not loaded. */
export function createChecker(options: HostOptions): Checker {
  const host = createHost(options)
  return { project: host.project, check: () => check(host) }
}

/** The diagnostics of the project, of every file of the program, and of what is annotated in it. */
export function check(host: Host): readonly Diagnostic[] {
  return distinct([
    ...(host.project?.diagnostics ?? []),
    ...host.files().flatMap((file) => [...checkFile(host, file), ...(isAnnotated(host, file) ? checkAnnotated(host, file) : [])]),
  ])
}

/** Whether there may be annotations in a file. */
export function isAnnotated(sources: SourceProgram, path: string): boolean {
  const source = sources.program().getSourceFile(path)
  return source !== undefined && mentionsAnnotation(source)
}

/** The diagnostics of `compileFile`. */
function checkFile(sources: SourceProgram, path: string): readonly Diagnostic[] {
  return checked(sources, path, {}, outermost)
}

/** The diagnostics of `compileCompanion`. */
function checkAnnotated(sources: SourceProgram, path: string): readonly Diagnostic[] {
  return checked(sources, path, { companion: { path: companionOf(path), names: [] } }, (all) => all)
}

function checked(sources: SourceProgram, path: string, options: OpenOptions, chosen: typeof outermost): readonly Diagnostic[] {
  const file = open(sources, path, options)
  if ('error' in file) return [file.error]
  for (const request of chosen(file.result.requests)) orRefusal(file, request, () => file.derivations.check(request))
  return file.diagnostics
}

/** What is wrong with a function is said once, also when it is asked for in several ways. */
function distinct(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  const idOf = ({ code, file, start, end }: Diagnostic): string => [code, file, start, end].join(' ')
  const known = new Map<string, Diagnostic>()
  for (const diagnostic of diagnostics) {
    const id = diagnostic.file === '' ? `${idOf(diagnostic)} ${diagnostic.message}` : idOf(diagnostic)
    if (!known.has(id)) known.set(id, diagnostic)
  }
  return [...known.values()]
}
