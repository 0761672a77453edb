/** Indices as sums of terms with literal factors, to tell how far apart two of them are. */

import type { Expression } from './nodes.ts'
import { showExpression } from './show-expression.ts'

/** A literal, and the factor of each term by its text. */
export interface Affine {
  readonly constant: number
  readonly terms: ReadonlyMap<string, number>
}

export function affineOf(expression: Expression): Affine {
  const whole: Affine = { constant: 0, terms: new Map([[showExpression(expression), 1]]) }
  if (expression.kind === 'number') return { constant: expression.value, terms: new Map() }
  if (expression.kind !== 'operation') return whole
  const [a, b] = expression.operands
  switch (expression.operator) {
    case '+':
      return combine(affineOf(a!), affineOf(b!), 1)
    case '-':
      return combine(affineOf(a!), affineOf(b!), -1)
    case 'negate':
      return scale(affineOf(a!), -1)
    case '*': {
      const [left, right] = [affineOf(a!), affineOf(b!)]
      if (left.terms.size === 0) return scale(right, left.constant)
      return right.terms.size === 0 ? scale(left, right.constant) : whole
    }
    default:
      return whole
  }
}

/** `a + b`, or `a - b`. */
export function combine(a: Affine, b: Affine, sign: 1 | -1): Affine {
  const terms = new Map(a.terms)
  for (const [name, factor] of b.terms) terms.set(name, (terms.get(name) ?? 0) + sign * factor)
  return { constant: a.constant + sign * b.constant, terms: new Map([...terms].filter(([, factor]) => factor !== 0)) }
}

const scale = ({ constant, terms }: Affine, factor: number): Affine => ({
  constant: constant * factor,
  terms: new Map(factor === 0 ? [] : [...terms].map(([name, by]) => [name, by * factor])),
})
