/**
 * Which elements are there for certain: their index is a counter, or a little beside one, that stays between 0 and the array's length. Only plain arrays
 * need to know, since reading one beyond its end is `undefined`, and adding to its shadow there would make that longer.
 *
 * Needs: structured IR. Promises: what is within was within the array when its loop began. Costs: one visit.
 */

import { affineOf, combine } from '../ir/affine.ts'
import { length } from '../ir/build.ts'
import type { Counter, Element, Expression, Statement } from '../ir/nodes.ts'
import { mapExpression, variablesAssigned, variablesIn, visitStatements } from '../ir/walk.ts'

export class Ranges {
  readonly #counters = new Map<string, Counter>()
  readonly #constants = new Map<string, Expression>()
  readonly #assigned: ReadonlySet<string>
  /** Arrays may become shorter, or others stand in the place of those within others. */
  #shifts = false

  constructor(block: readonly Statement[]) {
    this.#assigned = variablesAssigned(block)
    visitStatements(block, (statement) => {
      if (statement.kind === 'loop' && statement.counter) this.#counters.set(statement.counter.name, statement.counter)
      if (statement.kind === 'declare' && statement.value && !this.#assigned.has(statement.name))
        this.#constants.set(statement.name, statement.value)
      if (statement.kind === 'truncate' || statement.kind === 'call') this.#shifts = true
    })
  }

  /** The counter, from 0 in steps of 1, that an index is. */
  counterFromZero(index: Expression): Counter | undefined {
    const counter = index.kind === 'variable' ? this.#counters.get(index.name) : undefined
    return counter?.step === 1 && counter.from.kind === 'number' && counter.from.value === 0 ? counter : undefined
  }

  isWithin({ array, index }: Element): boolean {
    if (this.#shifts || [...variablesIn(array)].some((name) => this.#assigned.has(name))) return false
    const place = affineOf(this.#resolved(index))
    const [term, more] = place.terms
    const counter = term && this.#counters.get(term[0])
    if (!counter || more || term[1] !== 1 || !Number.isInteger(counter.step)) return false
    const { from, to, comparison, step } = counter
    const [first, last] = step > 0 ? [from, to] : [to, from]
    const isStrict = comparison === '<' || comparison === '>'
    const lowest = affineOf(this.#resolved(first))
    const beyond = combine(affineOf(this.#resolved(last)), affineOf(length(array)), -1)
    if (lowest.terms.size > 0 || beyond.terms.size > 0) return false
    const least = lowest.constant + (step < 0 && isStrict ? 1 : 0)
    const greatest = beyond.constant - (step > 0 && isStrict ? 1 : 0)
    return Number.isInteger(least) && least + place.constant >= 0 && greatest + place.constant <= -1
  }

  /** With constants that stand for lengths, literals and sums of them in the place of their names. */
  #resolved(expression: Expression): Expression {
    return mapExpression(expression, (node) => {
      const value = node.kind === 'variable' ? this.#constants.get(node.name) : undefined
      return value && isSum(value) ? this.#resolved(value) : node
    })
  }
}

const isSum = (value: Expression): boolean =>
  value.kind === 'number' ||
  value.kind === 'length' ||
  value.kind === 'variable' ||
  (value.kind === 'operation' && /^[-+]$/.test(value.operator) && value.operands.every(isSum))
