import { entryOf, type Arguments, type Code } from './catalog.ts'

/** A piece of a file, as offsets into its text. */
export interface Place {
  readonly file: string
  readonly start: number
  readonly end: number
}

/** One step of why something was being differentiated: the request, then each call on the way. */
export interface Reason extends Place {
  /** A sentence fragment: `because grad(loss) is asked for here`, `and loss calls scale here`. */
  readonly text: string
}

/** Plain data, so that it can be cached, sent between threads and compared in tests. */
export interface Diagnostic extends Place {
  readonly code: Code
  readonly severity: 'error' | 'warning'
  readonly message: string
  readonly hint: string
  readonly chain: readonly Reason[]
}

/** For a problem that is not in a file, such as a missing configuration. */
export const nowhere: Place = { file: '', start: 0, end: 0 }

/** Makes a diagnostic. Which arguments it needs is read off the templates of its entry. */
export function createDiagnostic<C extends Code>(code: C, place: Place, args: Arguments<C>, chain: readonly Reason[] = []): Diagnostic {
  const { severity, message, hint } = entryOf(code)
  const { file, start, end } = place
  return { code, severity, message: fill(message, args), hint: fill(hint, args), file, start, end, chain }
}

export function hasErrors(diagnostics: readonly Diagnostic[]): boolean {
  return diagnostics.some((diagnostic) => diagnostic.severity === 'error')
}

/** Puts the arguments into a template. Text of the user's may be long or have lines of its own; a message is one line. */
function fill(template: string, args: Readonly<Record<string, string | number>>): string {
  return template.replace(/\{\{|\}\}|\{(\w+)\}/g, (hole, name: string | undefined) => {
    if (name === undefined) return hole.slice(1)
    return oneLine(String(args[name] ?? hole))
  })
}

function oneLine(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim()
  return line.length > 160 ? line.slice(0, 157) + '...' : line
}
