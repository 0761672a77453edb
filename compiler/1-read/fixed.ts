/** Storage around a function that nothing in the program writes, so that it is the same whenever it is read. */

import ts from '#typescript'
import { constantText } from './constants.ts'
import type { Session } from './session.ts'

/**
 * A constant made of literals, which its file does nothing with but read, and which no other file can name. Only what is certain counts: other storage is
 * kept where it will be read later.
 */
export function isFixed({ checker, program, facts, names }: Session, declaration: ts.Declaration): boolean {
  if (!ts.isVariableDeclaration(declaration) || !ts.isIdentifier(declaration.name)) return false
  const statement = declaration.parent.parent
  if (!ts.isVariableStatement(statement) || !ts.isSourceFile(statement.parent)) return false
  const isExported =
    statement.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword) ?? isNamedInExport(declaration.name, statement.parent)
  const around = { program, nameOf: names.nameOf, isAssigned: facts.isAssigned }
  return !isExported && constantText(checker, declaration, around) !== undefined
}

/** `export { table }` and `export default table`. */
function isNamedInExport({ text }: ts.Identifier, { statements }: ts.SourceFile): boolean {
  return statements.some((statement) => {
    if (ts.isExportAssignment(statement)) return statement.expression.getText() === text
    const clause = ts.isExportDeclaration(statement) && !statement.moduleSpecifier ? statement.exportClause : undefined
    return clause !== undefined && ts.isNamedExports(clause) && clause.elements.some((one) => (one.propertyName ?? one.name).text === text)
  })
}
