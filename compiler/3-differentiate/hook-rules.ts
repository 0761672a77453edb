/** What ready hooks do to a gradient, and hooks that only look at one. */

import { multiply, negate, operation, VOID } from '../ir/build.ts'
import type { HookRule } from '../ir/hook.ts'
import { OBSERVED } from '../ir/guard.ts'
import type { Expression, Statement } from '../ir/nodes.ts'

/** What becomes of one number of the gradient. */
export function changedBy(rule: Exclude<HookRule, 'observe'>, gradient: Expression, [first, second]: readonly Expression[]): Expression {
  switch (rule) {
    case 'clamp':
      return operation('Math.min', operation('Math.max', gradient, first!), second!)
    case 'scale':
      return multiply(gradient, first!)
    case 'reverse':
      return negate(multiply(gradient, first!))
  }
}

export const observed = (fn: Expression, gradient: Expression, label: Expression): Statement => ({
  kind: 'effect',
  expression: { kind: 'opaque', parts: [`${OBSERVED}(`, fn, ', ', gradient, ', ', label, ')'], type: VOID, effects: true },
})
