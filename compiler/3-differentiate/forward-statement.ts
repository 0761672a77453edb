/** One statement and its tangents, in an order in which each reads what it should. */

import { isStorage } from '../2-analyze/regions.ts'
import { assign, declare, element, field, isNumber, length, number, operation, variable } from '../ir/build.ts'
import type { Assign, Call, CopyInto, Declare, Expression, Fill, Push, Reserve, Return, Statement, Truncate } from '../ir/nodes.ts'
import { isHook } from '../ir/hook.ts'
import { carriesDerivative } from '../ir/shadow-type.ts'
import type { Directions } from './directions.ts'
import type { Tangents } from './forward-expression.ts'
import { shadowOf } from './shadows.ts'
import { numbersOf, tangentField, tangentResult } from './tangent-header.ts'

export function forwardStatement(statement: Statement, along: Directions): readonly Statement[] {
  switch (statement.kind) {
    case 'declare':
      return [statement, ...along.flatMap((tangents) => ofDeclaration(statement, tangents))]
    case 'assign':
      return ofAssignment(statement, along)
    case 'fill':
      return [...along.flatMap((tangents) => ofFill(statement, tangents)), statement]
    case 'push':
    case 'truncate':
      return [...along.flatMap((tangents) => ofGrowth(statement, tangents)), statement]
    case 'copyInto':
      return [...along.flatMap((tangents) => ofCopy(statement, tangents)), statement]
    case 'call':
      return ofCall(statement, along)
    case 'reserve':
      return [statement, ...along.flatMap((tangents) => ofReserve(statement, tangents))]
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
function ofAssignment(statement: Assign, along: Directions): readonly Statement[] {
  const { target, value, origin } = statement
  const { first } = along
  // Hooks stand on gradients only.
  if (isHook(value)) return []
  if (!first.isActive(target)) return [statement]
  const assigned = (out?: Expression): readonly Statement[] =>
    along.flatMap((tangents) => {
      const dot = shadowOf(target, tangents.known.dots) as Assign['target']
      return [assign(dot, isStorage(tangents.typeOf(target)) ? tangents.ofStorage(value) : tangents.of(value, out), origin)]
    })
  if (isStorage(first.typeOf(target)) || !first.readsOwn(value)) return [...assigned(), statement]
  const name = first.known.scope.fresh('value', first.typeOf(value))
  return [declare(name, value, origin), ...assigned(variable(name)), { ...statement, value: variable(name) }]
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

function ofReserve(statement: Reserve, { known: { activity, dots } }: Tangents): readonly Statement[] {
  return activity.isActiveStorage(statement.tape) ? [{ ...statement, tape: dots.of(statement.tape), pooled: false }] : []
}

function ofCall(statement: Call, along: Directions): readonly Statement[] {
  const { first } = along
  const { callees, scope } = first.known
  const isMoving = (argument: Expression): boolean =>
    isStorage(first.typeOf(argument))
      ? first.isActive(argument)
      : first.typeOf(argument).kind === 'number' && !isNumber(first.of(argument), 0)
  const active = statement.arguments.map(isMoving)
  const { result } = statement
  if (!active.some(Boolean)) return [statement, ...along.flatMap((tangents) => ofUnmoved(statement, tangents))]
  const directions = along.each.length
  const key = callees.tangent(statement.callee, active, directions)
  const moved = statement.arguments.flatMap((argument, i) =>
    active[i] === true ? along.each.map((tangents) => tangents.ofPart(argument)) : [],
  )
  const call: Call = { ...statement, callee: key, arguments: [...statement.arguments, ...moved] }
  const before = along.slopes()
  if (result === undefined) return [...before, call]
  const type = scope.typeOf(result)
  if (!carriesDerivative(type)) return [...before, call]
  const made = scope.fresh(`${result}_dual`, tangentResult(type, directions))
  const fields = numbersOf(directions).map((direction) => field(variable(made), tangentField(direction)))
  return [
    ...before,
    { ...call, result: made },
    declare(result, field(variable(made), 'value')),
    ...(first.isActive(variable(result)) ? along.each.map(({ known: { dots } }, i) => declare(dots.of(result), fields[i])) : []),
  ]
}

/** A result that the analysis takes to move, though nothing that moves goes in. */
function ofUnmoved({ result }: Call, tangents: Tangents): readonly Statement[] {
  if (result === undefined || !tangents.isActive(variable(result))) return []
  const isReference = isStorage(tangents.typeOf(variable(result)))
  return [declare(tangents.known.dots.of(result), isReference ? { kind: 'zerosLike', value: variable(result) } : number(0))]
}

export function forwardReturn(statement: Return, along: Directions): readonly Statement[] {
  const { value } = statement
  if (!value) return [statement]
  const type = along.first.known.fn.result
  const result = tangentResult(type, along.each.length)
  if (!carriesDerivative(type) || result.kind !== 'record') return [statement]
  const tangents = along.each.map((one) => one.ofPart(value))
  return [...along.slopes(), { ...statement, value: { kind: 'record', type: result, values: [value, ...tangents] } }]
}
