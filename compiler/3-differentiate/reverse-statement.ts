/**
 * The adjoint of one simple statement. The reverse sweep runs it in the state from before the statement, which it first restores
 * where the statement overwrote something that is read again.
 */

import { carriesDerivative } from '../2-analyze/activity.ts'
import { isStorage } from '../2-analyze/regions.ts'
import {
  add,
  assign,
  countUp,
  declare,
  element,
  field,
  isNumber,
  length,
  negate,
  NUMBER,
  number,
  operation,
  variable,
  VOID,
} from '../ir/build.ts'
import { hookParts, isHook } from '../ir/hook.ts'
import type { Assign, CopyInto, Expression, Fill, Operation, Statement, Type } from '../ir/nodes.ts'
import { sameExpression } from '../ir/same.ts'
import { typeOf } from '../ir/types.ts'
import { accumulate, activeLeaves, contributions } from './contributions.ts'
import { barOf, isActive, type Context } from './context.ts'
import { changedBy, observed } from './hook-rules.ts'
import { adjointOfPush, adjointOfTruncation } from './reverse-growth.ts'
import { rootOf, shadowOf } from './shadows.ts'

/** `out` names the statement's result where it has one; `saved` the content that it overwrites. */
export function reverseStatement(
  statement: Statement,
  context: Context,
  out: Expression | undefined,
  saved: string | undefined,
): readonly Statement[] {
  if (statement.kind === 'push') return adjointOfPush(statement, context)
  if (statement.kind === 'truncate') return adjointOfTruncation(statement, saved, context)
  const restore = saved === undefined ? [] : restored(statement, saved, context)
  return [...restore, ...adjoint(statement, context, out)]
}

function adjoint(statement: Statement, context: Context, out: Expression | undefined): readonly Statement[] {
  switch (statement.kind) {
    case 'declare':
      return statement.value ? adjointOfDeclaration(statement.name, statement.value, context, out) : []
    case 'assign':
      if (isStorage(typeOf(statement.target, context.scope.variables)))
        return adjointOfParts(out ?? statement.target, statement.value, context)
      return statement.target.kind === 'variable'
        ? adjointOfAssignment(statement.target.name, statement.value, context, out)
        : adjointOfStore(statement, context)
    case 'fill':
      return adjointOfFill(statement, context)
    case 'copyInto':
      return adjointOfCopy(statement, context)
    case 'return':
      return statement.value ? context.seed(statement.value) : []
    default:
      return []
  }
}

function adjointOfDeclaration(name: string, value: Expression, context: Context, out: Expression | undefined): readonly Statement[] {
  if (context.variableOf.has(name)) return []
  if (isStorage(context.scope.typeOf(name))) return adjointOfParts(out ?? variable(name), value, context)
  if (!isActive(variable(name), context)) return []
  return contributions(value, variable(barOf(name, context)), context, out, name)
}

/** `x = e`. What `x` held before gets what `e` makes of it; the rest goes to the other values that `e` reads. */
function adjointOfAssignment(name: string, value: Expression, context: Context, out: Expression | undefined): readonly Statement[] {
  if (!isActive(variable(name), context)) return []
  const bar = variable(barOf(name, context))
  const parts = contributions(value, bar, context, out, name)
  const { others, self } = separate(parts, bar)
  if (others.some((statement) => statement.kind === 'if')) return viaSeed(bar, value, context, out)
  return sameExpression(self, bar) ? others : [...others, assign(bar, self)]
}

/** When branches may add to the very adjoint, it is moved aside first. */
function viaSeed(bar: Assign['target'], value: Expression, context: Context, out: Expression | undefined): readonly Statement[] {
  const seed = context.scope.fresh('seed_bar', NUMBER)
  return [declare(seed, bar), assign(bar, number(0)), ...contributions(value, variable(seed), context, out)]
}

/** Splits what is added to one adjoint from what is added elsewhere; `self` is the sum of the former. */
function separate(parts: readonly Statement[], place: Expression): { others: readonly Statement[]; self: Expression } {
  let self: Expression = number(0)
  const others: Statement[] = []
  for (const statement of parts) {
    const added = statement.kind === 'assign' && sameExpression(statement.target, place) ? addend(statement) : undefined
    if (added) self = add(self, added)
    else others.push(statement)
  }
  return { others, self }
}

