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
import { coalesced } from '../ir/missing.ts'
import type { Assign, Expression, Operation, Statement } from '../ir/nodes.ts'
import { childrenOf, variablesIn } from '../ir/walk.ts'
import { partials } from '../rules/partials.ts'
import { barOf, isActive, type Context } from './context.ts'
import { changedBy, observed } from './hook-rules.ts'
import { Refusal } from './refusal.ts'
import { shadowOf } from './shadows.ts'
import { whereThere } from './where-there.ts'

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
  return contribute(expression, cotangent, context, out, { hint, isCopied: true })
}

interface How {
  readonly hint?: string
  /**
   * Whether the value itself goes on, which may be missing. An adjoint that belongs to nothing gets nothing added: the storage that it would be in may not
   * have a place for it. In arithmetic a number is there.
   */
  readonly isCopied?: boolean
}

function contribute(
  expression: Expression,
  cotangent: Expression,
  context: Context,
  out?: Expression,
  { hint = 'seed', isCopied = false }: How = {},
): readonly Statement[] {
  const count = activeLeaves(expression, context)
  if (count === 0) return []
  if (count === 1 || isAtomic(cotangent)) return spread(expression, cotangent, context, isCopied, out)
  const seed = context.scope.fresh(`${hint}_bar`, NUMBER)
  return [{ kind: 'declare', name: seed, value: cotangent }, ...spread(expression, variable(seed), context, isCopied, out)]
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

function spread(
  expression: Expression,
  cotangent: Expression,
  context: Context,
  isCopied: boolean,
  out?: Expression,
): readonly Statement[] {
  if (!isActiveIn(expression, context) || (isNumber(cotangent, 0) && !isHook(expression))) return []
  switch (expression.kind) {
    case 'variable':
      return [accumulate(variable(barOf(expression.name, context)), cotangent)]
    case 'element':
    case 'field':
      return accumulateIn(shadowOf(expression, context.bars) as Assign['target'], cotangent, context, isCopied)
    case 'operation':
      if (expression.operator === 'hook') return spreadHook(expression, cotangent, context, isCopied)
      if (expression.operator === 'select') return spreadChoice(expression, cotangent, context, isCopied)
      return spreadOperation(expression, cotangent, context, out)
    default:
      return []
  }
}

const accumulateIn = (place: Assign['target'], value: Expression, context: Context, isCopied: boolean): readonly Statement[] =>
  isCopied ? whereThere(place, [accumulate(place, value)], context) : [accumulate(place, value)]

/** `target += value`. */
export function accumulate(target: Assign['target'], value: Expression): Statement {
  return assign(target, add(target, value))
}

function spreadOperation(expression: Operation, cotangent: Expression, context: Context, out?: Expression): readonly Statement[] {
  const [a, b] = expression.operands
  const again = (operand: Expression, seed: Expression): readonly Statement[] => contribute(operand, seed, context)
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
    return contribute(base, denominators.length === 0 ? whole : divide(whole, multiply(...denominators)), context)
  })
}

function spreadPair({ operator, operands }: Operation, cotangent: Expression, context: Context): readonly Statement[] {
  const [a, b] = operands
  if (operator === '/') return contribute(a!, divide(cotangent, b!), context)
  return [...contribute(a!, multiply(cotangent, b!), context), ...contribute(b!, multiply(cotangent, a!), context)]
}

/** One division serves both operands. */
function spreadQuotient(expression: Operation, cotangent: Expression, context: Context, out: Expression | undefined): readonly Statement[] {
  const [a, b] = expression.operands
  const share = divide(cotangent, b!)
  const value = out ?? expression
  if (!isActiveIn(a!, context)) return contribute(b!, negate(multiply(share, value)), context)
  const name = context.scope.fresh('quotient_bar', NUMBER)
  return [
    { kind: 'declare', name, value: share },
    ...contribute(a!, variable(name), context),
    ...contribute(b!, negate(multiply(variable(name), value)), context),
  ]
}

/** What a hook makes of the cotangent goes on, also where that is zero. */
function spreadHook(expression: Operation, cotangent: Expression, context: Context, isCopied: boolean): readonly Statement[] {
  const { label, fn, key, rule, captures } = hookParts(expression)
  const name = context.scope.fresh('hooked_bar', NUMBER)
  const goesOn = (value: Expression): readonly Statement[] => contribute(hooked(expression), value, context, undefined, { isCopied })
  if (rule === 'observe') return [observed(captures[0]!, cotangent, label), ...goesOn(cotangent)]
  if (rule) return [{ kind: 'declare', name, value: changedBy(rule, cotangent, captures) }, ...goesOn(variable(name))]
  const parts = ['cotangent#hooked(', fn, ', ', cotangent, ', ', label, ')']
  const made: Statement =
    key === undefined
      ? { kind: 'declare', name, value: { kind: 'opaque', parts, type: NUMBER, effects: true } }
      : { kind: 'call', result: name, callee: key, arguments: [cotangent, ...captures] }
  return [made, ...goesOn(variable(name))]
}

function spreadChoice(expression: Operation, cotangent: Expression, context: Context, isCopied: boolean): readonly Statement[] {
  const [test, a, b] = expression.operands
  // What is tested for being there is.
  const isTested = coalesced(expression) !== undefined
  const then = contribute(a!, cotangent, context, undefined, { isCopied })
  const otherwise = contribute(b!, cotangent, context, undefined, { isCopied: isCopied && !isTested })
  if (then.length === 0) return [when(operation('!', test!), otherwise)]
  return [when(test!, then, otherwise)]
}
