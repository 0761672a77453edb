import ts from '#typescript'
import type { Diagnostic, Place } from './report.ts'

export interface FormatOptions {
  /** Gives the text of a file; by default it is read from the disk. */
  readonly readFile?: (path: string) => string | undefined
  readonly color?: boolean
  /** Paths are shown relative to it. */
  readonly currentDirectory?: string
}

/** Prints diagnostics with code frames, the chain of reasons and the hint, ending in an empty line each. */
export function formatDiagnostics(diagnostics: readonly Diagnostic[], options: FormatOptions = {}): string {
  const host: ts.FormatDiagnosticsHost = {
    getCurrentDirectory: () => options.currentDirectory ?? ts.sys.getCurrentDirectory(),
    getCanonicalFileName: (name) => name,
    getNewLine: () => '\n',
  }
  const sourceOf = sourceFiles(options.readFile ?? ((path) => ts.sys.readFile(path)))
  return diagnostics
    .map((diagnostic) => {
      const formatted = ts.formatDiagnosticsWithColorAndContext([convert(diagnostic, diagnostic.message, sourceOf)], host)
      // TypeScript prints its own prefix before every code, so each is formatted on its own and renamed.
      const named = formatted.replace(`TS${numberOf(diagnostic)}: `, `${diagnostic.code}: `)
      const text = `${named.trimEnd()}\n\n  hint: ${diagnostic.hint}\n`
      return options.color === false ? withoutColor(text) : text
    })
    .join('\n')
}

/** For TypeScript's own tools (`tsc`, editors), which know no codes but numbers: the message begins with our code. */
export function toTsDiagnostic(diagnostic: Diagnostic, fileOf: (path: string) => ts.SourceFile | undefined): ts.Diagnostic {
  return convert(diagnostic, `${diagnostic.code}: ${diagnostic.message}\n  hint: ${diagnostic.hint}`, fileOf)
}

function convert(diagnostic: Diagnostic, messageText: string, fileOf: (path: string) => ts.SourceFile | undefined): ts.Diagnostic {
  return {
    category: diagnostic.severity === 'error' ? ts.DiagnosticCategory.Error : ts.DiagnosticCategory.Warning,
    code: numberOf(diagnostic),
    source: 'cotangent',
    messageText,
    ...located(diagnostic, fileOf),
    relatedInformation: diagnostic.chain.map((reason) => ({
      category: ts.DiagnosticCategory.Message,
      code: 0,
      messageText: reason.text,
      ...located(reason, fileOf),
    })),
  }
}

function located(
  place: Place,
  fileOf: (path: string) => ts.SourceFile | undefined,
): { file: ts.SourceFile | undefined; start: number | undefined; length: number | undefined } {
  const file = place.file === '' ? undefined : fileOf(place.file)
  if (file === undefined) return { file: undefined, start: undefined, length: undefined }
  const start = Math.min(place.start, file.text.length)
  return { file, start, length: Math.max(0, Math.min(place.end, file.text.length) - start) }
}

function numberOf(diagnostic: Diagnostic): number {
  return Number(diagnostic.code.slice(2))
}

/** Reads and parses each file once. */
function sourceFiles(readFile: (path: string) => string | undefined): (path: string) => ts.SourceFile | undefined {
  const known = new Map<string, ts.SourceFile | undefined>()
  return (path) => {
    if (!known.has(path)) {
      const text = readFile(path)
      known.set(path, text === undefined ? undefined : ts.createSourceFile(path, text, ts.ScriptTarget.Latest))
    }
    return known.get(path)
  }
}

function withoutColor(text: string): string {
  // eslint-disable-next-line no-control-regex -- This is what colours are made of.
  return text.replace(/\u001B\[\d*m/g, '')
}
