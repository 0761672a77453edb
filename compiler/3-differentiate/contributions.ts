/**
 * The adjoint of an expression: what its cotangent adds to the adjoints of the values it reads.
 */

import { isFlat } from '../2-analyze/marks.ts'
import {
  add,
  assign,
  divide,
  isNumber,
  isOperation,
  multiply,
  negate,
  number,
  operation,
  power,
  powersOf,
  termOf,
  variable,
  when,
} from '../ir/build.ts'
import { NUMBER } from '../ir/build.ts'
import { hooked, hookParts, isHook } from '../ir/hook.ts'
import type { Assign, Expression, Operation, Statement } from '../ir/nodes.ts'
import { childrenOf, variablesIn } from '../ir/walk.ts'
import { partials } from '../rules/partials.ts'
import { barOf, isActive, type Context } from './context.ts'
import { Refusal } from './refusal.ts'
import { shadowOf } from './shadows.ts'

/**
 * Statements that add `cotangent` times the derivative of `expression` to the adjoints of what it reads.
 * `out` names the value of the expression where that is known; `hint` names temporaries.
 */
export function contributions(
  expression: Expression,
  cotangent: Expression,
  context: Context,
  out?: Expression,
  hint = 'seed',
): readonly Statement[] {
  const count = activeLeaves(expression, context)
  if (count === 0) return []
  if (count === 1 || isAtomic(cotangent)) return spread(expression, cotangent, context, out)
  const seed = context.scope.fresh(`${hint}_bar`, NUMBER)
  return [{ kind: 'declare', name: seed, value: cotangent }, ...spread(expression, variable(seed), context, out)]
}

/** Whether repeating an expression costs nothing. Storage is excluded: what is added below may go to the very place. */
const isAtomic = (expression: Expression): boolean =>
  expression.kind === 'variable' || expression.kind === 'number' || (isOperation(expression, 'negate') && isAtomic(expression.operands[0]!))

/** How many adjoints an expression contributes to. */
export function activeLeaves(expression: Expression, context: Context): number {
  switch (expression.kind) {
    case 'variable':
    case 'element':
    case 'field':
      return isActive(expression, context) ? 1 : 0
    case 'opaque':
      // A derivative that is not known is refused, never taken for zero.
      if (context.activity.isVaried(expression)) throw new Refusal('CT3001', context.fn.origin, describeCall(expression))
      return 0
    case 'operation':
      if (isHook(expression)) return activeLeaves(hooked(expression), context)
      return isFlat(expression.operator) ? 0 : childrenOf(expression).reduce((sum, child) => sum + activeLeaves(child, context), 0)
    default:
      return 0
  }
}

/** The text of a call and the first variable in it, for the message. */
export function describeCall(expression: Expression & { kind: 'opaque' }): { callee: string; argument: string } {
  const text = expression.parts.map((part) => (typeof part === 'string' ? part : part.kind === 'variable' ? part.name : '...')).join('')
  const [argument] = variablesIn(expression)
  return { callee: text.split('(')[0] ?? text, argument: argument ?? text }
}

const isActiveIn = (expression: Expression, context: Context): boolean => activeLeaves(expression, context) > 0

function spread(expression: Expression, cotangent: Expression, context: Context, out?: Expression): readonly Statement[] {
  if (!isActiveIn(expression, context) || (isNumber(cotangent, 0) && !isHook(expression))) return []
  switch (expression.kind) {
    case 'variable':
      return [accumulate(variable(barOf(expression.name, context)), cotangent)]
    case 'element':
    case 'field':
      return [accumulate(shadowOf(expression, context.bars) as Assign['target'], cotangent)]
    case 'operation':
      return spreadOperation(expression, cotangent, context, out)
    default:
      return []
  }
}

/** `target += value`. */
export function accumulate(target: Assign['target'], value: Expression): Statement {
  return assign(target, add(target, value))
}