/** What `accumulate` adds. */
function addend({ target, value }: Assign): Expression | undefined {
  if (value.kind !== 'operation') return undefined
  const [a, b] = value.operands
  if (value.operator === '-') return sameExpression(a!, target) ? negate(b!) : undefined
  if (value.operator !== '+') return undefined
  return sameExpression(a!, target) ? b : undefined
}

/** `u[i] = e`, in storage that anything may alias: the adjoint is taken out before anything is added anywhere. */
function adjointOfStore(statement: Assign, context: Context): readonly Statement[] {
  if (!isActive(statement.target, context)) return []
  const place = shadowOf(statement.target, context.bars) as Assign['target']
  const leaves = activeLeaves(statement.value, context)
  if (leaves === 0) return [assign(place, number(0))]
  if (leaves === 1 && sameExpression(statement.value, statement.target)) return []
  const others = othersThanSelf(statement)
  // `u[i] += e` leaves the adjoint of u[i] as it is.
  if (others) return contributions(others, place, context, undefined, rootOf(statement.target))
  const seed = context.scope.fresh(`${rootOf(statement.target)}_new_bar`, NUMBER)
  const parts = contributions(statement.value, variable(seed), context, undefined, rootOf(statement.target))
  const { others: rest, self } = parts.some(({ kind }) => kind === 'if') ? { others: parts, self: number(0) } : separate(parts, place)
  // What `self` reads may be named among the rest. Such names are made of the seed and of primals, so they can all come first.
  const names = rest.filter(({ kind }) => kind === 'declare')
  return [declare(seed, place), ...names, assign(place, self), ...rest.filter(({ kind }) => kind !== 'declare')]
}

/** The rest of `u[i] + rest`, if the value is that and the rest does not read `u[i]`'s region in a way that needs the old adjoint. */
function othersThanSelf({ target, value }: Assign): Expression | undefined {
  if (value.kind !== 'operation' || (value.operator !== '+' && value.operator !== '-')) return undefined
  const [a, b] = value.operands
  if (value.operator === '+' && sameExpression(b!, target) && !mentions(a!, target)) return a
  if (!sameExpression(a!, target) || mentions(b!, target)) return undefined
  return value.operator === '+' ? b : operation('negate', b!)
}

function mentions(expression: Expression, place: Expression): boolean {
  const root = rootOf(place)
  const seen = (node: Expression): boolean =>
    ((node.kind === 'element' || node.kind === 'field') && isPlaceOf(node, root)) || (node.kind === 'operation' && node.operands.some(seen))
  return seen(expression)
}

const isPlaceOf = (node: Expression, root: string): boolean => {
  if (node.kind === 'element') return isPlaceOf(node.array, root)
  if (node.kind === 'field') return isPlaceOf(node.record, root)
  return node.kind === 'variable' && node.name === root
}

/** New storage: each number in it passes its adjoint to what it was made from. */
function adjointOfParts(place: Expression, value: Expression, context: Context): readonly Statement[] {
  if (!isActive(place, context)) return []
  switch (value.kind) {
    case 'list':
      return value.elements.flatMap((part, i) => adjointOfPart(element(place, number(i)), part, value.type.element, context))
    case 'record':
      return value.type.fields.flatMap(({ name, type }, i) => adjointOfPart(field(place, name), value.values[i]!, type, context))
    case 'operation':
      return isHook(value) ? adjointOfHook(place, value, context) : []
    case 'slice':
    case 'convert':
      return adjointOfCopyOut(place, value, context)
    default:
      return []
  }
}

/** The adjoint of storage is replaced in place. */
function adjointOfHook(place: Expression, value: Operation, context: Context): readonly Statement[] {
  const { label, fn, rule, captures } = hookParts(value)
  const shadow = shadowOf(place, context.bars)
  if (rule === 'observe') return [observed(captures[0]!, shadow, label)]
  if (rule) {
    const k = context.scope.fresh('k', NUMBER)
    const part = element(shadow, variable(k))
    return [countUp(k, length(shadow), [assign(part, changedBy(rule, part, captures))])]
  }
  const parts = ['cotangent#hookedInto(', fn, ', ', shadow, ', ', label, ')']
  return [{ kind: 'effect', expression: { kind: 'opaque', parts, type: VOID, effects: true } }]
}

function adjointOfPart(place: Expression, part: Expression, type: Type, context: Context): readonly Statement[] {
  if (!carriesDerivative(type)) return []
  if (isStorage(type)) return adjointOfParts(place, part, context)
  return isActive(place, context) ? contributions(part, shadowOf(place, context.bars), context) : []
}

