/** Puts emitted functions into the file that asks for them: each request becomes a name, the functions stand at the end. */

import MagicString from 'magic-string'

export interface Edits {
  /** Requests, and markers to strip: what stands in their place. */
  readonly replacements: readonly { start: number; end: number; text: string }[]
  /** Lines for the top: imports, then constants. Before the author's own statements, whose first may already call a derivative. */
  readonly head: readonly string[]
  /** Functions for the end of the file. */
  readonly tail: readonly string[]
}

export function splice(file: string, text: string, { replacements, head, tail }: Edits): { code: string; map: string } {
  const result = new MagicString(text)
  for (const { start, end, text: replacement } of replacements) result.update(start, end, replacement)
  if (head.length > 0) result.appendRight(startOf(text), `${head.join('\n')}\n`)
  if (tail.length > 0) result.append(`${text.endsWith('\n') ? '' : '\n'}\n${tail.join('\n\n')}\n`)
  return { code: result.toString(), map: result.generateMap({ source: file, includeContent: true, hires: true }).toString() }
}

/** After a `#!` line; imports may stand anywhere above others. */
function startOf(text: string): number {
  return text.startsWith('#!') ? text.indexOf('\n') + 1 : 0
}
