/** What an empty list of JavaScript is for: what its function puts into it. `const rows = []; for (...) rows.push(new Float64Array(n))`. */

import ts from '#typescript'
import type { Type } from '../../ir/nodes.ts'
import { bare, symbolAt } from '../facts.ts'
import { arrayOf, NUMBER } from '../types.ts'
import type { Context } from './context.ts'
import { typeIn } from './type-in.ts'

/** By the first thing that is put into it of which that can be told. */
export function elementByUse(c: Context, literal: ts.ArrayLiteralExpression): Type | undefined {
  const { checker } = c.f.session
  const declaration = literal.parent
  if (!ts.isVariableDeclaration(declaration) || !ts.isIdentifier(declaration.name)) return undefined
  const symbol = checker.getSymbolAtLocation(declaration.name)
  const scope = ts.findAncestor(declaration, ts.isFunctionLike)
  const isIt = (node: ts.Expression): boolean => ts.isIdentifier(node) && symbol !== undefined && symbolAt(checker, node) === symbol
  const given = (node: ts.Node): Type | undefined => {
    const put = putInto(node, isIt)
    const type = put && typeOfPut(c, put)
    return type ?? ts.forEachChild(node, given)
  }
  return scope && given(scope)
}

/** `list.push(value)`, `list[i] = value`. */
function putInto(node: ts.Node, isIt: (node: ts.Expression) => boolean): ts.Expression | undefined {
  if (ts.isCallExpression(node)) {
    const { expression: callee } = node
    const isPush = ts.isPropertyAccessExpression(callee) && callee.name.text === 'push' && isIt(bare(callee.expression))
    return isPush ? node.arguments[0] : undefined
  }
  if (!ts.isBinaryExpression(node) || node.operatorToken.kind !== ts.SyntaxKind.EqualsToken) return undefined
  const target = bare(node.left)
  return ts.isElementAccessExpression(target) && isIt(bare(target.expression)) ? node.right : undefined
}

function typeOfPut(c: Context, original: ts.Expression): Type | undefined {
  const node = bare(original)
  if (ts.isSpreadElement(node)) return undefined
  const type = typeIn(c, node)
  if (type.kind !== 'opaque') return type
  if (!ts.isArrayLiteralExpression(node)) return undefined
  const [first] = node.elements
  return arrayOf('Array', (first && typeOfPut(c, first)) ?? NUMBER)
}
