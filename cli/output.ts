/** Everything that `cotangent build` writes, as paths within the output folder and their texts. */

import { readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { createDiagnostic, hasErrors, nowhere, type Diagnostic } from '../compiler/diagnostics/report.ts'
import type { Compiler, Project } from '../compiler/index.ts'
import { outputConfig } from './output-config.ts'
import { mapOf, outputMap, wantsMaps } from './output-maps.ts'
import { isWithin, shown } from './paths.ts'

/** Texts by path within the output folder. */
export type OutputFiles = ReadonlyMap<string, string>

export interface Output {
  readonly files: OutputFiles
  readonly diagnostics: readonly Diagnostic[]
}

export function outputOf(compiler: Compiler, outDir: string): Output {
  const project = compiler.project!
  if (hasErrors(project.diagnostics)) return { files: new Map(), diagnostics: project.diagnostics }
  const sources = compiler.files()
  const root = rootOf(project, sources)
  const misplaced = misplacedAmong(sources, root, outDir)
  if (misplaced.length > 0) return { files: new Map(), diagnostics: misplaced }
  const files = new Map<string, string>()
  const diagnostics: Diagnostic[] = []
  const withMaps = wantsMaps(project)
  for (const file of sources) {
    if (isDeclaration(file) && !isWithin(root, file)) continue
    const path = relative(root, file)
    if (/\.[cm]?[jt]sx?$/.test(file) && !isDeclaration(file)) {
      const result = compiler.compileFile(file)
      diagnostics.push(...result.diagnostics)
      files.set(path, result.code)
      if (withMaps && !hasErrors(diagnostics)) files.set(mapOf(path), outputMap(result, file, join(outDir, path)))
    } else files.set(path, readFileSync(file, 'utf8'))
  }
  files.set('tsconfig.json', outputConfig(project, root, outDir, [...files.keys()]))
  return { files, diagnostics }
}

/** The output mirrors this folder: the one that the configuration names, or the one that holds it and all sources. */
function rootOf({ options, folder }: Project, sources: readonly string[]): string {
  if (options.rootDir !== undefined) return options.rootDir
  let root = folder
  for (const file of sources) while (!isWithin(root, file)) root = dirname(root)
  return root
}

function misplacedAmong(sources: readonly string[], root: string, outDir: string): readonly Diagnostic[] {
  if (sources.some((file) => isWithin(outDir, file))) return [createDiagnostic('CT5006', nowhere, { path: shown(outDir) })]
  return sources
    .filter((file) => !isWithin(root, file) && !isDeclaration(file))
    .map((file) => createDiagnostic('CT5009', nowhere, { path: shown(file), root: shown(root) }))
}

const isDeclaration = (file: string): boolean => /\.d\.([^.]+\.)?[cm]?ts$/.test(file)
