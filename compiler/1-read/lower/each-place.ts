/** What going over an array needs: a name for it that stays, and a loop over its places. */

import { length, number, variable } from '../../ir/build.ts'
import type { Expression, Variable } from '../../ir/nodes.ts'
import { NUMBER } from '../types.ts'
import { captured, emit, freshName, freshTarget, temporary, type Context } from './context.ts'
import { typeOfExpression } from './type-of.ts'

/** A value under a name that nothing assigns later. */
export function held(c: Context, value: Expression, base = 'values'): Variable {
  return value.kind === 'variable' && !c.f.assigned.has(value.name)
    ? value
    : temporary(c, base, typeOfExpression(c.f.variables, value), value)
}

/** The same of a value that what is done before it is used may change. */
export const atomic = (c: Context, value: Expression): Expression =>
  value.kind === 'number' || value.kind === 'boolean' ? value : held(c, value, 'value')

/** A loop over the places that the array has before it. `leave` is where an exit out of the loop goes. */
export function eachPlace(c: Context, array: Expression, body: (place: Variable, leave: number) => void): void {
  const place = freshName(c.f, 'i', NUMBER)
  const leave = freshTarget(c)
  emit(c, {
    kind: 'loop',
    target: leave,
    counter: { name: place, from: number(0), to: length(array), comparison: '<', step: 1 },
    body: captured(c, () => body(variable(place), leave)),
  })
}
