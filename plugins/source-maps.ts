/** Maps of code that was made in two steps: Cotangent's first, then TypeScript's. */

import { posix } from 'node:path'
import { GenMapping, maybeAddSegment, setSourceContent, toEncodedMap, type EncodedSourceMap } from '@jridgewell/gen-mapping'
import { decodedMappings, traceSegment, TraceMap, type SourceMapInput } from '@jridgewell/trace-mapping'

/** The map of the first step. */
export interface FirstMap {
  readonly map: SourceMapInput
  /** What the result calls a source of this map. `own` is the one that the whole file was made of; statements of others became part of it. */
  nameOf(source: string, own: string): string
}

/**
 * `second` maps code to texts, of which `firstOf` may know the map to what the author wrote. What leads nowhere there leads nowhere in the result, so that
 * no place near it is shown instead. The texts of sources are in the result if they are in `second`.
 */
export function composeMaps(second: SourceMapInput, firstOf: (source: string) => FirstMap | undefined): EncodedSourceMap {
  const outer = new TraceMap(second)
  const result = new GenMapping({ file: outer.file ?? null, sourceRoot: outer.sourceRoot ?? null })
  const sources = outer.sources.map((name) => opened(name ?? '', firstOf))
  for (const [line, segments] of decodedMappings(outer).entries())
    for (const [column, index, row, start] of segments) {
      const place = index === undefined ? undefined : sources[index]!.placeOf(row!, start!)
      if (place) maybeAddSegment(result, line, column, ...place)
      else maybeAddSegment(result, line, column)
    }
  if (outer.sourcesContent)
    for (const [i, { texts }] of sources.entries())
      for (const [name, text] of texts ?? [[outer.sources[i] ?? '', outer.sourcesContent[i] ?? null] as const])
        setSourceContent(result, name, text)
  return toEncodedMap(result)
}

type Place = readonly [source: string, line: number, column: number]

interface OpenSource {
  /** Where a place in the source comes from; lines are counted from 0. */
  placeOf(line: number, column: number): Place | undefined
  /** The texts that it was made of, by name; `undefined` where it was made of none. */
  readonly texts: readonly (readonly [name: string, text: string | null])[] | undefined
}

function opened(name: string, firstOf: (source: string) => FirstMap | undefined): OpenSource {
  const first = firstOf(name)
  if (!first) return { placeOf: (line, column) => [name, line, column], texts: undefined }
  const inner = new TraceMap(first.map)
  const names = inner.sources.map((source) => first.nameOf(source ?? '', inner.sources[0] ?? ''))
  return {
    placeOf(line, column) {
      const segment = traceSegment(inner, line, column)
      return !segment || segment.length === 1 ? undefined : [names[segment[1]]!, segment[2], segment[3]]
    },
    texts: names.map((own, i) => [own, inner.sourcesContent?.[i] ?? null] as const),
  }
}

/** What a map calls `source`, if it calls `own` by the name of `outer`: from one to the other is the same way in every folder. */
export function relocated(outer: string, own: string, source: string): string {
  return own === source ? outer : posix.join(posix.dirname(outer), posix.relative(posix.dirname(own), source))
}

/** A text with the map in its last line changed, if there is one. */
export function withInlineMap(text: string, change: (map: string) => string): string {
  return text.replace(/(?<=\n\/\/# sourceMappingURL=data:application\/json;(?:charset=utf-8;)?base64,)\S+(?=\s*$)/, (map) =>
    Buffer.from(change(Buffer.from(map, 'base64').toString())).toString('base64'),
  )
}
