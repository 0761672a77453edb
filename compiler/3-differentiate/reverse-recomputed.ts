/**
 * A call of a function that is run again (`checkpoint`): the call itself in the forward sweep, and in the reverse sweep a call of what runs it again and
 * reverses it, with the same arguments. Storage that it changes is copied before, and is put back first.
 */

import { isStorage } from '../2-analyze/regions.ts'
import { assign, call, declare, field, number, variable } from '../ir/build.ts'
import { InternalError } from '../ir/internal-error.ts'
import type { Assign, Call, Expression, FunctionNode, Statement, Type } from '../ir/nodes.ts'
import { typeOf } from '../ir/types.ts'
import { isActive, type Context } from './context.ts'
import { contributions } from './contributions.ts'
import type { Leaf } from './plan.ts'
import { hasCotangent } from './recomputed.ts'
import { forwardOf, inForward, withComment } from './reverse-block.ts'
import { backwardResult, cotangentOf, leaf } from './reverse-call.ts'
import { shadowOf, shadowType } from './shadows.ts'

export function planRecomputed(statement: Call, callee: FunctionNode, active: readonly boolean[], context: Context): readonly Leaf[] {
  const { scope, bars } = context
  const { key, written } = context.callees.recomputed(statement.callee, active)
  const isUsed = statement.result !== undefined && isActive(variable(statement.result), context)
  // Nothing that it does matters.
  if (!isUsed && !written.some(Boolean)) return [leaf(statement, [forwardOf(statement, context)], [])]
  const saved = statement.arguments.flatMap((place, i) => {
    if (written[i] !== true) return []
    const type = typeOf(place, scope.variables)
    return [{ place, type, name: scope.fresh(`${callee.parameters[i]!.name}_before`, type) }]
  })
  const copies = saved.map(({ place, type, name }) =>
    leaf(declare(name, copyOf(place, type)), [declare(name, copyOf(inForward(place, context), type))], []),
  )
  const putBack = saved.flatMap(({ place, type, name }) => restored(place, variable(name), type))
  const shadows = isUsed && isStorage(callee.result) ? [declare(bars.of(statement.result), zerosOf(callee.result, statement.result))] : []
  return [
    ...copies,
    leaf(
      statement,
      [forwardOf(statement, context)],
      withComment(statement, [...putBack, ...reversal(statement, callee, key, active, context)], context),
    ),
    ...shadows.map((declaration) => leaf(declaration, [declaration], [])),
  ]
}

function reversal(statement: Call, callee: FunctionNode, key: string, active: readonly boolean[], context: Context): readonly Statement[] {
  const { scope, bars } = context
  if (!active.some(Boolean)) return []
  const isReference = (i: number): boolean => isStorage(callee.variables[callee.parameters[i]!.name]!.type)
  const shadows = statement.arguments.flatMap((argument, i) => (active[i] === true && isReference(i) ? [shadowOf(argument, bars)] : []))
  const before: Statement[] = []
  const cotangents = hasCotangent(callee.result) ? [cotangentFor(statement, callee, before, context)] : []
  const given = [...statement.arguments, ...cotangents, ...shadows]
  const moved = callee.parameters.flatMap(({ name }, i) => (active[i] === true && !isReference(i) ? [{ name, i }] : []))
  if (moved.length === 0) return [...before, call(undefined, key, given, statement.origin)]
  const made = scope.fresh(`${callee.name}_bars`, backwardResult(moved.map(({ name }) => name)))
  return [
    ...before,
    call(made, key, given, statement.origin),
    ...moved.flatMap(({ name, i }) =>
      contributions(statement.arguments[i]!, moved.length === 1 ? variable(made) : field(variable(made), name), context),
    ),
  ]
}

/** The cotangent of storage that nothing uses is a shadow of zeros. */
function cotangentFor(statement: Call, { name, result }: FunctionNode, before: Statement[], context: Context): Expression {
  const given = statement.result
  if (!isStorage(result) || (given !== undefined && isActive(variable(given), context))) return cotangentOf(statement, context)
  const zeros = context.scope.fresh(`${name}_bar`, shadowType(result))
  if (given === undefined) throw new InternalError(`${name} gives storage that nobody takes`)
  before.push(declare(zeros, zerosOf(result, given)))
  return variable(zeros)
}

/** A shadow of new storage. Of a record of numbers, the record itself is not needed for it. */
export function zerosOf(type: Type, name: string): Expression {
  const shadow = shadowType(type)
  const isOfNumbers =
    shadow.kind === 'record' && shadow.class === undefined && shadow.fields.every((one) => one.type.kind === 'number' && !one.optional)
  return isOfNumbers
    ? { kind: 'record', type: shadow, values: shadow.fields.map(() => number(0)) }
    : { kind: 'zerosLike', value: variable(name) }
}

/** Flat arrays, and records of numbers: `Derivations.recomputed` lets nothing else be changed. */
export function copyOf(place: Expression, type: Type): Expression {
  if (type.kind !== 'record') return { kind: 'slice', array: place }
  return { kind: 'record', type, values: type.fields.map(({ name }) => field(place, name)) }
}

export function restored(place: Expression, from: Expression, type: Type): readonly Statement[] {
  if (type.kind !== 'record') return [{ kind: 'copyInto', target: place, source: from }]
  return type.fields.map(({ name }) => assign(field(place, name) as Assign['target'], field(from, name)))
}
