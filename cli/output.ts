/** Everything that `cotangent build` writes, as paths within the output folder and their texts. */

import { readFileSync } from 'node:fs'
import { dirname, isAbsolute, join, relative, sep } from 'node:path'
import { createDiagnostic, hasErrors, nowhere, type Diagnostic } from '../compiler/diagnostics/report.ts'
import type { Compiler, Project } from '../compiler/index.ts'
import { outputConfig } from './output-config.ts'

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
  const misplaced = sources.flatMap((file) => misplacement(file, root, outDir))
  if (misplaced.length > 0) return { files: new Map(), diagnostics: misplaced }
  const files = new Map<string, string>()
  const diagnostics: Diagnostic[] = []
  for (const file of sources) {
    if (isDeclaration(file) && !isWithin(root, file)) continue
    const path = relative(root, file)
    if (/\.[cm]?[jt]sx?$/.test(file) && !isDeclaration(file)) {
      const result = compiler.compileFile(file)
      diagnostics.push(...result.diagnostics)
      files.set(path, result.code)
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

function misplacement(file: string, root: string, outDir: string): readonly Diagnostic[] {
  if (isWithin(outDir, file)) return [createDiagnostic('CT5006', nowhere, { path: shown(outDir) })]
  if (!isWithin(root, file) && !isDeclaration(file)) return [createDiagnostic('CT5009', nowhere, { path: shown(file), root: shown(root) })]
  return []
}

const isDeclaration = (file: string): boolean => /\.d\.([^.]+\.)?[cm]?ts$/.test(file)

export function isWithin(folder: string, file: string): boolean {
  const path = relative(folder, file)
  return path !== '..' && !path.startsWith(`..${sep}`) && !isAbsolute(path)
}

/** A path as it is read best: relative to the current folder, where it is below it. */
export function shown(path: string): string {
  return isWithin(process.cwd(), path) ? join('.', relative(process.cwd(), path)) : path
}
