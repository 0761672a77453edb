/** Where programs come from: a tsconfig on disk, or files given as text. */

import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import ts from '#typescript'
import { readProject, type Project } from './project.ts'

/** A program as TypeScript has read it. */
export type SourceProgram = ts.Program

export interface HostOptions {
  readonly tsconfig?: string
  /** Texts by absolute path; they stand before files on disk. */
  readonly files?: Readonly<Record<string, string>>
  readonly compilerOptions?: ts.CompilerOptions
  /** Absolute paths that are no part of the program even where the tsconfig.json includes them: an earlier output. */
  readonly ignored?: readonly string[]
}

export interface Host {
  /** What the configuration says, when there is one. */
  readonly project: Project | undefined
  program(): ts.Program
  /** The sources of the program, declarations and data among them, without those of packages. */
  files(): readonly string[]
  update(path: string, text: string): void
}

const defaults: ts.CompilerOptions = {
  target: ts.ScriptTarget.ESNext,
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  allowImportingTsExtensions: true,
  noEmit: true,
  strict: true,
  skipLibCheck: true,
  types: [],
}

export function createHost({ tsconfig, files = {}, compilerOptions, ignored = [] }: HostOptions): Host {
  const texts = new Map(Object.entries(files))
  const project = tsconfig === undefined ? undefined : readProject(tsconfig)
  const options = { ...(project?.options ?? defaults), ...compilerOptions }
  const roots = [...(project?.fileNames.filter((name) => !ignored.includes(name)) ?? []), ...texts.keys()]
  // Binding gives every node its parent, so that parsing need not.
  const base = ts.createCompilerHost(options)
  const sources = new Map<string, ts.SourceFile | undefined>()
  const resolutions = ts.createModuleResolutionCache(base.getCurrentDirectory(), (name) => base.getCanonicalFileName(name), options)
  const host: ts.CompilerHost = {
    ...base,
    fileExists: (path) => texts.has(path) || base.fileExists(path),
    directoryExists: (path) => [...texts.keys()].some((file) => file.startsWith(`${path}/`)) || (base.directoryExists?.(path) ?? true),
    readFile: (path) => texts.get(path) ?? base.readFile(path),
    getSourceFile(path, languageVersion) {
      if (sources.has(path)) return sources.get(path)
      const text = texts.get(path)
      const how = parsing(path, languageVersion)
      const source = text === undefined ? base.getSourceFile(path, how) : ts.createSourceFile(path, text, how)
      sources.set(path, source)
      return source
    },
    resolveModuleNameLiterals: (literals, containing, redirected, resolveOptions, source) =>
      literals.map((literal) => {
        const mode = ts.getModeForUsageLocation(source, literal, resolveOptions)
        const found = ts.resolveModuleName(literal.text, containing, resolveOptions, host, resolutions, redirected, mode)
        if (found.resolvedModule || !literal.text.startsWith('cotangent')) return found
        return { resolvedModule: ownModule(literal.text) }
      }),
  }
  let program: ts.Program | undefined
  const read = (): ts.Program => (program ??= ts.createProgram({ rootNames: roots, options, host }))
  return {
    project,
    program: read,
    files: () =>
      read()
        .getSourceFiles()
        .filter((source) => isOwn(read(), source))
        .map(({ fileName }) => fileName),
    update(path, text) {
      texts.set(path, text)
      sources.delete(path)
      if (!roots.includes(path)) roots.push(path)
      program = undefined
    },
  }
}

/** What declaration files document is of no use here, and half of what the library's consist of. */
function parsing(path: string, how: ts.ScriptTarget | ts.CreateSourceFileOptions): ts.CreateSourceFileOptions {
  const options = typeof how === 'object' ? how : { languageVersion: how }
  return /\.d\.[cm]?ts$/.test(path) ? { ...options, jsDocParsingMode: ts.JSDocParsingMode.ParseNone } : options
}

function isOwn(program: ts.Program, source: ts.SourceFile): boolean {
  return (
    !program.isSourceFileDefaultLibrary(source) &&
    !program.isSourceFileFromExternalLibrary(source) &&
    !source.fileName.includes('/node_modules/') &&
    !source.fileName.startsWith(runtimeFolder())
  )
}

/** The package itself, for texts that stand in no project which has it installed. */
function ownModule(specifier: string): ts.ResolvedModuleFull | undefined {
  const name = { cotangent: 'index', 'cotangent/runtime': 'runtime', 'cotangent/testing': 'testing', 'cotangent/hooks': 'hooks' }[specifier]
  if (name === undefined) return undefined
  const source = join(runtimeFolder(), `${name}.ts`)
  return existsSync(source)
    ? { resolvedFileName: source, extension: ts.Extension.Ts, isExternalLibraryImport: false }
    : { resolvedFileName: join(runtimeFolder(), `${name}.d.ts`), extension: ts.Extension.Dts, isExternalLibraryImport: false }
}

function runtimeFolder(): string {
  return fileURLToPath(new URL('../../runtime/', import.meta.url)).replaceAll('\\', '/')
}
