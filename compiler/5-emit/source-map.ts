/** The source map of a file: that of what the author wrote and the splice left alone, with the places that emitted statements lead to. */

import { addMapping, fromMap, setSourceContent, toEncodedMap, type EncodedSourceMap } from '@jridgewell/gen-mapping'
import type { SourceMapInput } from '@jridgewell/trace-mapping'
import type { Origin } from '../ir/nodes.ts'
import { columnOf, type Mapping } from './lines.ts'

/** The text of a file of the program. */
export type TextOf = (file: string) => string | undefined

/** What stands at an offset of the emitted code, with the places that it leads to. */
export interface Inserted {
  readonly at: number
  readonly mappings: readonly Mapping[]
}

interface Place {
  /** 1-based. */
  readonly line: number
  /** 0-based. */
  readonly column: number
}

export function mapWith(
  kept: SourceMapInput,
  { code, inserted, textOf }: { readonly code: string; readonly inserted: readonly Inserted[]; readonly textOf: TextOf },
): EncodedSourceMap {
  const map = fromMap(kept)
  const sources = new Sources(textOf)
  for (const { at, mappings } of inserted) {
    if (mappings.length === 0) continue
    const row = countLines(code, at)
    const column = at - (code.lastIndexOf('\n', at - 1) + 1)
    for (const mapping of mappings) {
      const line = row + mapping.line
      const generated = { line, column: mapping.line === 0 ? column + mapping.column : mapping.column }
      const { origin, rows = [] } = mapping
      const original = sources.placeOf(origin)
      if (original === undefined) continue
      addMapping(map, { generated, original, source: origin.file })
      for (const [i, place] of sources.placesOf(origin, rows).entries())
        addMapping(map, { generated: { line: line + 1 + i, column: columnOf(rows[i]!) }, original: place, source: origin.file })
    }
  }
  for (const [file, text] of sources.texts) setSourceContent(map, file, text)
  return toEncodedMap(map)
}

/** 1-based. */
function countLines(text: string, end: number): number {
  let line = 1
  for (let i = text.indexOf('\n'); i >= 0 && i < end; i = text.indexOf('\n', i + 1)) line++
  return line
}

class Sources {
  readonly texts = new Map<string, string>()
  readonly #lines = new Map<string, readonly string[]>()
  readonly #textOf: TextOf

  constructor(textOf: TextOf) {
    this.#textOf = textOf
  }

  /** Where a statement begins. */
  placeOf({ file, line, start }: Origin): Place | undefined {
    const text = this.texts.get(file) ?? this.#textOf(file)
    if (text === undefined) return undefined
    this.texts.set(file, text)
    return { line, column: start - (text.lastIndexOf('\n', start - 1) + 1) }
  }

  /**
   * Where the lines of the author's stand that follow the first of some text. The text may begin below the first line of its statement; a line that
   * stands in both, as most do, says by how much.
   */
  placesOf(origin: Origin, rows: readonly string[]): readonly Place[] {
    if (rows.length === 0) return []
    const lines = this.#linesOf(origin.file)
    const last = origin.line + (this.texts.get(origin.file)!.slice(origin.start, origin.end).match(/\n/g)?.length ?? 0)
    const within = lines.slice(origin.line - 1, last)
    const shifts = rows.flatMap((row, i) => {
      const at = row.trim() === '' ? -1 : within.indexOf(row)
      return at < 0 || at !== within.lastIndexOf(row) ? [] : [at - (i + 1)]
    })
    const shift = shifts[0] ?? 0
    return rows.map((_, i) => {
      const line = Math.min(origin.line + i + 1 + shift, last)
      return { line, column: columnOf(lines[line - 1]!) }
    })
  }

  #linesOf(file: string): readonly string[] {
    const known = this.#lines.get(file) ?? this.texts.get(file)!.split('\n')
    this.#lines.set(file, known)
    return known
  }
}
