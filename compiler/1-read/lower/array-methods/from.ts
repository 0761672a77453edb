/** `Array.from` and its kin with a function: the elements are what it gives for those of another array, or for as many places. */

import ts from '#typescript'
import type { Expression } from '../../../ir/nodes.ts'
import { arrayOf } from '../../types.ts'
import { textOf } from '../../session.ts'
import { refuse, temporary, type Context } from '../context.ts'
import { held } from '../each-place.ts'
import { lowerExpression } from '../expression.ts'
import { staticOf } from '../static.ts'
import { typeIn } from '../type-in.ts'
import { mapInto, returnedBy, type Visit } from './callbacks.ts'

/** `Array.from(xs, (x, i) => ...)`, where `xs` may be `{ length: n }`. */
export function lowerFilledFrom(c: Context, node: ts.CallExpression, storage: string): Expression | undefined {
  const [source, callback] = node.arguments
  if (!source || !callback || node.arguments.length !== 2) return undefined
  if (!ts.isObjectLiteralExpression(source)) return mappedFrom(c, node, source, callback, storage)
  const [property, more] = source.properties
  const made = typeIn(c, node)
  if (!property || more || property.name?.getText() !== 'length' || made.kind !== 'array') return undefined
  const size = ts.isPropertyAssignment(property)
    ? property.initializer
    : ts.isShorthandPropertyAssignment(property)
      ? property.name
      : undefined
  if (!size || typeIn(c, size).kind !== 'number') return undefined
  const count = lowerExpression(c, size)
  const value = staticOf(c, callback)
  if (!value) return refuse(c, callback, 'CT3002', { text: textOf(callback), function: 'from' })
  // Stands for what is gone over: nothing is ever read from it but its length.
  const places = arrayOf('Array')
  const array = temporary(c, 'places', places, { kind: 'zeros', type: places, length: count })
  const visit: Visit = { c, node, array, type: places, callback: value, returned: returnedBy(c, callback) }
  const { declaration } = value as { declaration?: ts.FunctionLikeDeclaration }
  if (declaration && mentionsFirst(c, declaration))
    return refuse(c, callback, 'CT1017', { method: 'from', reason: 'its function uses the element, and there is none yet' })
  return mapInto(visit, { ...made, storage }, array)
}

function mappedFrom(
  c: Context,
  node: ts.CallExpression,
  source: ts.Expression,
  callback: ts.Expression,
  storage: string,
): Expression | undefined {
  const type = typeIn(c, source)
  const made = typeIn(c, node)
  if (type.kind !== 'array' || made.kind !== 'array') return undefined
  const value = lowerExpression(c, source)
  const array = held(c, value)
  const called = staticOf(c, callback)
  if (!called) return refuse(c, callback, 'CT3002', { text: textOf(callback), function: 'from' })
  return mapInto({ c, node, array, type, callback: called, returned: returnedBy(c, callback) }, { ...made, storage }, array)
}

/** Whether a function does anything with its first parameter, which is `undefined` here. */
function mentionsFirst(c: Context, declaration: ts.FunctionLikeDeclaration): boolean {
  const { checker } = c.f.session
  const [first] = declaration.parameters
  if (!first) return false
  if (!ts.isIdentifier(first.name)) return true
  const symbol = checker.getSymbolAtLocation(first.name)
  const mentions = (node: ts.Node): boolean =>
    (ts.isIdentifier(node) && node !== first.name && checker.getSymbolAtLocation(node) === symbol) ||
    ts.forEachChild(node, (child) => mentions(child) || undefined) === true
  return mentions(declaration)
}
