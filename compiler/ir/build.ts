/**
 * Builders for derivative code. They fold constants and drop ones and zeros, and may reassociate: they are for adjoints and
 * tangents only, never for primal code, whose floating-point order is the author's.
 */

import type {
  ArrayType,
  Assign,
  Call,
  Comment,
  Declare,
  Element,
  Expression,
  FieldAccess,
  Origin,
  Push,
  Statement,
  Truncate,
  Type,
  Variable,
} from './nodes.ts'
import { sameExpression } from './same.ts'

export const NUMBER: Type = { kind: 'number' }
export const BOOLEAN: Type = { kind: 'boolean' }
export const VOID: Type = { kind: 'void' }
export const FLOAT64: ArrayType = { kind: 'array', storage: 'Float64Array', element: NUMBER }

export const number = (value: number): Expression => ({ kind: 'number', value })
export const variable = (name: string): Variable => ({ kind: 'variable', name })
export const operation = (operator: string, ...operands: readonly Expression[]): Expression => ({ kind: 'operation', operator, operands })
export const element = (array: Expression, index: Expression): Element => ({ kind: 'element', array, index })
export const field = (record: Expression, name: string): FieldAccess => ({ kind: 'field', record, name })
export const length = (array: Expression): Expression => ({ kind: 'length', array })

const at = (origin: Origin | undefined): { origin: Origin } | object => (origin ? { origin } : {})
export const declare = (name: string, value?: Expression, origin?: Origin): Declare => ({
  kind: 'declare',
  name,
  ...(value && { value }),
  ...at(origin),
})
export const assign = (target: Assign['target'], value: Expression, origin?: Origin): Assign => ({
  kind: 'assign',
  target,
  value,
  ...at(origin),
})
export const comment = (text: string, origin?: Origin): Comment => ({ kind: 'comment', text, ...at(origin) })
export const call = (result: string | undefined, callee: string, args: readonly Expression[], origin?: Origin): Call => ({
  kind: 'call',
  ...(result !== undefined && { result }),
  callee,
  arguments: args,
  ...at(origin),
})
export const when = (test: Expression, then: readonly Statement[], otherwise: readonly Statement[] = []): Statement => ({
  kind: 'if',
  test,
  then,
  else: otherwise,
})
export const push = (array: Expression, value: Expression, origin?: Origin): Push => ({ kind: 'push', array, value, ...at(origin) })
/** The error for places of an array that would hold nothing. */
export const gap = (before: Expression, wanted: Expression): Expression => ({
  kind: 'opaque',
  parts: ['cotangent#gap(', before, ', ', wanted, ')'],
  type: { kind: 'opaque', text: 'Error' },
  effects: false,
})
/** `array.length = to`. */
export const truncate = (array: Expression, to: Expression, from: Expression, origin?: Origin): Truncate => ({
  kind: 'truncate',
  array,
  length: to,
  from,
  ...at(origin),
})
/** Takes off the last element, or nothing of an empty array. */
export const dropLast = (array: Expression, from: Expression = length(array), origin?: Origin): Truncate =>
  truncate(array, operation('Math.max', operation('-', from, number(1)), number(0)), from, origin)
/** `for (let name = from; name < to; name++) body` */
export const countUp = (name: string, to: Expression, body: readonly Statement[]): Statement => ({
  kind: 'loop',
  counter: { name, from: number(0), to, comparison: '<', step: 1 },
  body,
})

export const isNumber = (expression: Expression, value: number): boolean => expression.kind === 'number' && expression.value === value
export const isOperation = (expression: Expression, operator: string): expression is Expression & { kind: 'operation' } =>
  expression.kind === 'operation' && expression.operator === operator

export function negate(a: Expression): Expression {
  if (a.kind === 'number') return number(a.value === 0 ? 0 : -a.value)
  if (isOperation(a, 'negate')) return a.operands[0]!
  return quotientOf(negated(termOf(a)))
}

export function add(a: Expression, b: Expression): Expression {
  if (isNumber(a, 0)) return b
  if (isNumber(b, 0)) return a
  if (a.kind === 'number' && b.kind === 'number') return number(a.value + b.value)
  const term = termOf(b)
  if (term.coefficient < 0) return operation('-', a, quotientOf(negated(term)))
  if (termOf(a).coefficient < 0) return operation('-', b, quotientOf(negated(termOf(a))))
  return operation('+', a, b)
}

