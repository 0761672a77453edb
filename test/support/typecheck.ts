import { posix } from 'node:path'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'

const options: ts.CompilerOptions = {
  strict: true,
  noEmit: true,
  target: ts.ScriptTarget.ES2023,
  lib: ['lib.es2023.d.ts'],
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  allowImportingTsExtensions: true,
  skipLibCheck: true,
  types: [],
}

const root = fileURLToPath(new URL('../../', import.meta.url))
const packageFiles: Readonly<Record<string, string>> = {
  cotangent: posix.join(root, 'runtime/index.ts'),
  'cotangent/runtime': posix.join(root, 'runtime/runtime.ts'),
  'cotangent/graph': posix.join(root, 'runtime/graph/index.ts'),
  'cotangent/hooks': posix.join(root, 'runtime/hooks.ts'),
  'cotangent/testing': posix.join(root, 'runtime/testing.ts'),
}

/**
 * The type errors of virtual files under `--strict`, one line each, by file. All files go into one program, so that the library's declarations are
 * parsed and bound once: a few milliseconds a file instead of half a second.
 */
export function typeErrors(files: Readonly<Record<string, string>>): Map<string, string[]> {
  const host = ts.createCompilerHost(options)
  const inFile = (path: string): string | undefined => files[path]
  const { getSourceFile, fileExists, readFile } = host
  host.fileExists = (path) => inFile(path) !== undefined || fileExists(path)
  host.readFile = (path) => inFile(path) ?? readFile(path)
  host.getSourceFile = (path, languageVersion, ...rest) => {
    const text = inFile(path)
    return text === undefined ? getSourceFile(path, languageVersion, ...rest) : ts.createSourceFile(path, text, languageVersion, true)
  }
  host.resolveModuleNameLiterals = (literals, containing) =>
    literals.map(({ text }) => {
      const virtual = text.startsWith('.') ? posix.join(posix.dirname(containing), text) : packageFiles[text]
      return { resolvedModule: virtual === undefined ? undefined : { resolvedFileName: virtual, extension: ts.Extension.Ts } }
    })
  const program = ts.createProgram({ rootNames: Object.keys(files), options, host })
  const errors = new Map<string, string[]>()
  for (const path of Object.keys(files)) {
    const source = program.getSourceFile(path)
    if (source === undefined) throw new Error(`No source file for ${path}.`)
    const found = [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)]
    if (found.length > 0) errors.set(path, found.map(line))
  }
  return errors
}

function line(diagnostic: ts.Diagnostic): string {
  const text = ts.flattenDiagnosticMessageText(diagnostic.messageText, '\n')
  if (diagnostic.file === undefined || diagnostic.start === undefined) return text
  const { line } = diagnostic.file.getLineAndCharacterOfPosition(diagnostic.start)
  const source = diagnostic.file.text.split('\n')[line] ?? ''
  return `${diagnostic.file.fileName}:${line + 1}: ${text}\n    ${source.trim()}`
}
