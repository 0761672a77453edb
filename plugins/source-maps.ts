/** Maps of code that was made in two steps: Cotangent's first, then TypeScript's. */

import { addMapping, GenMapping, setSourceContent, toEncodedMap, type EncodedSourceMap } from '@jridgewell/gen-mapping'
import { eachMapping, originalPositionFor, TraceMap } from '@jridgewell/trace-mapping'

/**
 * `second` maps code to a text that `first` maps to what the author wrote. The names of sources are those of `second`. What was emitted
 * has no place in the author's text: it is mapped to nothing, so that no place near it is shown instead.
 */
export function composeMaps(first: string, second: string): EncodedSourceMap {
  const inner = new TraceMap(first)
  const outer = new TraceMap(second)
  const result = new GenMapping({ file: outer.file ?? null, sourceRoot: outer.sourceRoot ?? null })
  eachMapping(outer, ({ generatedLine, generatedColumn, originalLine, originalColumn, source }) => {
    const generated = { line: generatedLine, column: generatedColumn }
    const { line, column } = originalLine === null ? nowhere : originalPositionFor(inner, { line: originalLine, column: originalColumn })
    if (source === null || line === null) addMapping(result, { generated })
    else addMapping(result, { generated, original: { line, column }, source })
  })
  const text = inner.sourcesContent?.[0]
  if (outer.sourcesContent && text !== undefined) for (const source of outer.sources) setSourceContent(result, source ?? '', text)
  return toEncodedMap(result)
}

const nowhere = { line: null, column: null }
