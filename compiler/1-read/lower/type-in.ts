/** The type of a source expression where it stands: from the type checker, and where that knows nothing, from what its parts are bound to. */

import ts from '#typescript'
import type { Type } from '../../ir/nodes.ts'
import { bare, symbolAt } from '../facts.ts'
import { NUMBER, typeOfNode } from '../types.ts'
import { lookup, type Context } from './context.ts'
import { selfOf } from './classes/self.ts'
import { typeOfExpression } from './type-of.ts'

/** A value of a type parameter is what it is in this call, not what the parameter allows. */
export function typeIn(c: Context, node: ts.Expression): Type {
  const target = bare(node)
  const self = target.kind === ts.SyntaxKind.ThisKeyword ? selfOf(c.environment) : undefined
  if (self?.kind === 'expression') return typeOfExpression(c.f.variables, self.expression)
  const read = typeOfNode(c.f.session, target)
  return read.kind === 'opaque' ? (typeByForm(c, target) ?? read) : read
}

function typeByForm(c: Context, node: ts.Expression): Type | undefined {
  if (ts.isIdentifier(node)) {
    const symbol = symbolAt(c.f.session.checker, node)
    const binding = symbol && lookup(c.environment, symbol)
    return binding?.kind === 'expression' ? typeOfExpression(c.f.variables, binding.expression) : undefined
  }
  if (ts.isPropertyAccessExpression(node)) {
    const record = typeIn(c, node.expression)
    if (record.kind === 'array' && node.name.text === 'length') return NUMBER
    return record.kind === 'record' ? record.fields.find(({ name }) => name === node.name.text)?.type : undefined
  }
  if (ts.isElementAccessExpression(node)) {
    const array = typeIn(c, node.expression)
    return array.kind === 'array' ? array.element : undefined
  }
  if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.PlusToken)
    return typeIn(c, node.left).kind === 'number' && typeIn(c, node.right).kind === 'number' ? NUMBER : undefined
  return undefined
}
