/**
 * Errors that TypeScript finds in what is differentiated. Types decide what carries a derivative, so a value of the wrong type would give a wrong one;
 * errors elsewhere in the program are the author's business.
 */

import ts from '#typescript'
import { createDiagnostic, type Diagnostic } from '../diagnostics/report.ts'
import type { FunctionNode, Origin } from '../ir/nodes.ts'

/** What can't run as written, or has another type than it says: unknown names and properties, wrong operands, arguments, results. */
const codes = new Set([2304, 2322, 2339, 2345, 2355, 2362, 2363, 2365, 2366, 2551, 2552, 2554, 2769])

/** `asking` is the file that the functions are read for. */
export function findTypeErrors(program: ts.Program, functions: Iterable<FunctionNode>, asking: ts.SourceFile): readonly Diagnostic[] {
  const places = new Map<string, Origin[]>()
  for (const { origin } of functions) if (origin) places.set(origin.file, [...(places.get(origin.file) ?? []), origin])
  return [...places].flatMap(([path, origins]) => errorsIn(program, path, origins, asking))
}

/** A file that does not parse has no functions that could be trusted. */
export function findSyntaxErrors(program: ts.Program, file: ts.SourceFile): readonly Diagnostic[] {
  return program.getSyntacticDiagnostics(file).map((error) => described(error, file.fileName))
}

function errorsIn(program: ts.Program, path: string, origins: readonly Origin[], asking: ts.SourceFile): readonly Diagnostic[] {
  const file = program.getSourceFile(path)
  if (!file || file.isDeclarationFile) return []
  const isWithin = ({ start = 0 }: ts.Diagnostic): boolean => origins.some((origin) => origin.start <= start && start < origin.end)
  return errorsOf(program, file, file === asking ? statementsAround(file, origins) : undefined)
    .filter((error) => codes.has(error.code) && isWithin(error))
    .map((error) => described(error, path))
}

/** Many files may lead to another one, and what is wrong with all of it TypeScript finds once; the one that asks is read for nobody else. */
function statementsAround({ statements }: ts.SourceFile, origins: readonly Origin[]): readonly ts.Statement[] {
  return statements.filter((statement) => origins.some(({ start, end }) => statement.pos <= start && end <= statement.end))
}

/** That a check can be limited to some statements is what editors use, but not part of the declared types. */
function errorsOf(program: ts.Program, file: ts.SourceFile, within: readonly ts.Statement[] | undefined): readonly ts.Diagnostic[] {
  const partly: {
    getSemanticDiagnostics(file: ts.SourceFile, token: undefined, within: readonly ts.Statement[] | undefined): readonly ts.Diagnostic[]
  } = program
  return partly.getSemanticDiagnostics(file, undefined, within)
}

function described({ code, messageText, start = 0, length = 0 }: ts.Diagnostic, file: string): Diagnostic {
  const reason = ts.flattenDiagnosticMessageText(messageText, ' ')
  return createDiagnostic('CT5003', { file, start, end: start + length }, { code, reason })
}
