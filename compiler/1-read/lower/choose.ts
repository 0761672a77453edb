/** A value by a condition: only the branch that is taken is evaluated, and so differentiated. */

import type { Expression, Type } from '../../ir/nodes.ts'
import { assignTo, captured, emit, temporary, type Context } from './context.ts'
import { typeOfExpression } from './type-of.ts'

/** The type is that of the first branch where the type checker does not know it. */
export function choose(c: Context, type: Type, test: Expression, then: () => Expression, otherwise: () => Expression): Expression {
  if (test.kind === 'boolean') return test.value ? then() : otherwise()
  const result = temporary(c, 'choice', type)
  const branch = (lower: () => Expression) =>
    captured(c, () => {
      const value = lower()
      const known = c.f.variables[result.name]!
      if (known.type.kind === 'opaque') c.f.variables[result.name] = { ...known, type: typeOfExpression(c.f.variables, value) }
      assignTo(c, result, value)
    })
  const [thenList, elseList] = [branch(then), branch(otherwise)]
  emit(c, { kind: 'if', test, then: thenList, else: elseList })
  return result
}
