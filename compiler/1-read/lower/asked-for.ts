/** Whether a program asks if a value is there: then there may be none, whatever its type says of elements beyond the end. */

import ts from '#typescript'
import { symbolAt } from '../facts.ts'
import type { Context } from './context.ts'

const askedIn = new WeakMap<ts.Node, ReadonlySet<ts.Symbol>>()

/** Whether the function around asks of a variable whether it holds something: `if (last)`, `last ?? x`, `last?.x`, `last === undefined`. */
export function isAskedFor({ f: { session } }: Context, symbol: ts.Symbol, name: ts.Identifier): boolean {
  const around = functionAround(name)
  const known = askedIn.get(around) ?? symbolsAsked(around, session.checker)
  askedIn.set(around, known)
  return known.has(symbol)
}

const functionAround = (node: ts.Node): ts.Node => ts.findAncestor(node, (one) => ts.isFunctionLike(one) || ts.isSourceFile(one))!

function symbolsAsked(around: ts.Node, checker: ts.TypeChecker): ReadonlySet<ts.Symbol> {
  const found = new Set<ts.Symbol>()
  const visit = (node: ts.Node): void => {
    const symbol = ts.isIdentifier(node) && isAsked(node) ? symbolAt(checker, node) : undefined
    if (symbol) found.add(symbol)
    ts.forEachChild(node, visit)
  }
  visit(around)
  return found
}

/** Whether that is asked of an element of a new array, or of what is read of one. */
export function isAskedForWithin(c: Context, made: ts.Expression): boolean {
  const { session } = c.f
  const declaration = ts.findAncestor(made, ts.isVariableDeclaration)
  const around = functionAround(made)
  const name = declaration && ts.isIdentifier(declaration.name) ? declaration.name : undefined
  const symbol = name && session.checker.getSymbolAtLocation(name)
  if (!name || !symbol) return false
  const asks = (node: ts.Node): boolean => {
    const isElement = ts.isElementAccessExpression(node) && ts.isIdentifier(node.expression) && node.expression.text === name.text
    if (isElement && symbolAt(session.checker, node.expression) === symbol) {
      const held = ts.isVariableDeclaration(node.parent) && ts.isIdentifier(node.parent.name) ? node.parent.name : undefined
      const own = held && session.checker.getSymbolAtLocation(held)
      if (isAsked(node) || (held && own && isAskedFor(c, own, held))) return true
    }
    return ts.forEachChild(node, (child) => asks(child) || undefined) === true
  }
  return asks(around)
}

function isAsked(node: ts.Node): boolean {
  const { parent } = node
  if (ts.isParenthesizedExpression(parent)) return isAsked(parent)
  if (ts.isPrefixUnaryExpression(parent)) return parent.operator === ts.SyntaxKind.ExclamationToken
  if (ts.isIfStatement(parent) || ts.isWhileStatement(parent) || ts.isDoStatement(parent)) return parent.expression === node
  if (ts.isConditionalExpression(parent)) return parent.condition === node
  if (ts.isPropertyAccessExpression(parent) || ts.isElementAccessExpression(parent) || ts.isCallExpression(parent))
    return parent.expression === node && parent.questionDotToken !== undefined
  if (!ts.isBinaryExpression(parent)) return false
  const operator = parent.operatorToken.getText()
  if (operator === '&&' || operator === '||') return true
  if (operator === '??') return parent.left === node
  const other = parent.left === node ? parent.right : parent.left
  return /^[!=]==?$/.test(operator) && (other.kind === ts.SyntaxKind.NullKeyword || other.getText() === 'undefined')
}
