/**
 * The adjoint of a call: the callee's backward half. A call without active arguments has none.
 */

import type { Call, Statement } from '../ir/nodes.ts'
import { isActive, type Context } from './context.ts'
import { Refusal } from './refusal.ts'

export function reverseCall(statement: Call, context: Context): readonly Statement[] {
  const arguments_ = statement.arguments.some((argument) => context.activity.isVaried(argument))
  const result = statement.result !== undefined && isActive({ kind: 'variable', name: statement.result }, context)
  if (!arguments_ && !result) return []
  throw new Refusal('CT3002', statement.origin, { callee: statement.callee })
}
