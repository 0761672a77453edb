/**
 * Methods that put the elements of an array in another order: `sort`, `toSorted`, `reverse`, `toReversed`. Where each element comes from is found
 * first and carries no derivative; then the elements move, and their derivatives with them.
 */

import ts from '#typescript'
import { element, length, number, operation, push } from '../../../ir/build.ts'
import { ORDER } from '../../../ir/guard.ts'
import type { ArrayType, Expression } from '../../../ir/nodes.ts'
import { arrayOf } from '../../types.ts'
import { emit, refuse, temporary, type Context } from '../context.ts'
import { eachPlace, held } from '../each-place.ts'
import { lowerExpression } from '../expression.ts'
import { lowerOpaque } from '../opaque.ts'
import { typeIn } from '../type-in.ts'

/** The index at which the element of a place stood before. */
type Origin = (place: Expression) => Expression

export function lowerOrder(c: Context, node: ts.CallExpression, callee: ts.PropertyAccessExpression): Expression | undefined {
  const name = callee.name.text
  const isSort = name === 'sort' || name === 'toSorted'
  if (!isSort && name !== 'reverse' && name !== 'toReversed') return undefined
  const type = typeIn(c, callee.expression)
  if (type.kind !== 'array' || callee.questionDotToken || node.questionDotToken) return undefined
  if (node.arguments.length > (isSort ? 1 : 0) || node.arguments.some(ts.isSpreadElement))
    return refuse(c, node, 'CT1017', { method: name, reason: isSort ? 'it takes one function' : 'it takes no arguments' })
  const value = lowerExpression(c, callee.expression)
  const inPlace = name === 'sort' || name === 'reverse'
  const isNew = !inPlace || value.kind === 'slice' || value.kind === 'convert' || value.kind === 'list'
  // What was made for this call alone is never seen in its old order.
  const copied = isNew && inPlace && value.kind === 'slice' && !value.start && !value.end ? value.array : value
  const array = held(c, copied)
  const origin = isSort ? sorted(c, node.arguments[0], array) : reversed(array)
  if (isNew) return moved(c, arrayOf(type.storage, type.element), array, origin)
  const before = temporary(c, 'unordered', arrayOf(type.storage, type.element), { kind: 'slice', array })
  eachPlace(c, before, (place) => {
    emit(c, { kind: 'assign', target: element(array, place), value: element(before, origin(place)) })
  })
  return array
}

/** The indices of the elements as they would be sorted, in a variable. */
export function orderOf(c: Context, compare: ts.Expression | undefined, array: Expression): Expression {
  const type = arrayOf('Int32Array')
  const text = compare && lowerOpaque(c, compare)
  const parts = text?.kind === 'opaque' ? [', ', ...text.parts] : []
  return temporary(c, 'order', type, { kind: 'opaque', parts: [`${ORDER}(`, array, ...parts, ')'], type, effects: true })
}

function sorted(c: Context, compare: ts.Expression | undefined, array: Expression): Origin {
  const order = orderOf(c, compare, array)
  return (place) => element(order, place)
}

const reversed =
  (array: Expression): Origin =>
  (place) =>
    operation('-', operation('-', length(array), number(1)), place)

function moved(c: Context, type: ArrayType, array: Expression, origin: Origin): Expression {
  const isFlat = type.element.kind === 'number'
  const made: Expression = isFlat ? { kind: 'zeros', type, length: length(array) } : { kind: 'list', type, elements: [] }
  const result = temporary(c, 'ordered', type, made)
  eachPlace(c, array, (place) => {
    const value = element(array, origin(place))
    if (isFlat) emit(c, { kind: 'assign', target: element(result, place), value })
    else emit(c, push(result, value))
  })
  return result
}
