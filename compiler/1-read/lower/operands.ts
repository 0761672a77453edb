/**
 * Operands of one operation, from left to right. What an earlier operand gives is kept in a temporary when lowering a later one
 * writes statements that can change it: in `x[i] + (i = 2)`, `x[i]` is read first.
 */

import type { Expression } from '../../ir/nodes.ts'
import { freshName, type Context } from './context.ts'
import { mayChange } from './interference.ts'
import { nameFor } from './names.ts'
import { typeOfExpression } from './type-of.ts'
import { variable } from '../../ir/build.ts'

export function lowerInOrder(c: Context, lowerings: readonly (() => Expression)[]): Expression[] {
  const lowered: { value: Expression; position: number }[] = []
  for (const lower of lowerings) {
    const value = lower()
    lowered.push({ value, position: c.f.out.length })
  }
  // From the last to the first, so that positions before stay what they are.
  const values: Expression[] = []
  for (const { value, position } of lowered.reverse()) {
    const after = c.f.out.slice(position)
    if (after.length > 0 && mayChange(after, value)) {
      const name = freshName(c.f, nameFor(value), typeOfExpression(c.f.variables, value))
      c.f.out.splice(position, 0, { kind: 'declare', name, value, ...(c.f.origin && { origin: c.f.origin }) })
      values.unshift(variable(name))
    } else values.unshift(value)
  }
  return values
}
