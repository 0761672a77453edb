/** Puts emitted functions into the file that asks for them: each request becomes a name, the functions stand at the end. */

import MagicString from 'magic-string'
import { joinTexts, paragraphs, type MappedText } from './lines.ts'
import { mapWith, type Inserted, type TextOf } from './source-map.ts'

/** A text in the place of another one, or, where `start` and `end` are the same, between two others. */
export interface Replacement {
  readonly start: number
  readonly end: number
  readonly text: MappedText
  /** What is put in belongs to the text before it. */
  readonly isAfter?: boolean
}

export interface Edits {
  /** Requests, and markers to strip: what stands in their place. */
  readonly replacements: readonly Replacement[]
  /** Lines for the top: imports, then constants. Before the author's own statements, whose first may already call a derivative. */
  readonly head: readonly string[]
  /** Functions for the end of the file. */
  readonly tail: readonly MappedText[]
}

export interface Spliced {
  readonly code: string
  /** The source map in version 3, as JSON. `file` is what the author's text is called; the texts of other files are asked for by name. */
  readonly mapOf: (file: string, textOf: TextOf) => string
}

export function splice(text: string, { replacements, head, tail }: Edits): Spliced {
  const result = new MagicString(text)
  for (const { start, end, text: replacement, isAfter } of replacements) {
    if (start < end) result.update(start, end, replacement.text)
    else if (isAfter) result.appendLeft(end, replacement.text)
    else result.appendRight(start, replacement.text)
  }
  const begin = startOf(text)
  const top = head.length > 0 ? `${head.join('\n')}\n` : ''
  if (top !== '') result.appendRight(begin, top)
  const bottom = joinTexts(tail.length > 0 ? [`${text.endsWith('\n') ? '' : '\n'}\n`, paragraphs(tail), '\n'] : [])
  if (bottom.text !== '') result.append(bottom.text)
  const code = result.toString()
  const inserted = (): Inserted[] => [
    ...replaced(replacements, (start) => (start >= begin ? top.length : 0)),
    { at: code.length - bottom.text.length, mappings: bottom.mappings },
  ]
  return {
    code,
    mapOf(file, textOf) {
      const { mappings } = result.generateDecodedMap({ hires: 'boundary' })
      const kept = { version: 3 as const, names: [], sources: [file], sourcesContent: [text], mappings }
      return JSON.stringify(mapWith(kept, { code, inserted: inserted(), textOf }))
    },
  }
}

/** Where the replacements stand in the text that they give. `shift` is how much stands above a place. */
function replaced(replacements: Edits['replacements'], shift: (start: number) => number): Inserted[] {
  let longer = 0
  return [...replacements]
    .sort((a, b) => a.start - b.start)
    .map(({ start, end, text }) => {
      const at = start + shift(start) + longer
      longer += text.text.length - (end - start)
      return { at, mappings: text.mappings }
    })
}

/** After a `#!` line; imports may stand anywhere above others. */
function startOf(text: string): number {
  return text.startsWith('#!') ? text.indexOf('\n') + 1 : 0
}
