/** Where programs come from: a tsconfig on disk, or files given as text. */

import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import ts from '#typescript'
import { createSourceResolver } from './package-sources.ts'
import { readProject, type Project } from './project.ts'

/** A program as TypeScript has read it, which can be read anew with the source of what it only declares. */
export interface SourceProgram {
  readonly debugNans?: boolean
  program(): ts.Program
  /** The file that runs where `from` imports a module by its name. */
  sourceOf(specifier: string, from: string): string | undefined
  /** Adds files that `sourceOf` gave to the program. */
  include(sources: readonly string[]): void
}

export interface HostOptions {
  readonly tsconfig?: string
  /** Texts by absolute path; they stand before files on disk. */
  readonly files?: Readonly<Record<string, string>>
  readonly compilerOptions?: ts.CompilerOptions
  /** Absolute paths that are no part of the program even where the tsconfig.json includes them: an earlier output. */
  readonly ignored?: readonly string[]
  /** Derivatives check every gradient on the way, and throw at the first one that is not finite. */
  readonly debugNans?: boolean
}

export interface Host extends SourceProgram {
  /** What the configuration says, when there is one. */
  readonly project: Project | undefined
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

export function createHost({ tsconfig, files = {}, compilerOptions, ignored = [], debugNans = false }: HostOptions): Host {
  const texts = new Map(Object.entries(files))
  const project = tsconfig === undefined ? undefined : readProject(tsconfig)
  const options = { ...(project?.options ?? defaults), ...compilerOptions }
  const roots = [...(project?.fileNames.filter((name) => !ignored.includes(name)) ?? []), ...texts.keys()]
  // Binding gives every node its parent, so that parsing need not.
  const base = ts.createCompilerHost(options)
  const sources = new Map<string, ts.SourceFile | undefined>()
  let resolutions: ts.ModuleResolutionCache
  const forget = (): void => {
    resolutions = ts.createModuleResolutionCache(base.getCurrentDirectory(), (name) => base.getCanonicalFileName(name), options)
  }
  forget()
  /** The source of packages that is part of the program, by the names of its files. */
  const included = new Set<string>()
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
    // Without it, what says of every file which kind of module it is would be read again for each program.
    getModuleResolutionCache: () => resolutions,
    resolveModuleNameLiterals: (literals, containing, redirected, resolveOptions, source) =>
      literals.map((literal) => {
        if (included.has(containing)) return { resolvedModule: follow(sourceOf(literal.text, containing)) }
        const mode = ts.getModeForUsageLocation(source, literal, resolveOptions)
        const found = ts.resolveModuleName(literal.text, containing, resolveOptions, host, resolutions, redirected, mode)
        const untyped = found.resolvedModule && isJavaScript(found.resolvedModule) ? sourceOf(literal.text, containing) : undefined
        if (untyped !== undefined && included.has(untyped)) return { resolvedModule: moduleAt(untyped) }
        if (found.resolvedModule || !literal.text.startsWith('cotangent')) return found
        return { resolvedModule: ownModule(literal.text) }
      }),
  }
  const resolver = createSourceResolver(host, options)
  const sourceOf = (specifier: string, from: string): string | undefined => resolver.resolve(specifier, from)
  /** What the source of packages leads to is source too. */
  const follow = (path: string | undefined): ts.ResolvedModuleFull | undefined => {
    if (path === undefined) return undefined
    if (!roots.includes(path) || path.includes('/node_modules/')) included.add(path)
    return moduleAt(path)
  }
  let program: ts.Program | undefined
  /** The program before a text changed: what is not affected is taken from it. */
  let before: ts.Program | undefined
  const read = (): ts.Program => {
    program ??= ts.createProgram({
      rootNames: [...roots, ...included],
      options: included.size === 0 ? options : { ...options, allowJs: true, checkJs: false },
      host,
      ...(before && { oldProgram: before }),
    })
    before = undefined
    return program
  }
  return {
    debugNans,
    project,
    program: read,
    sourceOf,
    include(paths) {
      for (const path of paths) included.add(path)
      // Without types, a module is its source from now on.
      forget()
      program = undefined
      before = undefined
    },
    files: () =>
      read()
        .getSourceFiles()
        .filter((source) => isOwn(read(), source) && !included.has(source.fileName))
        .map(({ fileName }) => fileName),
    update(path, text) {
      if (!roots.includes(path)) {
        // What could not be found until now may be this.
        if (!sources.get(path)) forget()
        roots.push(path)
      }
      texts.set(path, text)
      sources.delete(path)
      before = program ?? before
      program = undefined
    },
  }
}

/** What declaration files document is of no use here, and half of what the library's consist of. */
function parsing(path: string, how: ts.ScriptTarget | ts.CreateSourceFileOptions): ts.CreateSourceFileOptions {
  const options = typeof how === 'object' ? how : { languageVersion: how }
  return /\.d\.[cm]?ts$/.test(path) ? { ...options, jsDocParsingMode: ts.JSDocParsingMode.ParseNone } : options
}

/** TypeScript would not follow what it takes for a library far into it. */
const moduleAt = (path: string): ts.ResolvedModuleFull => ({
  resolvedFileName: path,
  extension: /\.[cm]?[jt]sx?$/.exec(path)?.[0] ?? '.js',
  isExternalLibraryImport: false,
})

const isJavaScript = ({ extension }: ts.ResolvedModuleFull): boolean => /^\.[cm]?jsx?$/.test(extension)

function isOwn(program: ts.Program, source: ts.SourceFile): boolean {
  return (
    !program.isSourceFileDefaultLibrary(source) &&
    !program.isSourceFileFromExternalLibrary(source) &&
    !source.fileName.includes('/node_modules/') &&
    !source.fileName.startsWith(runtimeFolder())
  )
}

const ownModules: Readonly<Record<string, string>> = {
  cotangent: 'index',
  'cotangent/graph': 'graph/index',
  'cotangent/hooks': 'hooks',
  'cotangent/runtime': 'runtime',
  'cotangent/testing': 'testing',
}

/** The package itself, for texts that stand in no project which has it installed. */
function ownModule(specifier: string): ts.ResolvedModuleFull | undefined {
  const name = Object.hasOwn(ownModules, specifier) ? ownModules[specifier] : undefined
  if (name === undefined) return undefined
  const source = join(runtimeFolder(), `${name}.ts`)
  return existsSync(source)
    ? { resolvedFileName: source, extension: ts.Extension.Ts, isExternalLibraryImport: false }
    : { resolvedFileName: join(runtimeFolder(), `${name}.d.ts`), extension: ts.Extension.Dts, isExternalLibraryImport: false }
}

function runtimeFolder(): string {
  return fileURLToPath(new URL('../../runtime/', import.meta.url)).replaceAll('\\', '/')
}
