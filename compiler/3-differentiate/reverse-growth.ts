/**
 * The adjoint of an array that becomes longer or shorter. Its shadow changes with it in the forward sweep, and both change back here, so that at every
 * point of the reverse sweep a shadow is as long as its array was.
 */

import { isStorage } from '../2-analyze/regions.ts'
import { declare, dropLast, element, length, number, operation, push, variable } from '../ir/build.ts'
import type { Expression, Push, Statement, Truncate } from '../ir/nodes.ts'
import { typeOf } from '../ir/types.ts'
import { NUMBER } from '../ir/build.ts'
import { isActive, type Context } from './context.ts'
import { contributions } from './contributions.ts'
import { isShadow } from './restore.ts'
import { rootOf, shadowOf } from './shadows.ts'

export function adjointOfPush(statement: Push, context: Context): readonly Statement[] {
  const { array, value } = statement
  const holdsReferences = isStorage(typeOf(value, context.scope.variables))
  // What is added to the shadow of a number is taken out where the number's own addition is reversed.
  if (isShadow(array, context) && !holdsReferences) return []
  const undo = context.mustRestore(statement) ? [dropLast(array)] : []
  if (holdsReferences || !isActive(element(array, number(0)), context)) return undo
  const shadow = shadowOf(array, context.bars)
  const seed = context.scope.fresh(`${rootOf(array)}_new_bar`, NUMBER)
  const last = element(shadow, operation('-', length(shadow), number(1)))
  return [...undo, declare(seed, last), dropLast(shadow), ...contributions(value, variable(seed), context, undefined, rootOf(array))]
}

/** `tail` names what was cut off, where it is needed again. */
export function adjointOfTruncation(statement: Truncate, tail: string | undefined, context: Context): readonly Statement[] {
  const { array, from } = statement
  const k = context.scope.fresh('k', NUMBER)
  const again = (start: Expression, to: Expression, value: Expression): Statement => ({
    kind: 'loop',
    counter: { name: k, from: start, to, comparison: '<', step: 1 },
    body: [push(array, value)],
  })
  const type = typeOf(array, context.scope.variables)
  if (isShadow(array, context) && type.kind === 'array' && !isStorage(type.element)) {
    const start = context.scope.fresh('start', NUMBER)
    return [declare(start, length(array)), again(variable(start), from, number(0))]
  }
  return tail === undefined ? [] : [again(number(0), length(variable(tail)), element(variable(tail), variable(k)))]
}
