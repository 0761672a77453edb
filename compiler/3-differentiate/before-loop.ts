/**
 * What must be done before a loop or a branch that is reversed on the spot: the reversal of what follows it and adds to adjoints which its own reversal reads,
 * or which those of such items read. All else is reversed where it would be.
 *
 * Needs: the plan of what follows. Promises: two reversals change places only where neither notices; nothing is read before it is computed, and nothing is
 * computed before a check that could leave the function. Costs: a visit of what follows, and a look at each pair of its reversals.
 */

import type { Region } from '../2-analyze/regions.ts'
import { boundIn } from '../ir/bound.ts'
import type { Expression, Statement, Type } from '../ir/nodes.ts'
import { expressionsOf, someExpression, someStatement, variablesAssigned, variablesIn, visitStatements } from '../ir/walk.ts'
import { commute, effectsOf, type Effects } from './commute.ts'
import type { Context } from './context.ts'
import { hasBackward, type Apart, type Before, type Item } from './plan.ts'

export class Following {
  readonly #later: readonly Item[]
  readonly #context: Context
  /** What the reversal of each item does. */
  readonly #effects: readonly Effects[]
  readonly #names: ReadonlySet<string>
  readonly #regions = new Set<Region>()
  /** Constants that are computed later, from nothing that changes meanwhile: they may be computed before. */
  readonly #sooner = new Map<string, Expression>()

  /** `after` are the statements that follow the loop or branch in its list, and `later` is what becomes of them. */
  constructor(first: Statement, after: readonly Statement[], later: readonly Item[], context: Context) {
    this.#later = later
    this.#context = context
    this.#effects = later.map((item) => effectsOf(backwardOf(item), context))
    // Forward sweeps make names of their own.
    const block = [first, ...after, ...later.flatMap(madeBy)]
    this.#names = new Set([...boundIn(block), ...variablesAssigned(block)])
    visitStatements([first, ...after], (statement) => {
      for (const region of context.writes.changedBy(statement)) this.#regions.add(region)
    })
    for (const statement of after) {
      if (mayLeave(statement)) break
      if (statement.kind === 'declare' && statement.value && this.#canBeSooner(statement.name, statement.value))
        this.#sooner.set(statement.name, statement.value)
    }
  }

  /**
   * `own` is what the reversal on the spot does. Refused where something would read what is not computed yet, or where another one that is done on the spot would have to be
   * done first.
   */
  before(own: Effects): Before | Apart {
    const later = this.#later
    const reversed = new Set(later.flatMap((item) => (item.kind === 'fused' ? [...item.before.reversed] : [])))
    /** Whether an item may be reversed after this and after those that are reversed before it, though it stands behind them. */
    const canWait = (at: number): boolean =>
      commute(own, this.#effects[at]!) &&
      later.every((item, i) => i >= at || !reversed.has(item) || commute(this.#effects[i]!, this.#effects[at]!))
    for (let known = -1; known < reversed.size;) {
      known = reversed.size
      later.forEach((item, at) => {
        if (item.kind !== 'fused' && !reversed.has(item) && hasBackward(item) && !canWait(at)) reversed.add(item)
      })
    }
    if (later.some((item, at) => item.kind === 'fused' && !canWait(at))) return { kind: 'second' }
    if (![...reversed].every((item) => this.#isIndependent(item))) return { kind: 'read-later' }
    const read = this.#soonerReadBy([...reversed].flatMap(backwardOf))
    const moved = later.filter(({ kind, source }) => kind === 'leaf' && source.kind === 'declare' && read.has(source.name))
    const others = later.flatMap((item) => (item.kind === 'fused' ? [...item.before.computed] : []))
    return { kind: 'before', reversed, computed: new Set([...moved, ...others]) }
  }

  /** Whether the reversal of an item reads nothing that changes from here on, and undoes nothing. */
  #isIndependent(item: Item): boolean {
    if (item.setup.length > 0 || someStatement([item.source], this.#context.mustRestore)) return false
    return !someStatement(backwardOf(item), (statement) =>
      expressionsOf(statement).some((expression) => this.#readsWhatChanges(expression)),
    )
  }

  #canBeSooner(name: string, value: Expression): boolean {
    const { scope } = this.#context
    return !scope.isMutable(name) && isPlain(scope.typeOf(name)) && !someExpression(value, isCode) && !this.#readsWhatChanges(value)
  }

  #readsWhatChanges(expression: Expression): boolean {
    return someExpression(expression, (node) => {
      if (node.kind === 'variable') return this.#names.has(node.name) && !this.#sooner.has(node.name)
      const region = node.kind === 'element' || node.kind === 'field' ? this.#context.regions.of(node) : undefined
      return region !== undefined && this.#regions.has(region)
    })
  }

  /** The constants that statements read, and those that these are computed from. */
  #soonerReadBy(block: readonly Statement[]): ReadonlySet<string> {
    const found = new Set<string>()
    const note = (expression: Expression): void => {
      for (const name of variablesIn(expression)) {
        const value = this.#sooner.get(name)
        if (!value || found.has(name)) continue
        found.add(name)
        note(value)
      }
    }
    visitStatements(block, (statement) => expressionsOf(statement).forEach(note))
    return found
  }
}

const isPlain = ({ kind }: Type): boolean => kind === 'number' || kind === 'boolean'
const isCode = ({ kind }: Expression): boolean => kind === 'opaque'

/** Whether what follows may not be reached: it may rely on that. */
const mayLeave = (statement: Statement): boolean =>
  someStatement(
    [statement],
    (inner) =>
      ['throw', 'effect', 'call'].includes(inner.kind) ||
      expressionsOf(inner).some((expression) => someExpression(expression, (node) => node.kind === 'opaque' && node.effects)),
  )

/** What an item's forward sweep runs, its own counters among it. */
function madeBy(item: Item): readonly Statement[] {
  if (item.kind === 'branch') return [...item.then.items, ...item.else.items].flatMap(madeBy)
  return item.kind === 'fused' ? item.whole : item.forward
}

/** What reverses an item. What is reversed on the spot is done with. */
function backwardOf(item: Item): readonly Statement[] {
  if (item.kind !== 'branch') return item.backward
  if (!hasBackward(item)) return []
  return [{ kind: 'if', test: item.reverseTest, then: item.then.items.flatMap(backwardOf), else: item.else.items.flatMap(backwardOf) }]
}
