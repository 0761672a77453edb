/** The source maps that `cotangent build` writes beside its output, `x.ts.map` beside `x.ts`, for `cotangent maps` to join with those of `tsc`. */

import { basename, dirname, relative } from 'node:path'
import { fromMap, toEncodedMap } from '@jridgewell/gen-mapping'
import type { CompiledFile, Project } from '../compiler/index.ts'

/** What the map of an output file is called. No line of that file says so: `tsc` would keep such a line, where it means the JavaScript. */
export const mapOf = (file: string): string => `${file}.map`

export function wantsMaps({ options }: Project): boolean {
  return options.sourceMap === true || options.inlineSourceMap === true || options.declarationMap === true
}

/** `path` is that of the source, `out` where its output will stand. Nothing in the map depends on where the two are together. */
export function outputMap({ code, map }: CompiledFile, path: string, out: string): string {
  const { sources, ...rest } = JSON.parse(map ?? unchanged(code, path)) as { readonly sources: readonly string[] }
  const led = sources.map((source) => relative(dirname(out), source).replaceAll('\\', '/'))
  return `${JSON.stringify({ ...rest, file: basename(out), sources: led })}\n`
}

/** The map of a text that is as the author wrote it: each word and each sign leads to itself. */
function unchanged(text: string, path: string): string {
  const lines = text.split('\n')
  const mappings = lines.map((line, row) =>
    [...line.matchAll(/\w+|\S/g)].map(({ index }): [number, number, number, number] => [index, 0, row, index]),
  )
  return JSON.stringify(toEncodedMap(fromMap({ version: 3, names: [], sources: [path], sourcesContent: [text], mappings })))
}
