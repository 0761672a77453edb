import type { Rules } from './scalar.ts'

/**
 * Functions that take any number of operands. Two operands, by far the most common, have a rule of their own where that reads better. Otherwise
 * `operand` is the partial derivative for the operand `x`, in which `out` is the value and `total` the sum of `term` over all operands.
 */
export interface VariadicRule {
  readonly one: string
  readonly operand: string
  readonly term?: string
}

/** Equal winners share the derivative. The last branch of each is reached only by NaN, which must not come out as 0. */
export const pairRules: Rules = {
  'Math.max(a, b)': {
    a: 'a > b ? 1 : a < b ? 0 : a === b ? 0.5 : NaN',
    b: 'b > a ? 1 : b < a ? 0 : a === b ? 0.5 : NaN',
  },
  'Math.min(a, b)': {
    a: 'a < b ? 1 : a > b ? 0 : a === b ? 0.5 : NaN',
    b: 'b < a ? 1 : b > a ? 0 : a === b ? 0.5 : NaN',
  },
}

export const variadicRules: Readonly<Record<string, VariadicRule>> = {
  'Math.max': { one: '1', operand: 'x === out ? 1 / total : out === out ? 0 : NaN', term: 'x === out ? 1 : 0' },
  'Math.min': { one: '1', operand: 'x === out ? 1 / total : out === out ? 0 : NaN', term: 'x === out ? 1 : 0' },
  // At the origin, where the plain quotient is 0 / 0, no direction is steeper than another.
  'Math.hypot': { one: 'Math.sign(x)', operand: 'out === 0 ? 0 : x / out' },
}
