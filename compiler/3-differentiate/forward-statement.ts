/** One statement and its tangent, in an order in which each reads what it should. */

import { isStorage } from '../2-analyze/regions.ts'
import { assign, declare, element, field, isNumber, length, number, operation, variable } from '../ir/build.ts'
import type { Assign, Call, CopyInto, Declare, Expression, Fill, Push, Return, Statement, Truncate } from '../ir/nodes.ts'
import { isHook } from '../ir/hook.ts'
import { carriesDerivative } from '../ir/shadow-type.ts'
import type { Tangents } from './forward-expression.ts'
import { shadowOf } from './shadows.ts'
import { tangentResult } from './tangent-header.ts'

export function forwardStatement(statement: Statement, tangents: Tangents): readonly Statement[] {
  switch (statement.kind) {
    case 'declare':
      return [statement, ...ofDeclaration(statement, tangents)]
    case 'assign':
      return ofAssignment(statement, tangents)
    case 'fill':
      return [...ofFill(statement, tangents), statement]
    case 'push':
    case 'truncate':
      return [...ofGrowth(statement, tangents), statement]
    case 'copyInto':
      return [...ofCopy(statement, tangents), statement]
    case 'call':
      return ofCall(statement, tangents)
    case 'reserve':
      return tangents.known.activity.isActiveStorage(statement.tape)
        ? [statement, { ...statement, tape: tangents.known.dots.of(statement.tape), pooled: false }]
        : [statement]
    default:
      return [statement]
  }
}

function ofDeclaration({ name, value, origin }: Declare, tangents: Tangents): readonly Statement[] {
  if (!tangents.isActive(variable(name))) return []
  const dot = tangents.known.dots.of(name)
  if (!value) return [declare(dot)]
  const isReference = isStorage(tangents.typeOf(variable(name)))
  return [declare(dot, isReference ? tangents.ofStorage(value) : tangents.of(value, variable(name)), origin)]
}

/** The tangent is taken before its statement changes what both read. */
function ofAssignment(statement: Assign, tangents: Tangents): readonly Statement[] {
  const { target, value, origin } = statement
  // Hooks stand on gradients only.
  if (isHook(value)) return []
  if (!tangents.isActive(target)) return [statement]
  const dot = shadowOf(target, tangents.known.dots) as Assign['target']
  if (isStorage(tangents.typeOf(target))) return [assign(dot, tangents.ofStorage(value), origin), statement]
  if (!tangents.readsOwn(value)) return [assign(dot, tangents.of(value), origin), statement]
  const name = tangents.known.scope.fresh('value', tangents.typeOf(value))
  return [declare(name, value, origin), assign(dot, tangents.of(value, variable(name)), origin), { ...statement, value: variable(name) }]
}

function ofFill(statement: Fill, tangents: Tangents): readonly Statement[] {
  if (!tangents.isActive(element(statement.array, number(0)))) return []
  return [{ ...statement, array: shadowOf(statement.array, tangents.known.dots), value: tangents.of(statement.value) }]
}

/** A shadow grows and shrinks with its array. */
function ofGrowth(statement: Push | Truncate, tangents: Tangents): readonly Statement[] {
  if (!tangents.isActive(element(statement.array, number(0)))) return []
  const array = shadowOf(statement.array, tangents.known.dots)
  return [statement.kind === 'push' ? { ...statement, array, value: tangents.ofPart(statement.value) } : { ...statement, array }]
}

function ofCopy(statement: CopyInto, tangents: Tangents): readonly Statement[] {
  const { target, source, offset } = statement
  if (!tangents.isActive(element(target, number(0)))) return []
  const shadow = shadowOf(target, tangents.known.dots)
  if (tangents.isActive(element(source, number(0))))
    return [{ ...statement, target: shadow, source: shadowOf(source, tangents.known.dots) }]
  const end = offset ? operation('+', offset, length(source)) : length(source)
  return [{ kind: 'fill', array: shadow, value: number(0), ...(offset && { start: offset }), end }]
}

function ofCall(statement: Call, tangents: Tangents): readonly Statement[] {
  const { callees, scope, dots } = tangents.known
  const isMoving = (argument: Expression): boolean =>
    isStorage(tangents.typeOf(argument))
      ? tangents.isActive(argument)
      : tangents.typeOf(argument).kind === 'number' && !isNumber(tangents.of(argument), 0)
  const active = statement.arguments.map(isMoving)
  const { result } = statement
  if (!active.some(Boolean)) return [statement, ...ofUnmoved(statement, tangents)]
  const key = callees.tangent(statement.callee, active)
  const moved = statement.arguments.flatMap((argument, i) => (active[i] === true ? [tangents.ofPart(argument)] : []))
  const call: Call = { ...statement, callee: key, arguments: [...statement.arguments, ...moved] }
  if (result === undefined) return [call]
  const type = scope.typeOf(result)
  if (!carriesDerivative(type)) return [call]
  const made = scope.fresh(`${result}_dual`, tangentResult(type))
  return [
    { ...call, result: made },
    declare(result, field(variable(made), 'value')),
    ...(tangents.isActive(variable(result)) ? [declare(dots.of(result), field(variable(made), 'tangent'))] : []),
  ]
}

/** A result that the analysis takes to move, though nothing that moves goes in. */
function ofUnmoved({ result }: Call, tangents: Tangents): readonly Statement[] {
  if (result === undefined || !tangents.isActive(variable(result))) return []
  const isReference = isStorage(tangents.typeOf(variable(result)))
  return [declare(tangents.known.dots.of(result), isReference ? { kind: 'zerosLike', value: variable(result) } : number(0))]
}

export function forwardReturn(statement: Return, tangents: Tangents): Statement {
  const { value } = statement
  if (!value) return statement
  const type = tangents.known.fn.result
  const result = tangentResult(type)
  if (!carriesDerivative(type) || result.kind !== 'record') return statement
  return { ...statement, value: { kind: 'record', type: result, values: [value, tangents.ofPart(value)] } }
}
