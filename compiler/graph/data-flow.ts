/**
 * Which statements may read what which others gave: reaching definitions, off the structure of a function.
 *
 * Needs: regions, which say what storage is the same. Promises: where a value may flow, there is an edge. Costs: two visits of a loop's body for each level.
 */

import type { Region, Regions } from '../2-analyze/regions.ts'
import type { Expression, FunctionNode, Statement } from '../ir/nodes.ts'
import { isStorage } from '../ir/shadow-type.ts'
import { rootOfPlace } from '../ir/outside.ts'
import { typeOf } from '../ir/types.ts'
import { declaredBy, readsOf, visitExpression } from '../ir/walk.ts'
import { showExpression } from '../ir/show-expression.ts'

export interface Flow {
  readonly from: Statement | Parameter
  readonly to: Statement
  /** The variable that holds the value, or refers to the storage that does. */
  readonly value: string
  /** Whether it arrives only in a later iteration of a loop around both. */
  readonly carried: boolean
}

/** A parameter, by its name. */
export type Parameter = string

/** A variable by its name, or storage by its region. */
type Holder = string | Region

/** Who may have given a holder its value last, with the name that it had there. */
type Reaching = Map<Holder, Map<Statement | Parameter, string>>

export function flowsIn(fn: FunctionNode, regions: Regions): readonly Flow[] {
  return new Flows(fn, regions).found()
}

class Flows {
  readonly #fn: FunctionNode
  readonly #regions: Regions
  readonly #found = new Map<Statement, Map<Statement | Parameter, Map<string, boolean>>>()
  /** How many of the loops around are looked at for another iteration. */
  #again = 0
  /** What holds where the loops around end early, the innermost last. */
  readonly #exits: Reaching[] = []

  constructor(fn: FunctionNode, regions: Regions) {
    this.#fn = fn
    this.#regions = regions
  }

