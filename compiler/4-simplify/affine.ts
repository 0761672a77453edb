/** Indices as sums of terms with literal factors, to tell how far apart two of them are. */

import type { Counter, Expression, Loop } from '../ir/nodes.ts'
import { showExpression } from '../ir/show-expression.ts'

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

/**
 * Whether two indices differ in every iteration of some loops, the outermost first. Each counter is at least where it begins, or ends if it counts down;
 * what is left must then be a sum of one sign. Whatever else the indices read must be the same throughout.
 */
export function areDistinct(a: Expression, b: Expression, loops: readonly Loop[]): boolean {
  let difference = combine(affineOf(a), affineOf(b), -1)
  const beyond = new Map<string, number>()
  for (const { counter } of loops.toReversed()) {
    const factor = counter && difference.terms.get(counter.name)
    if (!counter || factor === undefined) continue
    const least = leastOf(counter)
    if (!least) return false
    const terms = new Map(difference.terms)
    terms.delete(counter.name)
    difference = combine({ constant: difference.constant, terms }, scale(least, factor), 1)
    beyond.set(counter.name, factor)
  }
  if (difference.terms.size > 0 || difference.constant === 0) return false
  return [...beyond.values()].every((factor) => Math.sign(factor) === Math.sign(difference.constant))
}

function leastOf({ from, to, comparison, step }: Counter): Affine | undefined {
  if (step > 0) return affineOf(from)
  return comparison === '>=' ? affineOf(to) : undefined
}
