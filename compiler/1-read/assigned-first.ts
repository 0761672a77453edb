/** Whether a variable is given a value on every way to where it is read: what it is declared with is nobody's concern then. */

import ts from '#typescript'
import { bare, symbolAt } from './facts.ts'

/** `read` before it is given one; `given` on every way through, of which one that leaves is none. */
type Fate = 'read' | 'given' | 'open'

/** `var result = null`, of which the rest of its list makes a value before it asks for one. */
export function isAssignedFirst(checker: ts.TypeChecker, { name, parent }: ts.VariableDeclaration): boolean {
  const statement = parent.parent
  const list = statement.parent
  if (!ts.isIdentifier(name) || !ts.isVariableDeclarationList(parent) || !ts.isVariableStatement(statement) || !ts.isBlock(list))
    return false
  // A `var` is seen around its block.
  if ((parent.flags & ts.NodeFlags.BlockScoped) === 0 && !ts.isFunctionLike(list.parent)) return false
  const symbol = checker.getSymbolAtLocation(name)
  const others = parent.declarations.slice(parent.declarations.indexOf(name.parent as ts.VariableDeclaration) + 1)
  const mentions = (node: ts.Node): boolean =>
    (ts.isIdentifier(node) && node.text === name.text && symbolAt(checker, node) === symbol) ||
    ts.forEachChild(node, (child) => mentions(child) || undefined) === true

  const isCaptured = (node: ts.Node): boolean =>
    ts.isFunctionLike(node) ? mentions(node) : ts.forEachChild(node, (child) => isCaptured(child) || undefined) === true

  const inOrder = (statements: readonly ts.Statement[]): Fate => {
    for (const one of statements) {
      const fate = of(one)
      if (fate !== 'open') return fate
    }
    return 'open'
  }
  const of = (node: ts.Statement): Fate => {
    if (ts.isBlock(node)) return inOrder(node.statements)
    if (ts.isReturnStatement(node) || ts.isThrowStatement(node)) return node.expression && mentions(node.expression) ? 'read' : 'given'
    if (!mentions(node)) return 'open'
    if (ts.isIfStatement(node)) {
      if (mentions(node.expression)) return 'read'
      const fates = [of(node.thenStatement), node.elseStatement ? of(node.elseStatement) : 'open']
      return fates.includes('read') ? 'read' : fates.includes('open') ? 'open' : 'given'
    }
    const assignment = ts.isExpressionStatement(node) ? bare(node.expression) : undefined
    if (!assignment || !ts.isBinaryExpression(assignment) || assignment.operatorToken.kind !== ts.SyntaxKind.EqualsToken) return 'read'
    const target = bare(assignment.left)
    return ts.isIdentifier(target) && mentions(target) && !mentions(assignment.right) ? 'given' : 'read'
  }
  return !others.some(mentions) && !isCaptured(list) && inOrder(list.statements.slice(list.statements.indexOf(statement) + 1)) === 'given'
}