export const subtract = (a: Expression, b: Expression): Expression => add(a, negate(b))

export const multiply = (...factors: readonly Expression[]): Expression => quotientOf(factors.map(termOf).reduce(multiplied, ONE))

export function divide(a: Expression, b: Expression): Expression {
  const [n, d] = [termOf(a), termOf(b)]
  // A quotient in the denominator stays: turning it over would need one more proof that it is not zero.
  if (d.denominators.length > 0) return quotientOf({ ...n, denominators: [...n.denominators, b] })
  return quotientOf({
    coefficient: d.coefficient < 0 ? -n.coefficient : n.coefficient,
    factors: n.factors,
    denominators: [...n.denominators, ...(Math.abs(d.coefficient) === 1 ? [] : [number(Math.abs(d.coefficient))]), ...d.factors],
  })
}

/** A product written as `coefficient * factors / denominators`. */
export interface Term {
  readonly coefficient: number
  readonly factors: readonly Expression[]
  readonly denominators: readonly Expression[]
}

const ONE: Term = { coefficient: 1, factors: [], denominators: [] }
const negated = (term: Term): Term => ({ ...term, coefficient: -term.coefficient })
const multiplied = (a: Term, b: Term): Term => ({
  coefficient: a.coefficient * b.coefficient,
  factors: [...a.factors, ...b.factors],
  denominators: [...a.denominators, ...b.denominators],
})

/** Flattens products, quotients and signs. */
export function termOf(expression: Expression): Term {
  // A literal with its own spelling (an infinity, say) or without a finite value is left alone.
  if (expression.kind === 'number' && Number.isFinite(expression.value)) return { ...ONE, coefficient: expression.value }
  if (expression.kind !== 'operation') return { ...ONE, factors: [expression] }
  const [a, b] = expression.operands
  if (expression.operator === 'negate') return negated(termOf(a!))
  if (expression.operator === '*') return multiplied(termOf(a!), termOf(b!))
  if (expression.operator === '/') {
    const d = termOf(b!)
    const n = termOf(a!)
    if (d.denominators.length > 0 || Math.abs(d.coefficient) !== 1) return { ...n, denominators: [...n.denominators, b!] }
    return { coefficient: n.coefficient * d.coefficient, factors: n.factors, denominators: [...n.denominators, ...d.factors] }
  }
  return { ...ONE, factors: [expression] }
}

function quotientOf(term: Term): Expression {
  if (term.coefficient === 0) return number(0)
  const { coefficient, factors, denominators } = folded(term)
  const magnitude = Math.abs(coefficient)
  const sign = coefficient < 0
  const scaled = magnitude === 1 ? factors : [number(magnitude), ...factors]
  const [first = number(1), ...rest] = scaled
  const numerator = rest.reduce((product, factor) => operation('*', product, factor), signed(first, sign))
  if (denominators.length === 0) return numerator
  return operation(
    '/',
    numerator,
    denominators.reduce((product, factor) => operation('*', product, factor)),
  )
}

const signed = (expression: Expression, sign: boolean): Expression =>
  !sign ? expression : expression.kind === 'number' ? number(-expression.value) : operation('negate', expression)

/** Brings literal denominators into the coefficient where that is exact, and cancels nothing else. */
function folded(term: Term): Term {
  let coefficient = term.coefficient
  const denominators = term.denominators.filter((d) => {
    if (d.kind !== 'number' || !isPowerOfTwo(d.value)) return true
    coefficient /= d.value
    return false
  })
  return { coefficient, factors: term.factors, denominators }
}

const isPowerOfTwo = (value: number): boolean => Number.isInteger(Math.log2(Math.abs(value)))

/** The value of an integer power with a small exponent as repeated products. */
export function power(base: Expression, exponent: number): Expression {
  if (exponent === 0) return number(1)
  return multiply(...Array.from({ length: exponent }, () => base))
}

/** Equal factors of a product with how often each occurs. */
export function powersOf(factors: readonly Expression[]): { base: Expression; exponent: number }[] {
  const powers: { base: Expression; exponent: number }[] = []
  for (const factor of factors) {
    const known = powers.find(({ base }) => sameExpression(base, factor))
    if (known) known.exponent++
    else powers.push({ base: factor, exponent: 1 })
  }
  return powers
}
