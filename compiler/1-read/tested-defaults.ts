/**
 * The default values of parameters, as they are written for engines that know none: `function f(x) { if (x === void 0) { x = 0 } ... }` with such tests alone
 * at the beginning.
 */

import ts from '#typescript'
import { isJavaScript } from './commonjs.ts'

/** `if (x === void 0) { x = value }`. */
export interface TestedDefault extends ts.IfStatement {
  readonly expression: ts.BinaryExpression
}

export function isTestedDefault(node: ts.Node): node is TestedDefault {
  if (!ts.isIfStatement(node) || !isJavaScript(node)) return false
  const given = assignmentIn(node)
  const { parent } = node
  if (!given || !ts.isBlock(parent) || !ts.isFunctionLike(parent.parent)) return false
  const name = testedName(node.expression)
  if (name === undefined || name !== given.left.getText()) return false
  if (!parent.parent.parameters.some((one) => ts.isIdentifier(one.name) && one.name.text === name && !one.initializer)) return false
  const before = parent.statements.slice(0, parent.statements.indexOf(node))
  return before.every((one) => isDirective(one) || (isTestedDefault(one) && assignmentIn(one)!.left.getText() !== name))
}

/** The value. */
export const defaultOf = (node: TestedDefault): ts.Expression => assignmentIn(node)!.right

/** What a parameter is when it is left out. */
export function initializerOf(parameter: ts.ParameterDeclaration): ts.Expression | undefined {
  if (parameter.initializer || !isJavaScript(parameter)) return parameter.initializer
  const { body } = parameter.parent as { readonly body?: ts.ConciseBody }
  if (!body || !ts.isBlock(body)) return undefined
  const name = parameter.name.getText()
  const tested = body.statements.find((one): one is TestedDefault => isTestedDefault(one) && assignmentIn(one)!.left.getText() === name)
  return tested && defaultOf(tested)
}

const isDirective = (node: ts.Statement): boolean => ts.isExpressionStatement(node) && ts.isStringLiteral(node.expression)

function assignmentIn({ thenStatement, elseStatement }: ts.IfStatement): ts.BinaryExpression | undefined {
  if (elseStatement) return undefined
  const only = ts.isBlock(thenStatement) ? thenStatement.statements.length === 1 && thenStatement.statements[0] : thenStatement
  const node = only && ts.isExpressionStatement(only) ? only.expression : undefined
  return node && ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.EqualsToken && ts.isIdentifier(node.left)
    ? node
    : undefined
}

/** The name in `name === undefined` and `name === void 0`. */
function testedName(node: ts.Expression): string | undefined {
  if (!ts.isBinaryExpression(node) || node.operatorToken.kind !== ts.SyntaxKind.EqualsEqualsEqualsToken) return undefined
  const { left, right } = node
  const isUndefined = ts.isVoidExpression(right) || (ts.isIdentifier(right) && right.text === 'undefined')
  return isUndefined && ts.isIdentifier(left) ? left.text : undefined
}
