/** What `cotangent/register` answers to Node: where an import leads, and the text that is run. */

import { existsSync, readFileSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import ts from '#typescript'
import { formatDiagnostics } from '../compiler/diagnostics/format.ts'
import { hasErrors, type Diagnostic } from '../compiler/diagnostics/report.ts'
import { createCompiler, type CompiledFile, type Compiler } from '../compiler/index.ts'
import { composeMaps } from './source-maps.ts'

export interface Loader {
  /** The address of a TypeScript file that a relative import means, or nothing where Node's own answer is right. */
  resolve(specifier: string, parent: string | undefined): string | undefined
  /** The JavaScript of a TypeScript file of the user's, or nothing for everything else. */
  load(url: string): LoadedModule | undefined
}

export interface LoadedModule {
  readonly format: 'module' | 'commonjs'
  readonly source: string
}

/** What is compiled together: the files of one tsconfig.json, or all files that have none. */
interface Project {
  readonly compiler: Compiler
  /** The files of the program as it is now. */
  known: ReadonlySet<string>
}

export function createLoader(): Loader {
  const projects = new Map<string | undefined, Project>()
  const projectOf = (path: string): Project => {
    const tsconfig = ts.findConfigFile(dirname(path), (name) => ts.sys.fileExists(name))
    const open = projects.get(tsconfig) ?? openProject(tsconfig)
    projects.set(tsconfig, open)
    return open
  }
  return {
    resolve: (specifier, parent) => resolveTypeScript(specifier, parent),
    load(url) {
      const path = ownTypeScript(url)
      if (path === undefined) return undefined
      const project = projectOf(path)
      const compiled = compile(project, path)
      const format = path.endsWith('.cts') ? 'commonjs' : 'module'
      return { format, source: stripTypes(path, compiled, format, project.compiler.project?.options ?? {}) }
    },
  }
}

function openProject(tsconfig: string | undefined): Project {
  // A module that Node loads before the program has no place for options.
  const debugNans = process.env.COTANGENT_DEBUG_NANS === '1'
  const compiler = createCompiler({ debugNans, ...(tsconfig !== undefined && { tsconfig }) })
  const wrong = compiler.project?.diagnostics ?? []
  if (hasErrors(wrong)) throw failure(wrong)
  return { compiler, known: new Set(compiler.files()) }
}

function compile(project: Project, path: string): CompiledFile {
  const { compiler } = project
  // A file may be run that the configuration does not include.
  if (!project.known.has(path)) {
    compiler.updateFile(path, readFileSync(path, 'utf8'))
    project.known = new Set(compiler.files())
  }
  const compiled = compiler.compileFile(path)
  if (hasErrors(compiled.diagnostics)) throw failure(compiled.diagnostics)
  if (compiled.diagnostics.length > 0) process.stderr.write(`${formatDiagnostics(compiled.diagnostics, { color: false })}\n`)
  return compiled
}

/** What Node prints of it is the diagnostics, and not where in here it was thrown. */
function failure(diagnostics: readonly Diagnostic[]): Error {
  const error = new Error(`Cotangent can not compile this program.\n\n${formatDiagnostics(diagnostics, { color: false })}`)
  error.stack = `Error: ${error.message}`
  return error
}

/** The path of a `file:` address, as TypeScript writes it, if it is that of a TypeScript file outside of packages. */
function ownTypeScript(url: string): string | undefined {
  if (!url.startsWith('file:')) return undefined
  const path = fileURLToPath(withoutQuery(url)).replaceAll('\\', '/')
  return /(?<!\.d)\.[cm]?ts$/.test(path) && !path.includes('/node_modules/') ? path : undefined
}

function withoutQuery(url: string): string {
  return url.replace(/[?#].*$/, '')
}

/**
 * TypeScript lets `./x.js` and `./x` mean `x.ts`, and prefers it where both are there. For what imports from JavaScript, only what Node
 * would not find is looked for.
 */
function resolveTypeScript(specifier: string, parent: string | undefined): string | undefined {
  if (!/^(\.{1,2}\/|\/|file:)/.test(specifier) || parent?.startsWith('file:') !== true) return undefined
  const target = new URL(specifier, parent)
  const path = fileURLToPath(withoutQuery(target.href))
  if (parent.includes('/node_modules/') || (isFile(path) && ownTypeScript(parent) === undefined)) return undefined
  const found = candidatesFor(path).find(isFile)
  return found === undefined ? undefined : `${pathToFileURL(found).href}${target.search}${target.hash}`
}

function candidatesFor(path: string): readonly string[] {
  const extension = /\.([cm]?)js$/.exec(path)
  if (extension) return [`${path.slice(0, extension.index)}.${extension[1]!}ts`]
  if (isFile(path)) return []
  return [`${path}.ts`, `${path}.mts`, `${path}.cts`, join(path, 'index.ts')]
}

function isFile(path: string): boolean {
  return existsSync(path) && statSync(path).isFile()
}

function stripTypes(path: string, { code, map }: CompiledFile, format: LoadedModule['format'], options: ts.CompilerOptions): string {
  const { outputText, sourceMapText = '' } = ts.transpileModule(code, {
    fileName: path,
    compilerOptions: {
      target: ts.ScriptTarget.ES2022,
      ...options,
      module: format === 'module' ? ts.ModuleKind.ESNext : ts.ModuleKind.CommonJS,
      // The imports of what runs lead to TypeScript files.
      rewriteRelativeImportExtensions: false,
      sourceMap: true,
      inlineSourceMap: false,
      inlineSources: false,
    },
  })
  const own = JSON.parse(sourceMapText) as object
  const composed = map === undefined ? { ...own, sources: [path] } : composeMaps(sourceMapText, () => ({ map, nameOf: (inner) => inner }))
  const finished = JSON.stringify({ ...composed, sourceRoot: '', sources: composed.sources.map((name) => pathToFileURL(name!).href) })
  const comment = `//# sourceMappingURL=data:application/json;base64,${Buffer.from(finished).toString('base64')}`
  return `${outputText.replace(/\n\/\/# sourceMappingURL=.*\s*$/, '\n')}${comment}\n`
}
