/** What `emit` and `inspect` are given: files, and functions in them, each in the program that it belongs to. */

import { dirname, resolve } from 'node:path'
import { existsSync, readFileSync, statSync } from 'node:fs'
import { createDiagnostic, hasErrors, nowhere, type Diagnostic } from '../compiler/diagnostics/report.ts'
import type { Compiler } from '../compiler/index.ts'
import { shown } from './paths.ts'
import { openProject } from './project.ts'
import type { Terminal } from './terminal.ts'

export interface Target {
  /** As TypeScript writes it. */
  readonly path: string
  /** Functions of the file. */
  readonly names: readonly string[]
}

/** `src/loss.ts` and `src/loss.ts#loss`, by file; a text that says what is wrong with one of them. */
export function targetsIn(files: readonly string[], folder: string): readonly Target[] | string {
  const named = new Map<string, string[]>()
  for (const text of files) {
    const [, file = text, name] = /^(.*?)(?:#(.*))?$/s.exec(text) ?? []
    if (file === '' || name === '') return `error: '${text}' is not a file, nor a function of one\nWrite src/loss.ts, or src/loss.ts#loss.`
    const path = resolve(folder, file).replaceAll('\\', '/')
    named.set(path, [...(named.get(path) ?? []), ...(name === undefined ? [] : [name])])
  }
  return [...named].map(([path, names]) => ({ path, names }))
}

export interface Programs {
  readonly programs: readonly { readonly compiler: Compiler; readonly targets: readonly Target[] }[]
  readonly diagnostics: readonly Diagnostic[]
}

/** Without targets, they are the annotated files of the project. */
export async function openPrograms(targets: readonly Target[], project: string | undefined, terminal: Terminal): Promise<Programs> {
  const missing = targets.filter(({ path }) => !isSource(path))
  if (missing.length > 0)
    return { programs: [], diagnostics: missing.map(({ path }) => createDiagnostic('CT5005', nowhere, { path: shown(path) })) }
  const byConfig = new Map<string | undefined, Target[]>()
  if (targets.length === 0) byConfig.set(project ?? 'tsconfig.json', [])
  for (const target of targets) {
    const config = project ?? nearestConfig(dirname(target.path))
    byConfig.set(config, [...(byConfig.get(config) ?? []), target])
  }
  const programs: { compiler: Compiler; targets: readonly Target[] }[] = []
  for (const [config, own] of byConfig) {
    const compiler = await open(config, own, terminal)
    const diagnostics = compiler.project?.diagnostics ?? []
    if (hasErrors(diagnostics)) return { programs: [], diagnostics }
    const annotated = (): readonly Target[] => compiler.files().flatMap((path) => (compiler.isAnnotated(path) ? [{ path, names: [] }] : []))
    programs.push({ compiler, targets: targets.length === 0 ? annotated() : own })
  }
  return { programs, diagnostics: [] }
}

/** A file may be named that the configuration does not include, or that has none. */
async function open(config: string | undefined, targets: readonly Target[], terminal: Terminal): Promise<Compiler> {
  const { createCompiler } = await import('../compiler/index.ts')
  const compiler = config === undefined ? createCompiler({}) : await openProject({ project: config }, terminal)
  if (hasErrors(compiler.project?.diagnostics ?? [])) return compiler
  const known = new Set(compiler.project?.fileNames)
  for (const { path } of targets) if (!known.has(path)) compiler.updateFile(path, readFileSync(path, 'utf8'))
  return compiler
}

const isSource = (path: string): boolean => existsSync(path) && statSync(path).isFile() && /(?<!\.d)\.[cm]?tsx?$/.test(path)

function nearestConfig(folder: string): string | undefined {
  const config = resolve(folder, 'tsconfig.json')
  if (existsSync(config)) return config
  const above = dirname(folder)
  return above === folder ? undefined : nearestConfig(above)
}