  found(): readonly Flow[] {
    const start: Reaching = new Map(this.#fn.parameters.map(({ name }) => [name, new Map([[name, name]])]))
    for (const { name } of this.#fn.parameters)
      for (const region of this.#storageBehind({ kind: 'variable', name })) add(start, region, name, name)
    this.#block(this.#fn.body, start)
    return [...this.#found].flatMap(([to, givers]) =>
      [...givers].flatMap(([from, values]) => [...values].map(([value, carried]) => ({ from, to, value, carried }))),
    )
  }

  #block(block: readonly Statement[], before: Reaching): Reaching {
    return block.reduce((state, statement) => this.#statement(statement, state), before)
  }

  #statement(statement: Statement, before: Reaching): Reaching {
    switch (statement.kind) {
      case 'if': {
        this.#reads(statement, before)
        const [then, otherwise] = [this.#block(statement.then, copied(before)), this.#block(statement.else, copied(before))]
        return merged(then, otherwise)
      }
      case 'loop':
        return this.#loop(statement, before)
      case 'break': {
        const exit = this.#exits.at(-1)
        if (exit) mergeInto(exit, before)
        return new Map()
      }
      case 'throw':
      case 'return':
        this.#reads(statement, before)
        return new Map()
      default: {
        this.#reads(statement, before)
        const after = copied(before)
        this.#gives(statement, after)
        return after
      }
    }
  }

  #loop(loop: Statement & { readonly kind: 'loop' }, before: Reaching): Reaching {
    const exit: Reaching = new Map()
    this.#exits.push(exit)
    let head = copied(before)
    // What an iteration gives may be read by the next one, until nothing new arrives at its start.
    for (let round = 0; ; round++) {
      if (round === 1) this.#again++
      this.#reads(loop, head)
      const inside = copied(head)
      if (loop.counter) inside.set(loop.counter.name, new Map([[loop, loop.counter.name]]))
      const after = this.#block(loop.body, inside)
      if (loop.testAt === 'bottom') this.#reads(loop, after)
      const next = merged(head, after)
      if (sizeOf(next) === sizeOf(head)) {
        this.#exits.pop()
        if (round > 0) this.#again--
        return merged(loop.testAt === 'bottom' ? after : next, exit)
      }
      head = next
    }
  }

  #gives(statement: Statement, after: Reaching): void {
    const name = declaredBy(statement)
    if (name !== undefined && (statement.kind !== 'declare' || statement.value)) after.set(name, new Map([[statement, name]]))
    if (statement.kind === 'reserve') after.set(statement.tape, new Map([[statement, statement.tape]]))
    if (statement.kind === 'assign' && statement.target.kind === 'variable')
      after.set(statement.target.name, new Map([[statement, statement.target.name]]))
    for (const { place, region } of this.#written(statement)) add(after, region, statement, nameOfPlace(place))
  }

  #written(statement: Statement): readonly { readonly place: Expression; readonly region: Region }[] {
    switch (statement.kind) {
      case 'assign':
        return statement.target.kind === 'variable' ? [] : this.#leaves(statement.target)
      case 'fill':
      case 'push':
      case 'truncate':
        return this.#leaves(statement.array)
      case 'copyInto':
        return this.#leaves(statement.target)
      case 'call':
        return statement.arguments.flatMap((argument) => (this.#isStorage(argument) ? this.#leaves(argument) : []))
      default:
        return []
    }
  }

  #leaves(place: Expression): readonly { readonly place: Expression; readonly region: Region }[] {
    const own = this.#regions.of(place)
    return [...new Set([...(own ? [own] : []), ...this.#storageBehind(place)])].map((region) => ({ place, region }))
  }

  #storageBehind(expression: Expression): ReadonlySet<Region> {
    const region = this.#isStorage(expression) ? this.#regions.of(expression) : undefined
    return region ? this.#regions.reachable(region) : new Set()
  }

  #isStorage(expression: Expression): boolean {
    return isStorage(typeOf(expression, this.#fn.variables))
  }

  #reads(statement: Statement, before: Reaching): void {
    const targets = statement.kind === 'assign' && statement.target.kind !== 'variable' ? [statement.target] : []
    for (const expression of readsOf(statement)) {
      const isTarget = targets.includes(expression as never)
      visitExpression(expression, (node) => {
        if (node.kind === 'variable') this.#read(statement, node.name, before)
        // The place that a statement writes is not read by it.
        if (isTarget && node === expression) return
        const isWhole = node.kind === 'variable' && this.#isReadWhole(statement)
        if (node.kind === 'element' || node.kind === 'field' || node.kind === 'slice' || node.kind === 'convert' || isWhole)
          for (const region of this.#regionsRead(node)) this.#read(statement, region, before)
      })
    }
  }

  /** Whether it hands references on to somebody who reads what is behind them. */
  #isReadWhole({ kind }: Statement): boolean {
    return kind === 'call' || kind === 'return' || kind === 'effect' || kind === 'copyInto'
  }

  #regionsRead(node: Expression): ReadonlySet<Region> {
    if (node.kind === 'slice' || node.kind === 'convert') return this.#storageBehind(node.array)
    const own = this.#regions.of(node)
    return new Set([...(own ? [own] : []), ...(node.kind === 'variable' ? this.#storageBehind(node) : [])])
  }

  #read(to: Statement, holder: Holder, before: Reaching): void {
    for (const [from, value] of before.get(holder) ?? []) {
      const givers = this.#found.get(to) ?? new Map<Statement | Parameter, Map<string, boolean>>()
      const values = givers.get(from) ?? new Map<string, boolean>()
      if (!values.has(value)) values.set(value, this.#again > 0)
      this.#found.set(to, givers.set(from, values))
    }
  }
}

function nameOfPlace(place: Expression): string {
  const root = rootOfPlace(place)
  return root.kind === 'variable' ? root.name : showExpression(root)
}

function add(state: Reaching, holder: Holder, giver: Statement | Parameter, name: string): void {
  state.set(holder, new Map(state.get(holder)).set(giver, name))
}

const copied = (state: Reaching): Reaching => new Map(state)

function merged(a: Reaching, b: Reaching): Reaching {
  const all = copied(a)
  mergeInto(all, b)
  return all
}

function mergeInto(into: Reaching, other: Reaching): void {
  for (const [holder, givers] of other) into.set(holder, new Map([...(into.get(holder) ?? []), ...givers]))
}

const sizeOf = (state: Reaching): number => [...state.values()].reduce((sum, { size }) => sum + size, 0)
