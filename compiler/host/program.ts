/** Where programs come from: a tsconfig on disk, or files given as text. */

import { existsSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import ts from '#typescript'

/** A program as TypeScript has read it. */
export type SourceProgram = ts.Program

export interface HostOptions {
  readonly tsconfig?: string
  /** Texts by absolute path; they stand before files on disk. */
  readonly files?: Readonly<Record<string, string>>
  readonly compilerOptions?: ts.CompilerOptions
}

export interface Host {
  program(): ts.Program
  files(): readonly string[]
  update(path: string, text: string): void
}

const defaults: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  allowImportingTsExtensions: true,
  noEmit: true,
  strict: true,
  skipLibCheck: true,
  types: [],
}

export function createHost({ tsconfig, files = {}, compilerOptions }: HostOptions): Host {
  const texts = new Map(Object.entries(files))
  const config = tsconfig === undefined ? undefined : readConfig(tsconfig)
  const options = { ...(config?.options ?? defaults), ...compilerOptions }
  const roots = [...(config?.fileNames ?? []), ...texts.keys()]
  const base = ts.createCompilerHost(options, true)
  const sources = new Map<string, ts.SourceFile | undefined>()
  const host: ts.CompilerHost = {
    ...base,
    fileExists: (path) => texts.has(path) || base.fileExists(path),
    directoryExists: (path) => [...texts.keys()].some((file) => file.startsWith(`${path}/`)) || (base.directoryExists?.(path) ?? true),
    readFile: (path) => texts.get(path) ?? base.readFile(path),
    getSourceFile(path, languageVersion) {
      if (sources.has(path)) return sources.get(path)
      const text = texts.get(path)
      const source = text === undefined ? base.getSourceFile(path, languageVersion) : ts.createSourceFile(path, text, languageVersion, true)
      sources.set(path, source)
      return source
    },
    resolveModuleNameLiterals: (literals, containing, redirected, resolveOptions) =>
      literals.map((literal) => {
        const found = ts.resolveModuleName(literal.text, containing, resolveOptions, host, undefined, redirected)
        if (found.resolvedModule || !literal.text.startsWith('cotangent')) return found
        return { resolvedModule: ownModule(literal.text) }
      }),
  }
  let program: ts.Program | undefined
  return {
    program: () => (program ??= ts.createProgram({ rootNames: roots, options, host })),
    files: () => roots.filter((path) => !path.endsWith('.d.ts')),
    update(path, text) {
      texts.set(path, text)
      sources.delete(path)
      if (!roots.includes(path)) roots.push(path)
      program = undefined
    },
  }
}

/** The package itself, for texts that stand in no project which has it installed. */
function ownModule(specifier: string): ts.ResolvedModuleFull | undefined {
  const root = fileURLToPath(new URL('../../', import.meta.url))
  const name = { cotangent: 'index', 'cotangent/runtime': 'runtime', 'cotangent/testing': 'testing', 'cotangent/hooks': 'hooks' }[specifier]
  if (name === undefined) return undefined
  const source = join(root, 'runtime', `${name}.ts`)
  return existsSync(source)
    ? { resolvedFileName: source, extension: ts.Extension.Ts, isExternalLibraryImport: false }
    : { resolvedFileName: join(root, 'runtime', `${name}.d.ts`), extension: ts.Extension.Dts, isExternalLibraryImport: false }
}

function readConfig(path: string): ts.ParsedCommandLine {
  const read: { config?: unknown; error?: ts.Diagnostic } = ts.readConfigFile(path, (name) => ts.sys.readFile(name))
  const { config, error } = read
  if (error) throw new Error(ts.flattenDiagnosticMessageText(error.messageText, '\n'))
  return ts.parseJsonConfigFileContent(config, ts.sys, resolve(dirname(path)))
}
