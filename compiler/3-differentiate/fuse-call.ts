/**
 * Reverses a call where it stands: what follows it says what its cotangent is before it is made, so that the function and its reversal run as one
 * (`at-once.ts`) and keep nothing.
 */

import { isStorage } from '../2-analyze/regions.ts'
import { call, declare, field, variable } from '../ir/build.ts'
import { mentionsHooks } from '../ir/hook.ts'
import type { Call, Statement } from '../ir/nodes.ts'
import { adjointField, atOnceResult } from './at-once.ts'
import { Following } from './before-loop.ts'
import { effectsOf } from './commute.ts'
import { isActive, type Context } from './context.ts'
import { contributions } from './contributions.ts'
import type { Fused, Item } from './plan.ts'
import { allInForward, withComment } from './reverse-block.ts'
import { activeArguments, cotangentOf, isReversed } from './reverse-call.ts'
import { shadowOf } from './shadows.ts'

/** Nothing where the cotangent depends on what the call gives, or the function can not run this way. */
export function fuseCall(statement: Call, later: readonly Item[], after: readonly Statement[], context: Context): Fused | undefined {
  const { result } = statement
  if (result === undefined || !isActive(variable(result), context) || !isReversed(statement, context)) return undefined
  if (mentionsHooks(after, (key) => context.callees.function(key))) return undefined
  const active = activeArguments(statement, context)
  const key = context.callees.atOnce(statement.callee, active)
  if (key === undefined) return undefined
  const callee = context.callees.function(statement.callee)
  const isReference = (i: number): boolean => isStorage(callee.variables[callee.parameters[i]!.name]!.type)
  const shadows = statement.arguments.flatMap((argument, i) =>
    active[i] === true && isReference(i) ? [shadowOf(argument, context.bars)] : [],
  )
  const moved = callee.parameters.flatMap(({ name }, i) => (active[i] === true && !isReference(i) ? [{ name, i }] : []))
  const given = [...statement.arguments, cotangentOf(statement, context), ...shadows]
  const made = moved.length === 0 ? result : context.scope.fresh(`${callee.name}_call`, atOnceResult(moved.map(({ name }) => name)))
  const backward: readonly Statement[] = [
    call(made, key, given, statement.origin),
    ...moved.flatMap(({ name, i }) => contributions(statement.arguments[i]!, field(variable(made), adjointField(name)), context)),
  ]
  const before = new Following(statement, after, later, context).before(effectsOf(backward, context))
  if (before.kind !== 'before') return undefined
  const [itself, ...added] = allInForward(backward, context)
  const whole = [itself!, ...(made === result ? [] : [declare(result, field(variable(made), 'value'))]), ...added]
  return {
    kind: 'fused',
    source: statement,
    before,
    setup: [],
    teardown: [],
    whole: withComment(statement, whole, context),
    backward,
    arms: [],
  }
}
