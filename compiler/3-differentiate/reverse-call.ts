/**
 * A call in both sweeps: the callee's forward half, which gives the value and what it keeps, and its backward half, which takes these residuals
 * and the cotangent of the value. The backward half adds to the shadows of storage and gives the adjoints of numbers; it also undoes what the
 * callee wrote.
 */

import { isStorage, type Region } from '../2-analyze/regions.ts'
import { carriesDerivative } from '../2-analyze/activity.ts'
import { call, declare, field, number, variable } from '../ir/build.ts'
import type { Call, Expression, Field, RecordType, Statement, Type } from '../ir/nodes.ts'
import { typeOf } from '../ir/types.ts'
import { isActive, barOf, type CalleePair, type Context } from './context.ts'
import { activeLeaves, contributions } from './contributions.ts'
import type { Leaf } from './plan.ts'
import { forwardOf, withComment } from './reverse-block.ts'
import { planRecomputed } from './reverse-recomputed.ts'
import { planRule } from './reverse-rule.ts'
import { rootOf, shadowOf, shadowType } from './shadows.ts'

/** Whether the reverse sweep has anything to do for a call: something active goes in and comes out, or what it writes must be undone. */
export function isReversed(statement: Call, context: Context): boolean {
  return context.mustRestore(statement) || activeArguments(statement, context).some(Boolean)
}

/** Which arguments move, in a way that matters. */
export function activeArguments(statement: Call, context: Context): readonly boolean[] {
  const given = statement.arguments.map((argument) => {
    if (isStorage(typeOf(argument, context.scope.variables))) return isActive(argument, context)
    return activeLeaves(argument, context) > 0
  })
  const isUseful =
    (statement.result !== undefined && isActive(variable(statement.result), context)) ||
    statement.arguments.some((argument, i) => given[i] === true && isStorage(typeOf(argument, context.scope.variables)))
  return isUseful ? given : given.map(() => false)
}

/** What a reversed call may read again: all that its arguments and its result lead to. */
export function readByReversed(statement: Call, context: Context): ReadonlySet<Region> {
  const { regions, scope } = context
  const reached = new Set(shadowsOfArguments(statement, context))
  const references = [...statement.arguments, ...(statement.result === undefined ? [] : [variable(statement.result)])]
  for (const reference of references) {
    if (!isStorage(typeOf(reference, scope.variables))) continue
    const region = regions.of(reference)
    if (region) regions.reachable(region, reached)
  }
  return reached
}

/** All that the shadows of a call's arguments lead to. */
export function shadowsOfArguments(statement: Call, { regions, scope, bars }: Context): ReadonlySet<Region> {
  const reached = new Set<Region>()
  for (const argument of statement.arguments) {
    if (!isStorage(typeOf(argument, scope.variables)) || !isPlace(argument) || !bars.has(rootOf(argument))) continue
    const region = regions.of(shadowOf(argument, bars))
    if (region) regions.reachable(region, reached)
  }
  return reached
}

const isPlace = ({ kind }: Expression): boolean => kind === 'variable' || kind === 'element' || kind === 'field'

/** The result of a forward half. */
export function forwardResult(result: Type, residuals: Type): RecordType {
  const fields: Field[] = []
  if (result.kind !== 'void') fields.push({ name: 'value', type: result })
  if (isStorage(result) && carriesDerivative(result)) fields.push({ name: 'value_bar', type: shadowType(result) })
  return { kind: 'record', tuple: false, fields: [...fields, { name: 'kept', type: residuals }] }
}

/** Whether a backward half takes the cotangent of the value: that of storage is in its shadow already. */
export const takesCotangent = (result: Type): boolean => result.kind === 'number'

/** The adjoints that a backward half gives: one alone, or several by the names of their parameters. */
export function backwardResult(names: readonly string[]): Type {
  if (names.length === 0) return { kind: 'void' }
  if (names.length === 1) return { kind: 'number' }
  return { kind: 'record', tuple: false, fields: names.map((name) => ({ name, type: { kind: 'number' } })) }
}

/** The call itself, then what is taken out of its result. */
export function planCall(statement: Call, context: Context): readonly Leaf[] {
  const { scope } = context
  if (!isReversed(statement, context)) return [leaf(statement, [forwardOf(statement, context)], [])]
  const active = activeArguments(statement, context)
  const callee = context.callees.function(statement.callee)
  if (callee.reversed?.by === 'rule') return planRule(statement, callee, active, context)
  if (callee.reversed) return planRecomputed(statement, callee, active, context)
  const pair = context.callees.pair(statement.callee, active)
  const made = scope.fresh(`${callee.name}_call`, forwardResult(callee.result, pair.residuals))
  const kept = scope.fresh(`${callee.name}_kept`, pair.residuals)
  const shadows = statement.arguments.flatMap((argument, i) =>
    active[i] === true && isStorage(typeOf(argument, scope.variables)) ? [shadowOf(argument, context.bars)] : [],
  )
  const source: Call = { ...statement, result: made }
  const forward = forwardOf({ ...source, callee: pair.forward, arguments: [...statement.arguments, ...shadows] }, context)
  const backward = backwardOf(statement, { active, pair, kept, shadows, callee: callee.name }, context)
  const taken = [declare(kept, field(variable(made), 'kept')), ...resultsOf(statement, made, context)]
  return [
    leaf(source, [forward], withComment(statement, backward, context)),
    ...taken.map((declaration) => leaf(declaration, [declaration], [])),
  ]
}

function resultsOf({ result }: Call, made: string, context: Context): readonly Statement[] {
  if (result === undefined) return []
  const type = context.scope.typeOf(result)
  const value = declare(result, field(variable(made), 'value'))
  if (!isStorage(type) || !isActive(variable(result), context)) return [value]
  return [value, declare(context.bars.of(result), field(variable(made), 'value_bar'))]
}

interface Reversal {
  readonly active: readonly boolean[]
  readonly pair: CalleePair
  readonly kept: string
  readonly shadows: readonly Expression[]
  readonly callee: string
}

function backwardOf(statement: Call, { active, pair, kept, shadows, callee }: Reversal, context: Context): readonly Statement[] {
  const { scope } = context
  const fn = context.callees.function(statement.callee)
  const moved = fn.parameters.flatMap(({ name }, i) => (active[i] === true && !isStorage(fn.variables[name]!.type) ? [{ name, i }] : []))
  const cotangent = takesCotangent(fn.result) ? [cotangentOf(statement, context)] : []
  const given = [variable(kept), ...cotangent, ...shadows]
  if (moved.length === 0) return [call(undefined, pair.backward, given, statement.origin)]
  const bars = scope.fresh(`${callee}_bars`, backwardResult(moved.map(({ name }) => name)))
  return [
    call(bars, pair.backward, given, statement.origin),
    ...moved.flatMap(({ name, i }) =>
      contributions(statement.arguments[i]!, moved.length === 1 ? variable(bars) : field(variable(bars), name), context),
    ),
  ]
}

/** The adjoint of a result that nothing uses is zero. */
export function cotangentOf({ result }: Call, context: Context): Expression {
  return result !== undefined && isActive(variable(result), context) ? variable(barOf(result, context)) : number(0)
}

export const leaf = (source: Statement, forward: readonly Statement[], backward: readonly Statement[]): Leaf => ({
  kind: 'leaf',
  source,
  setup: [],
  teardown: [],
  forward,
  backward,
})
