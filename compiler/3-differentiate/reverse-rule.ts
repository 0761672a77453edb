/** A call of a function with a rule of its author's (`customVjp`): the rule's forward half in the forward sweep, its backward half in the reverse sweep. */

import { isStorage } from '../2-analyze/regions.ts'
import { call, declare, field, length, operation, variable, when } from '../ir/build.ts'
import type { Call, Expression, FunctionNode, RecordType, Statement, Type } from '../ir/nodes.ts'
import { typeOf } from '../ir/types.ts'
import { isActive, type Context } from './context.ts'
import { Refusal } from './refusal.ts'
import { forwardOf, withComment } from './reverse-block.ts'
import { cotangentOf, leaf } from './reverse-call.ts'
import { zerosOf } from './reverse-recomputed.ts'
import type { Leaf } from './plan.ts'
import { addCotangent } from './seed.ts'

export function planRule(statement: Call, callee: FunctionNode, active: readonly boolean[], context: Context): readonly Leaf[] {
  const { scope, callees } = context
  const { forward, backward, shared } = callees.rule(statement.callee)
  const rule = callees.function(forward)
  const [value, ...kept] = keptBy(rule)
  const gradients = callees.function(backward).result as RecordType
  const missing = active.findIndex((moves, i) => moves && !gradients.fields.some(({ name }) => name === String(i)))
  if (missing >= 0) throw new Refusal('CT2045', statement.origin, { name: callee.parameters[missing]!.name, function: callee.name })
  const made = scope.fresh(`${callee.name}_rule`, rule.result)
  const source: Call = { ...statement, result: made }
  // What was given is given again; the rest is kept one by one.
  const taken: Leaf[] = []
  const take = (name: string, type: Type, to = scope.fresh(name, type)): Expression => {
    const part = field(variable(made), name)
    // A reverse sweep that runs later, when others may have changed what they share, has its own.
    const isOwn = context.isApart && to !== statement.result && isStorage(type) && shared.has(name)
    taken.push(leaf({ ...statement, result: to }, [declare(to, isOwn ? copyOf(part, type) : part)], []))
    return variable(to)
  }
  if (statement.result !== undefined) take(value!.name, value!.type, statement.result)
  const names = kept.map(({ name, type, parameter }) => (parameter === undefined ? take(name, type) : statement.arguments[parameter]!))
  const shadows =
    statement.result !== undefined && isStorage(callee.result) && isActive(variable(statement.result), context)
      ? [declare(context.bars.of(statement.result), zerosOf(callee.result, statement.result))]
      : []
  const bars = scope.fresh(`${callee.name}_gradients`, gradients)
  const given = [...names, cotangentOf(statement, context)]
  const added = gradients.fields.flatMap(({ name }) => {
    const i = Number(name)
    if (active[i] !== true) return []
    const [place, gradient] = [statement.arguments[i]!, field(variable(bars), name)]
    return [...fitting(place, gradient, callee.name, context), ...addCotangent(place, gradient, context)]
  })
  return [
    leaf(
      source,
      [forwardOf({ ...source, callee: forward }, context)],
      withComment(statement, [call(bars, backward, given, statement.origin), ...added], context),
    ),
    ...taken,
    ...shadows.map((declaration) => leaf(declaration, [declaration], [])),
  ]
}

function copyOf(value: Expression, type: Type): Expression {
  if (type.kind === 'array' && !isStorage(type.element)) return { kind: 'slice', array: value }
  return { kind: 'opaque', parts: ['cotangent#copyOf(', value, ')'], type, effects: false }
}

interface Kept {
  readonly name: string
  readonly type: Type
  /** The parameter that it is, if it is one that stays what it was. */
  readonly parameter?: number
}

/** The parts of what the forward half gives. */
function keptBy({ body, parameters, variables, result }: FunctionNode): readonly Kept[] {
  const last = body.at(-1)
  const values = last?.kind === 'return' && last.value?.kind === 'record' ? last.value.values : []
  return (result as RecordType).fields.map(({ name, type }, i) => {
    const given = values[i]
    const isSame = given?.kind === 'variable' && variables[given.name]?.mutable === false
    const parameter = isSame ? parameters.findIndex((one) => one.name === given.name) : -1
    return { name, type, ...(parameter >= 0 && { parameter }) }
  })
}

/** A gradient of another length than its argument is an error of the rule's. */
function fitting(place: Expression, gradient: Expression, name: string, { scope }: Context): readonly Statement[] {
  if (typeOf(place, scope.variables).kind !== 'array') return []
  const lengths = [length(gradient), length(place)] as const
  const parts = [`cotangent#wrongGradient(${JSON.stringify(name)}, `, lengths[0], ', ', lengths[1], ')']
  const error: Expression = { kind: 'opaque', parts, type: { kind: 'opaque', text: 'Error' }, effects: false }
  return [when(operation('!==', ...lengths), [{ kind: 'throw', value: error }])]
}
