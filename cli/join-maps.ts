/** Joins the maps that `tsc` wrote over the output of `cotangent build` with those beside that output. */

import { existsSync, readFileSync } from 'node:fs'
import { dirname, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { globSync } from 'tinyglobby'
import { createDiagnostic, nowhere, type Diagnostic } from '../compiler/diagnostics/report.ts'
import { composeMaps, withInlineMap, type FirstMap } from '../plugins/source-maps.ts'
import { mapOf } from './output-maps.ts'
import { shown } from './paths.ts'

export interface Joined {
  /** New texts by path: of maps, and of files that have theirs in the last line. */
  readonly files: ReadonlyMap<string, string>
  /** How many maps there are. */
  readonly found: number
  readonly diagnostics: readonly Diagnostic[]
}

export function joinMaps(folder: string): Joined {
  const paths = globSync(['**/*.map', '**/*.{js,mjs,cjs,jsx}'], { cwd: folder, absolute: true, ignore: ['**/node_modules/**'] }).sort()
  const files = new Map<string, string>()
  const diagnostics: Diagnostic[] = []
  let found = 0
  for (const path of paths) {
    const join = (map: string): string => {
      found++
      return joined(map, dirname(path)) ?? map
    }
    const text = readFileSync(path, 'utf8')
    try {
      const changed = path.endsWith('.map') ? join(text) : withInlineMap(text, join)
      if (changed !== text) files.set(path, changed)
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error)
      diagnostics.push(createDiagnostic('CT5012', nowhere, { path: shown(path), reason }))
    }
  }
  return { files, found, diagnostics }
}

interface RawMap {
  readonly sourceRoot?: string
  readonly sources: readonly string[]
}

/** The map as it leads to what the author wrote, or nothing where it does already. `folder` is what its sources are relative to. */
function joined(text: string, folder: string): string | undefined {
  const map = JSON.parse(text) as RawMap
  const base = resolve(folder, pathOf(map.sourceRoot ?? ''))
  const firsts = new Map(map.sources.map((source) => [source, firstMap(resolve(base, pathOf(source)), base)]))
  if ([...firsts.values()].every((first) => first === undefined)) return undefined
  return JSON.stringify(composeMaps(text, (source) => firsts.get(source)))
}

const pathOf = (name: string): string => (name.startsWith('file:') ? fileURLToPath(name) : name)

/** The map of a file that `cotangent build` wrote, as it is seen from another folder. */
function firstMap(file: string, from: string): FirstMap | undefined {
  const path = mapOf(file)
  if (!existsSync(path)) return undefined
  const name = (source: string): string => relative(from, resolve(dirname(path), source)).replaceAll('\\', '/')
  return { map: readFileSync(path, 'utf8'), nameOf: name }
}
