/**
 * One load for an element that is read several times while nothing writes it: `const x_i = x[i]`, before a loop if it is the same element in all
 * iterations. An engine does that by itself only where nothing else is written in between, because any two arrays could share memory.
 *
 * Needs: names are unique; regions, whose promise is that what differs never shares storage. Promises: the same values. Costs: for each list of
 * statements, its length times the elements that it reads.
 */

import { declare, variable } from '../ir/build.ts'
import type { Element, Expression, FunctionNode, Loop, Statement } from '../ir/nodes.ts'
import { sameExpression } from '../ir/same.ts'
import { Scope } from '../ir/scope.ts'
import { showExpression } from '../ir/show-expression.ts'
import {
  blocksOf,
  childrenOf,
  declaredBy,
  expressionsOf,
  mapAllExpressions,
  mapBlocksOf,
  mapChildren,
  mapExpressionsOf,
  someStatement,
  variablesIn,
  visitExpression,
  visitStatements,
} from '../ir/walk.ts'
import { elementName } from './element-name.ts'
import type { Effects, Storage } from './storage.ts'

export function reuseLoads(fn: FunctionNode, storage: Storage): FunctionNode {
  const scope = Scope.of(fn)
  const pass = new Pass(scope, storage)
  const body = pass.inBlock(fn.body)
  return { ...fn, body, variables: scope.variables }
}

interface Group {
  readonly load: Element
  /** The first statement that reads it unconditionally, and the last that may read the same value. */
  readonly first: number
  last: number
  count: number
  /** Whether storage is written between two of the reads. */
  isApart: boolean
}

class Pass {
  readonly #scope: Scope
  readonly #storage: Storage

  constructor(scope: Scope, storage: Storage) {
    this.#scope = scope
    this.#storage = storage
  }

  inBlock(block: readonly Statement[]): readonly Statement[] {
    const hoisted = block.flatMap((statement) => this.#outOfLoop(mapBlocksOf(statement, (inner) => this.inBlock(inner))))
    return this.#within(hoisted)
  }

  // ------------------------------------------------------------------------------------------------------- out of a loop

  #outOfLoop(statement: Statement): readonly Statement[] {
    if (statement.kind !== 'loop' || !statement.counter) return [statement]
    const effects = this.#storage.effectsOf(statement.body)
    if (effects.written.size === 0) return [statement]
    const inside = declaredAnywhere(statement)
    const before: Statement[] = []
    let { body } = statement
    for (const load of this.#steadyLoads(statement, effects, inside)) {
      const name = this.#scope.fresh(elementName(load), { kind: 'number' })
      before.push(declare(name, load))
      body = mapAllExpressions(body, (expression) => replaced(expression, load, name))
    }
    return [...before, { ...statement, body }]
  }

  /** What every iteration reads, without a condition, and none changes. */
  #steadyLoads({ body }: Loop, effects: Effects, inside: ReadonlySet<string>): readonly Element[] {
    const found = new Map<string, Element>()
    for (const statement of body) {
      if (someStatement([statement], ({ kind }) => kind === 'break')) break
      for (const expression of readsOf(statement))
        for (const load of unconditional(expression)) {
          if (!this.#isFlat(load) || !this.#storage.isUntouched(load, effects)) continue
          if ([...variablesIn(load)].some((name) => inside.has(name))) continue
          found.set(showExpression(load), load)
        }
    }
    return [...found.values()]
  }

  // ------------------------------------------------------------------------------------------------------- within a list