function spreadOperation(expression: Operation, cotangent: Expression, context: Context, out?: Expression): readonly Statement[] {
  const [a, b] = expression.operands
  const again = (operand: Expression, seed: Expression): readonly Statement[] => contributions(operand, seed, context)
  switch (expression.operator) {
    case '+':
      return [...again(a!, cotangent), ...again(b!, cotangent)]
    case '-':
      return [...again(a!, cotangent), ...again(b!, negate(cotangent))]
    case 'negate':
      return again(a!, negate(cotangent))
    case 'plus':
      return again(a!, cotangent)
    case '*':
      return spreadProduct(expression, cotangent, context)
    case '/':
      return isActiveIn(b!, context) ? spreadQuotient(expression, cotangent, context, out) : spreadProduct(expression, cotangent, context)
    case 'hook':
      return spreadHook(expression, cotangent, context)
    case 'select':
      return spreadChoice(expression, cotangent, context)
    default: {
      const parts = partials(expression.operator, expression.operands, out ?? expression)
      return expression.operands.flatMap((operand, i) =>
        isActiveIn(operand, context) ? again(operand, multiply(cotangent, normal(parts[i]!))) : [],
      )
    }
  }
}

/** A rule's `-1 / x` as the builders would have made it. */
function normal(partial: Expression): Expression {
  return partial.kind === 'operation' && ['*', '/', 'negate'].includes(partial.operator) ? multiply(partial) : partial
}

/** A product of powers, divided by what carries no derivative: each distinct factor gets one contribution. */
function spreadProduct(expression: Operation, cotangent: Expression, context: Context): readonly Statement[] {
  const { coefficient, factors, denominators } = termOf(expression)
  // A divisor with a derivative, as in `x / y * 3`, has a contribution of its own: such a product is taken apart one operation at a time.
  if (denominators.some((divisor) => isActiveIn(divisor, context))) return spreadPair(expression, cotangent, context)
  const powers = powersOf(factors)
  return powers.flatMap(({ base, exponent }, i) => {
    if (!isActiveIn(base, context)) return []
    const others = powers.flatMap((other, j) => (j === i ? [] : [power(other.base, other.exponent)]))
    const partial = multiply(number(coefficient * exponent), ...others, power(base, exponent - 1))
    const whole = multiply(partial, cotangent)
    return contributions(base, denominators.length === 0 ? whole : divide(whole, multiply(...denominators)), context)
  })
}

function spreadPair({ operator, operands }: Operation, cotangent: Expression, context: Context): readonly Statement[] {
  const [a, b] = operands
  if (operator === '/') return contributions(a!, divide(cotangent, b!), context)
  return [...contributions(a!, multiply(cotangent, b!), context), ...contributions(b!, multiply(cotangent, a!), context)]
}

/** One division serves both operands. */
function spreadQuotient(expression: Operation, cotangent: Expression, context: Context, out: Expression | undefined): readonly Statement[] {
  const [a, b] = expression.operands
  const share = divide(cotangent, b!)
  const value = out ?? expression
  if (!isActiveIn(a!, context)) return contributions(b!, negate(multiply(share, value)), context)
  const name = context.scope.fresh('quotient_bar', NUMBER)
  return [
    { kind: 'declare', name, value: share },
    ...contributions(a!, variable(name), context),
    ...contributions(b!, negate(multiply(variable(name), value)), context),
  ]
}

/** What a hook makes of the cotangent goes on, also where that is zero. */
function spreadHook(expression: Operation, cotangent: Expression, context: Context): readonly Statement[] {
  const { label, fn, key, captures } = hookParts(expression)
  const name = context.scope.fresh('hooked_bar', NUMBER)
  const parts = ['cotangent#hooked(', fn, ', ', cotangent, ', ', label, ')']
  const made: Statement =
    key === undefined
      ? { kind: 'declare', name, value: { kind: 'opaque', parts, type: NUMBER, effects: true } }
      : { kind: 'call', result: name, callee: key, arguments: [cotangent, ...captures] }
  return [made, ...contributions(hooked(expression), variable(name), context)]
}

function spreadChoice(expression: Operation, cotangent: Expression, context: Context): readonly Statement[] {
  const [test, a, b] = expression.operands
  const [then, otherwise] = [contributions(a!, cotangent, context), contributions(b!, cotangent, context)]
  if (then.length === 0) return [when(operation('!', test!), otherwise)]
  return [when(test!, then, otherwise)]
}
