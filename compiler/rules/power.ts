import type { Expression } from '../ir/nodes.ts'

/** Products up to this many factors beat a call of the power function by an order of magnitude. */
const longestProduct = 8

/**
 * The derivative of `base ** exponent` in the base, for an exponent known at compile time. It agrees with the general rule, edges included (0 for
 * the exponent 0 everywhere, 1 for the exponent 1), but spends no test and, for small integers, no power.
 */
export function literalPowerPartial(base: Expression, exponent: number, out: Expression): Expression {
  if (exponent === 0) return number(0)
  if (exponent === 0.5) return operation('/', number(0.5), out)
  if (exponent === -0.5) return product([number(-0.5), out, out, out])
  if (exponent === 1.5) return product([number(1.5), operation('Math.sqrt', base)])
  const factors = Math.abs(exponent - 1)
  if (!Number.isInteger(exponent) || factors > longestProduct) {
    return operation('*', number(exponent), operation('**', base, number(exponent - 1)))
  }
  if (exponent > 0) return exponent === 1 ? number(1) : product([number(exponent), ...powerFactors(base, factors)])
  return operation('/', number(exponent), product(powerFactors(base, factors)))
}

/** Squares stand together, so that common subexpressions show: `x ** 5` is `(x * x) * (x * x) * x`. */
function powerFactors(base: Expression, count: number): Expression[] {
  if (count < 4) return Array.from({ length: count }, () => base)
  const square = operation('*', base, base)
  const squares = Array.from({ length: Math.floor(count / 2) }, () => square)
  return count % 2 === 0 ? squares : [...squares, base]
}

function product(factors: readonly Expression[]): Expression {
  return factors.reduce((left, right) => operation('*', left, right))
}

function number(value: number): Expression {
  return { kind: 'number', value }
}

function operation(operator: string, ...operands: Expression[]): Expression {
  return { kind: 'operation', operator, operands }
}
