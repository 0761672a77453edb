/** Methods that put other elements into the places of an array: `splice`, `copyWithin`. */

import ts from '#typescript'
import { element, isNumber, length, number, operation, push, truncate } from '../../../ir/build.ts'
import type { ArrayType, Expression, Variable } from '../../../ir/nodes.ts'
import { NUMBER } from '../../types.ts'
import { pushAll } from '../concatenate.ts'
import { emit, temporary, type Context } from '../context.ts'
import { atomic, eachPlace, held } from '../each-place.ts'
import { lowerExpression } from '../expression.ts'
import { isGrowable } from '../growth.ts'
import { lowerInOrder } from '../operands.ts'
import { typeIn } from '../type-in.ts'

export function lowerMove(c: Context, node: ts.CallExpression, callee: ts.PropertyAccessExpression): Expression | undefined {
  const name = callee.name.text
  if ((name !== 'splice' && name !== 'copyWithin') || callee.questionDotToken || node.questionDotToken) return undefined
  const type = typeIn(c, callee.expression)
  const { length: count } = node.arguments
  if (type.kind !== 'array' || node.arguments.some(ts.isSpreadElement)) return undefined
  if (name === 'splice' ? count === 0 || !isGrowable(type) : count < 2 || count > 3 || type.readonly === true) return undefined
  const [array, ...given] = lowerInOrder(
    c,
    [callee.expression, ...node.arguments].map((part, i) => () => (i === 0 ? held(c, lowerExpression(c, part)) : lowerExpression(c, part))),
  )
  return name === 'splice' ? splice(c, type, array as Variable, given) : copyWithin(c, type, array as Variable, given)
}

/** The elements from a place on, `size` of them, give way to others. Its value is those that were taken out. */
function splice(c: Context, type: ArrayType, array: Variable, [start, size, ...others]: readonly Expression[]): Expression {
  const count = temporary(c, 'count', NUMBER, length(array))
  const from = placeIn(c, start!, count, 'from')
  const end = size ? temporary(c, 'end', NUMBER, operation('+', from, atMost(size, operation('-', count, from)))) : count
  const own = { kind: 'array', storage: type.storage, element: type.element } as const
  const removed = temporary(c, 'removed', own, { kind: 'slice', array, start: from, end })
  const kept = others.map((one) => atomic(c, one))
  const rest = size && temporary(c, 'rest', own, { kind: 'slice', array, start: end })
  emit(c, truncate(array, from, count))
  for (const one of kept) emit(c, push(array, one))
  if (rest) pushAll(c, array, rest)
  return removed
}

/** The length stays as it is: what would stand behind the end is left out. */
function copyWithin(
  c: Context,
  { storage, element: of }: ArrayType,
  array: Variable,
  [target, start, last]: readonly Expression[],
): Expression {
  const count = temporary(c, 'count', NUMBER, length(array))
  const to = placeIn(c, target!, count, 'to')
  const from = placeIn(c, start!, count, 'from')
  const end = last ? placeIn(c, last, count, 'end') : count
  const fitting = operation('Math.min', end, operation('-', operation('+', from, count), to))
  const type = { kind: 'array', storage, element: of } as const
  const moved = temporary(c, 'moved', type, { kind: 'slice', array, start: from, end: operation('Math.max', from, fitting) })
  eachPlace(c, moved, (place) => {
    emit(c, { kind: 'assign', target: element(array, operation('+', to, place)), value: element(moved, place) })
  })
  return array
}

/** A place counted from the start or, where it is negative, from the end; within the array. */
function placeIn(c: Context, given: Expression, count: Expression, name: string): Expression {
  if (isNumber(given, 0)) return number(0)
  if (given.kind === 'number' && Number.isInteger(given.value)) {
    const inside = given.value > 0 ? operation('Math.min', given, count) : operation('Math.max', operation('+', count, given), number(0))
    return temporary(c, name, NUMBER, inside)
  }
  const whole = temporary(c, 'place', NUMBER, operation('Math.trunc', given))
  const fromEnd = operation('Math.max', operation('+', count, whole), number(0))
  return temporary(c, name, NUMBER, operation('select', operation('<', whole, number(0)), fromEnd, operation('Math.min', whole, count)))
}

/** A number of elements, of those that are there. */
function atMost(size: Expression, there: Expression): Expression {
  if (isNumber(size, 0)) return size
  const whole =
    size.kind === 'number' && Number.isInteger(size.value) ? size : operation('Math.max', operation('Math.trunc', size), number(0))
  return operation('Math.min', whole, there)
}
