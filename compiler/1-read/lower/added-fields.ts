/** Fields that JavaScript gives an object after it has made it: `const color = { l, a, b }; if (alpha !== undefined) color.alpha = alpha`. */

import ts from '#typescript'
import { maybeUndefined } from '../../ir/missing.ts'
import type { Field } from '../../ir/nodes.ts'
import { bare, symbolAt } from '../facts.ts'
import { NUMBER } from '../types.ts'
import type { Context } from './context.ts'
import { typeIn } from './type-in.ts'

/** Those that the literal of a variable lacks. Where nobody says what they are given, they hold numbers: what does not fit is refused where it is given. */
export function fieldsAdded(c: Context, literal: ts.Expression, names: readonly (string | undefined)[]): readonly Field[] {
  const { checker } = c.f.session
  const name = nameGiven(literal.parent)
  const symbol = name && checker.getSymbolAtLocation(name)
  const scope = ts.findAncestor(literal, ts.isFunctionLike)
  const found = new Map<string, Field>()
  const visit = (node: ts.Node): void => {
    ts.forEachChild(node, visit)
    if (!ts.isBinaryExpression(node) || node.operatorToken.kind !== ts.SyntaxKind.EqualsToken) return
    const { left, right } = node
    if (!ts.isPropertyAccessExpression(left) || !ts.isIdentifier(left.expression) || names.includes(left.name.text)) return
    if (symbolAt(checker, left.expression) !== symbol || found.has(left.name.text)) return
    const given = typeIn(c, right)
    const type = given.kind === 'opaque' && !isOfOthers(bare(right)) ? NUMBER : given
    found.set(left.name.text, { name: left.name.text, type: maybeUndefined(type), optional: true })
  }
  if (symbol && scope) visit(scope)
  return [...found.values()]
}

/** The variable that is declared with a value, or assigned one. */
function nameGiven(node: ts.Node): ts.Identifier | undefined {
  const target = ts.isVariableDeclaration(node)
    ? node.name
    : ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.EqualsToken
      ? node.left
      : undefined
  return target && ts.isIdentifier(target) ? target : undefined
}

/** What is no number by its form. */
const isOfOthers = (node: ts.Expression): boolean =>
  ts.isObjectLiteralExpression(node) ||
  ts.isStringLiteralLike(node) ||
  (ts.isBinaryExpression(node) && ['||', '&&', '??'].includes(node.operatorToken.getText()))