function adjointOfCopyOut(place: Expression, value: Expression & { kind: 'slice' | 'convert' }, context: Context): readonly Statement[] {
  const { array } = value
  const type = typeOf(array, context.scope.variables)
  if (!isActive(array, context) || (type.kind === 'array' && isStorage(type.element))) return []
  const [to, from] = [shadowOf(place, context.bars), shadowOf(array, context.bars)]
  const start = value.kind === 'slice' ? value.start : undefined
  const k = context.scope.fresh('k', NUMBER)
  return [countUp(k, length(to), [accumulate(element(from, offsetBy(start, variable(k), array)), element(to, variable(k)))])]
}

/** Counts from a start that may be negative, as `slice` does. */
function offsetBy(start: Expression | undefined, index: Expression, array: Expression): Expression {
  if (!start || isNumber(start, 0)) return index
  if (start.kind === 'number' && start.value > 0) return operation('+', start, index)
  const begin = operation(
    'select',
    operation('<', start, number(0)),
    operation('Math.max', operation('+', length(array), start), number(0)),
    start,
  )
  return operation('+', start.kind === 'number' ? operation('Math.max', operation('+', length(array), start), number(0)) : begin, index)
}

function adjointOfFill(statement: Fill, context: Context): readonly Statement[] {
  if (!isActive(element(statement.array, number(0)), context)) return []
  const shadow = shadowOf(statement.array, context.bars)
  const { start, end } = statement
  const range = { ...(start && { start }), ...(end && { end }) }
  const clear: Statement = { kind: 'fill', array: shadow, value: number(0), ...range }
  if (activeLeaves(statement.value, context) === 0) return [clear]
  const k = context.scope.fresh('k', NUMBER)
  const sum = context.scope.fresh('fill_bar', NUMBER, true)
  const part = context.scope.fresh('filled_bar', typeOf(shadow, context.scope.variables))
  return [
    declare(sum, number(0)),
    declare(part, start || end ? { kind: 'slice', array: shadow, ...range } : shadow),
    countUp(k, length(variable(part)), [assign(variable(sum), add(variable(sum), element(variable(part), variable(k))))]),
    clear,
    ...contributions(statement.value, variable(sum), context),
  ]
}

function adjointOfCopy(statement: CopyInto, context: Context): readonly Statement[] {
  const { target, source } = statement
  if (!isActive(element(target, number(0)), context)) return []
  const to = shadowOf(target, context.bars)
  const offset = statement.offset ?? number(0)
  const end = isNumber(offset, 0) ? length(source) : operation('+', offset, length(source))
  const clear: Statement = { kind: 'fill', array: to, value: number(0), ...(!isNumber(offset, 0) && { start: offset }), end }
  if (!isActive(element(source, number(0)), context)) return [clear]
  const part = context.scope.fresh('copy_bar', typeOf(to, context.scope.variables))
  const k = context.scope.fresh('k', NUMBER)
  // The source may be a view of the target: what is taken out is copied before anything is added.
  return [
    declare(part, { kind: 'slice', array: to, start: offset, end }),
    clear,
    countUp(k, length(source), [accumulate(element(shadowOf(source, context.bars), variable(k)), element(variable(part), variable(k)))]),
  ]
}

/** The expression whose value a statement overwrites, and which is saved before it where that is read again. */
export function overwritten(statement: Statement): Expression | undefined {
  if (statement.kind === 'assign' && statement.target.kind !== 'variable') return statement.target
  if (statement.kind === 'fill') return { kind: 'slice', array: statement.array }
  if (statement.kind === 'copyInto') return { kind: 'slice', array: statement.target }
  if (statement.kind === 'truncate') return { kind: 'slice', array: statement.array, start: statement.length }
  return undefined
}

function restored(statement: Statement, saved: string, context: Context): readonly Statement[] {
  if (statement.kind === 'assign') return [assign(statement.target, variable(saved))]
  if (statement.kind !== 'fill' && statement.kind !== 'copyInto') return []
  const target = statement.kind === 'fill' ? statement.array : statement.target
  const k = context.scope.fresh('k', NUMBER)
  return [countUp(k, length(variable(saved)), [assign(element(target, variable(k)), element(variable(saved), variable(k)))])]
}
