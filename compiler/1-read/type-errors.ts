/**
 * Errors that TypeScript finds in what is differentiated. Types decide what carries a derivative, so a value of the wrong type would give a wrong one;
 * errors elsewhere in the program are the author's business.
 */

import ts from '#typescript'
import { createDiagnostic, type Diagnostic } from '../diagnostics/report.ts'
import type { FunctionNode, Origin } from '../ir/nodes.ts'

/** What can't run as written, or has another type than it says: unknown names and properties, wrong operands, arguments, results. */
const codes = new Set([2304, 2322, 2339, 2345, 2355, 2362, 2363, 2365, 2366, 2551, 2552, 2554, 2769])

export function findTypeErrors(program: ts.Program, functions: Iterable<FunctionNode>): readonly Diagnostic[] {
  const places = new Map<string, Origin[]>()
  for (const { origin } of functions) if (origin) places.set(origin.file, [...(places.get(origin.file) ?? []), origin])
  return [...places].flatMap(([path, origins]) => errorsIn(program, path, origins))
}

/** A file that does not parse has no functions that could be trusted. */
export function findSyntaxErrors(program: ts.Program, file: ts.SourceFile): readonly Diagnostic[] {
  return program.getSyntacticDiagnostics(file).map((error) => described(error, file.fileName))
}

function errorsIn(program: ts.Program, path: string, origins: readonly Origin[]): readonly Diagnostic[] {
  const file = program.getSourceFile(path)
  if (!file || file.isDeclarationFile) return []
  const isWithin = ({ start = 0 }: ts.Diagnostic): boolean => origins.some((origin) => origin.start <= start && start < origin.end)
  return program
    .getSemanticDiagnostics(file)
    .filter((error) => codes.has(error.code) && isWithin(error))
    .map((error) => described(error, path))
}

function described({ code, messageText, start = 0, length = 0 }: ts.Diagnostic, file: string): Diagnostic {
  const reason = ts.flattenDiagnosticMessageText(messageText, ' ')
  return createDiagnostic('CT5003', { file, start, end: start + length }, { code, reason })
}
