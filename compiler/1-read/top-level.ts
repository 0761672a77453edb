/** The functions of a file that can be named from outside. */

import ts from '#typescript'
import { bare } from './facts.ts'

/** A function of the top level of a file, by the name it has there. */
export interface Named {
  readonly name: ts.Identifier
  readonly declaration: ts.FunctionLikeDeclaration
  /** The statement that a comment above it belongs to. */
  readonly statement: ts.Statement
}

/** Functions declared at the top level, and constants that hold one. */
export function functionsOf(file: ts.SourceFile): readonly Named[] {
  return file.statements.flatMap((statement): readonly Named[] => {
    if (ts.isFunctionDeclaration(statement))
      return statement.name && statement.body ? [{ name: statement.name, declaration: statement, statement }] : []
    if (!ts.isVariableStatement(statement) || !(statement.declarationList.flags & ts.NodeFlags.Const)) return []
    return statement.declarationList.declarations.flatMap(({ name, initializer }): readonly Named[] => {
      const value = initializer && bare(initializer)
      const isFunction = value && (ts.isArrowFunction(value) || ts.isFunctionExpression(value))
      return isFunction && ts.isIdentifier(name) ? [{ name, declaration: value, statement }] : []
    })
  })
}