  #within(block: readonly Statement[]): readonly Statement[] {
    const named = this.#groups(block).map((group) => ({ ...group, ...this.#nameOf(group, block[group.first]!) }))
    return block.flatMap((statement, at) => {
      const before = named.flatMap(({ first, isNew, name, load }) => (first === at && isNew ? [declare(name, load)] : []))
      const rewritten = named.reduce((result, { first, last, isNew, name, load }) => {
        const isReader = at >= (isNew ? first : first + 1) && at <= last
        return isReader ? readsReplaced(result, load, name) : result
      }, statement)
      return [...before, rewritten]
    })
  }

  /** A constant that is just this element serves as the name. */
  #nameOf({ load }: Group, first: Statement): { name: string; isNew: boolean } {
    const isNamed = first.kind === 'declare' && first.value && sameExpression(first.value, load) && !this.#scope.isMutable(first.name)
    return isNamed ? { name: first.name, isNew: false } : { name: this.#scope.fresh(elementName(load), { kind: 'number' }), isNew: true }
  }

  /** The elements that are worth a name, ordered by where they begin. */
  #groups(block: readonly Statement[]): readonly Group[] {
    const open = new Map<string, Group>()
    const closed: Group[] = []
    block.forEach((statement, at) => {
      const effects = this.#storage.effectsOf([statement])
      const isCompound = blocksOf(statement).length > 0
      const close = (): void => {
        for (const [key, group] of open) {
          if (this.#storage.isUntouched(group.load, effects)) continue
          closed.push(group)
          open.delete(key)
        }
      }
      // What a nested list writes it may write before it reads.
      if (isCompound) close()
      for (const { load, isSure } of this.#loadsIn(statement)) {
        const key = showExpression(load)
        const group = open.get(key)
        if (group) {
          group.count++
          group.last = at
        } else if (isSure) open.set(key, { load, first: at, last: at, count: 1, isApart: false })
      }
      if (!isCompound) close()
      if (effects.written.size > 0)
        for (const group of open.values()) if (group.last <= at) group.isApart ||= this.#isReadAfter(group, block, at)
    })
    return [...closed, ...open.values()]
      .filter(({ count, isApart }) => count > 2 || (count > 1 && isApart))
      .sort((a, b) => a.first - b.first)
  }

  #isReadAfter({ load }: Group, block: readonly Statement[], at: number): boolean {
    return block.slice(at + 1).some((statement) => this.#loadsIn(statement).some((other) => sameExpression(other.load, load)))
  }

  /** `isSure` when it is read whenever the statement runs. */
  #loadsIn(statement: Statement): readonly { load: Element; isSure: boolean }[] {
    const own = readsOf(statement).flatMap((expression) => {
      const sure = statement.kind === 'loop' ? [] : unconditional(expression)
      return elementsIn(expression).flatMap((load) => (this.#isFlat(load) ? [{ load, isSure: sure.includes(load) }] : []))
    })
    const nested = blocksOf(statement).flatMap((inner) => inner.flatMap((part) => this.#loadsIn(part)))
    return [...own, ...nested.map(({ load }) => ({ load, isSure: false }))]
  }

  /** An element of an array of numbers that a variable refers to: reading it can neither fail nor give a reference. */
  #isFlat({ array, index }: Element): boolean {
    if (array.kind !== 'variable' || elementsIn(index).length > 0) return false
    const type = this.#scope.typeOf(array.name)
    return type.kind === 'array' && type.element.kind === 'number'
  }
}

/** What a statement reads by itself; `x[i] += e` shows what it reads of `x[i]`. */
function readsOf(statement: Statement): readonly Expression[] {
  if (statement.kind !== 'assign' || statement.target.kind === 'variable') return expressionsOf(statement)
  const { target, value } = statement
  const indices = childrenOf(target).slice(1)
  if (value.kind === 'operation' && value.operands[0] && sameExpression(value.operands[0], target))
    return [...indices, ...value.operands.slice(1)]
  return [...indices, value]
}

function readsReplaced(statement: Statement, load: Element, name: string): Statement {
  const own = (part: Statement): Statement => {
    if (part.kind === 'assign' && part.value.kind === 'operation' && sameExpression(part.value.operands[0]!, part.target)) {
      const [self, ...rest] = part.value.operands
      const value = { ...part.value, operands: [self!, ...rest.map((operand) => replaced(operand, load, name))] }
      return { ...part, value }
    }
    return mapExpressionsOf(part, (expression) => replaced(expression, load, name))
  }
  return mapBlocksOf(own(statement), (inner) => inner.map((part) => readsReplaced(part, load, name)))
}

function replaced(expression: Expression, load: Element, name: string): Expression {
  if (sameExpression(expression, load)) return variable(name)
  return mapChildren(expression, (child) => replaced(child, load, name))
}

function elementsIn(expression: Expression): readonly Element[] {
  const found: Element[] = []
  visitExpression(expression, (node) => {
    if (node.kind === 'element') found.push(node)
  })
  return found
}

/** The elements that are read whenever the expression is evaluated. */
function unconditional(expression: Expression): readonly Element[] {
  const isChoice = expression.kind === 'operation' && /^(?:select|&&|\|\|)$/.test(expression.operator)
  const parts = isChoice ? childrenOf(expression).slice(0, 1) : childrenOf(expression)
  return [...(expression.kind === 'element' ? [expression] : []), ...parts.flatMap(unconditional)]
}

function declaredAnywhere(loop: Loop): ReadonlySet<string> {
  const names = new Set<string>()
  visitStatements([loop], (statement) => {
    const name = declaredBy(statement)
    if (name !== undefined) names.add(name)
    if (statement.kind === 'loop' && statement.counter) names.add(statement.counter.name)
  })
  return names
}
