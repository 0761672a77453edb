/** What the functions of a program are called in the IR. */

import ts from '#typescript'
import { functionName } from './lower/context.ts'
import { projectPath, type Session } from './session.ts'

/** Stable across runs and edits elsewhere: the file, the name and, for a function without one of its own, its place. */
export function keyOf(session: Session, declaration: ts.FunctionLikeDeclaration): string {
  const place = isLocal(declaration) ? `@${String(declaration.getStart())}` : ''
  return `${projectPath(session, declaration.getSourceFile().fileName)}#${functionName(declaration)}${place}`
}

/** Whether a function stands within another, or within an expression, where it may use what is only visible there. */
export function isLocal(declaration: ts.Node): boolean {
  const holder = ts.isFunctionDeclaration(declaration)
    ? declaration.parent
    : ts.isVariableDeclaration(declaration.parent)
      ? declaration.parent.parent.parent.parent
      : declaration.parent
  return !ts.isSourceFile(holder)
}
