/** The program transformer behind `cotangent/tsc`: what ts-patch type-checks is the author's text, what it emits is the compiled one. */

import type ts from '#typescript'
import { toTsDiagnostic } from '../compiler/diagnostics/format.ts'
import { createCompiler, type CompiledFile } from '../compiler/index.ts'
import { composeMaps, relocated, withInlineMap } from './source-maps.ts'

/** What ts-patch passes to a program transformer: the TypeScript that is running, which is another one than ours. */
interface Extras {
  readonly ts: typeof ts
}

/** What stands beside `transform` in the tsconfig.json. */
interface Config {
  readonly debugNans?: boolean
}

/** TypeScript keeps it for incremental builds, and does not declare it. */
type VersionedFile = ts.SourceFile & { version?: string }

/** Incremental builds ask for the type errors of a file in a way that is not declared either. */
type WholeProgram = ts.Program & {
  getBindAndCheckDiagnostics?: (file: ts.SourceFile, token?: ts.CancellationToken) => readonly ts.Diagnostic[]
}

type CompiledFiles = ReadonlyMap<string, CompiledFile>

export function transformProgram(
  program: ts.Program,
  host: ts.CompilerHost | undefined,
  config: Config | undefined,
  extras: Extras,
): ts.Program {
  const compiled = compileAll(program, config?.debugNans === true)
  const textOf = (name: string): string | undefined => program.getSourceFile(name)?.text
  if (![...compiled].some(([name, file]) => isOfNote(file, textOf(name)))) return program
  const base = host ?? extras.ts.createCompilerHost(program.getCompilerOptions())
  const result = extras.ts.createProgram({
    rootNames: program.getRootFileNames(),
    options: program.getCompilerOptions(),
    host: hostOf(base, compiled, extras.ts),
    projectReferences: program.getProjectReferences() ?? [],
    configFileParsingDiagnostics: program.getConfigFileParsingDiagnostics(),
  })
  reportWith(result, program, compiled)
  result.emit = emitterOf(result, base, compiled)
  return result
}

/** Each file of the author's that is compiled to something, or refused. */
function compileAll(program: ts.Program, debugNans: boolean): CompiledFiles {
  const own = program
    .getSourceFiles()
    .filter((file) => !program.isSourceFileFromExternalLibrary(file) && !program.isSourceFileDefaultLibrary(file))
    .filter(({ fileName }) => /\.[cm]?tsx?$/.test(fileName) && !fileName.includes('/node_modules/'))
  // Trees of one TypeScript are not read by another one.
  const { configFile: _tree, configFilePath, ...compilerOptions } = program.getCompilerOptions()
  const compiler = createCompiler({
    files: Object.fromEntries(own.map(({ fileName, text }) => [fileName, text])),
    compilerOptions,
    debugNans,
    ...(typeof configFilePath === 'string' && { tsconfig: configFilePath }),
  })
  const sources = own.filter(({ isDeclarationFile }) => !isDeclarationFile)
  return new Map(sources.map(({ fileName }) => [fileName, compiler.compileFile(fileName)]))
}

/** Whether anything came of compiling a text. */
function isOfNote({ code, diagnostics }: CompiledFile, text: string | undefined): boolean {
  return code !== text || diagnostics.length > 0
}

/** The given host, with the compiled texts in the place of the author's. */
function hostOf(base: ts.CompilerHost, compiled: CompiledFiles, typescript: typeof ts): ts.CompilerHost {
  return {
    ...base,
    getSourceFile(name, options, onError, shouldCreate) {
      const found: VersionedFile | undefined = base.getSourceFile(name, options, onError, shouldCreate)
      const file = compiled.get(name)
      if (!found || !file || !isOfNote(file, found.text)) return found
      const source: VersionedFile = typescript.createSourceFile(name, file.code, options, true)
      // An incremental build looks at a file again when its version is another one. What a request is compiled to, and why it is refused,
      // depends on other files too.
      if (found.version !== undefined) source.version = hash(base, `${file.code}\n${JSON.stringify(file.diagnostics)}`)
      return source
    },
  }
}

/**
 * Type errors are those of the text that the author sees, and so are their places. Ours stand beside them. What only compiled texts import
 * is a file of this package, in which there is nothing to report.
 */
function reportWith(result: WholeProgram, original: WholeProgram, compiled: CompiledFiles): void {
  const fileOf = (path: string): ts.SourceFile | undefined => original.getSourceFile(path)
  const ours = (name: string): readonly ts.Diagnostic[] => (compiled.get(name)?.diagnostics ?? []).map((one) => toTsDiagnostic(one, fileOf))
  const ofFile = <Found>(file: ts.SourceFile, ask: (known: ts.SourceFile) => readonly Found[]): readonly Found[] => {
    const known = fileOf(file.fileName)
    return known ? ask(known) : []
  }
  result.getSyntacticDiagnostics = (file, token) =>
    file ? ofFile(file, (known) => original.getSyntacticDiagnostics(known, token)) : original.getSyntacticDiagnostics(undefined, token)
  result.getSemanticDiagnostics = (file, token) =>
    file
      ? [...ofFile(file, (known) => original.getSemanticDiagnostics(known, token)), ...ours(file.fileName)]
      : [...original.getSemanticDiagnostics(undefined, token), ...[...compiled.keys()].flatMap(ours)]
  const bound = original.getBindAndCheckDiagnostics?.bind(original)
  if (bound) result.getBindAndCheckDiagnostics = (file, token) => [...ofFile(file, (known) => bound(known, token)), ...ours(file.fileName)]
}

/** What is written maps to the author's text, not to the compiled one. */
function emitterOf(result: ts.Program, host: ts.CompilerHost, compiled: CompiledFiles): ts.Program['emit'] {
  const emit = result.emit.bind(result)
  return (target, writeFile = host.writeFile.bind(host), ...more) => {
    const write: ts.WriteFileCallback = (name, text, mark, onError, sources, data) => {
      const source = sources?.length === 1 ? compiled.get(sources[0]!.fileName) : undefined
      writeFile(name, source === undefined ? text : remapped(name, text, source), mark, onError, sources, data)
    }
    return emit(target && result.getSourceFile(target.fileName), write, ...more)
  }
}

/** A file that is a map, or that has one in its last line. */
function remapped(name: string, text: string, source: CompiledFile): string {
  const compose = (second: string): string => {
    // Made now: nobody may ever ask for it.
    const { map } = source
    if (map === undefined) return second
    return JSON.stringify(composeMaps(second, (outer) => ({ map, nameOf: (inner, own) => relocated(outer, own, inner) })))
  }
  return name.endsWith('.map') ? compose(text) : withInlineMap(text, compose)
}

function hash(host: ts.CompilerHost, text: string): string {
  return host.createHash?.(text) ?? text
}
