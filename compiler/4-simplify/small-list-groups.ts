/** Which variables hold arrays of a few elements that could be tuples; see `small-lists.ts`. */

import type { Expression, FunctionNode, Statement, Type } from '../ir/nodes.ts'
import { blocksOf, childrenOf, expressionsOf } from '../ir/walk.ts'

const MOST_ELEMENTS = 8

/** With their lengths. */
export function findSmallLists(fn: FunctionNode, except: ReadonlySet<string>): ReadonlyMap<string, number> {
  const parameters = new Set(fn.parameters.map(({ name }) => name))
  const candidates = Object.entries(fn.variables).flatMap(([name, { type }]) =>
    isPlainArray(type) && !parameters.has(name) && !except.has(name) ? [name] : [],
  )
  if (candidates.length === 0) return new Map()
  const uses = new Uses(candidates)
  uses.visit(fn.body, false)
  return uses.lengths()
}

/** Of numbers as they are, or of objects; not of those that a text tells apart, which is known where each is a variable, so that TypeScript objects to asking. */
function isPlainArray(type: Type): boolean {
  if (type.kind !== 'array' || type.missing !== undefined || !['Array', 'Float64Array'].includes(type.storage)) return false
  const { element } = type
  if (element.kind === 'number') return element.missing === undefined
  if (element.kind !== 'record' || element.missing !== undefined || element.name !== undefined) return false
  return element.fields.every((field) => field.type.kind !== 'opaque')
}

class Uses {
  readonly #groupOf: Map<string, Set<string>>
  readonly #whole = new Set<string>()
  readonly #declared = new Set<string>()
  readonly #lengths = new Map<string, Set<number>>()
  /** Those of which something is gained: not lists of literals that stay as they are. */
  readonly #worthwhile = new Set<string>()

  constructor(candidates: readonly string[]) {
    this.#groupOf = new Map(candidates.map((name) => [name, new Set([name])]))
  }

  visit(block: readonly Statement[], inLoop: boolean): void {
    for (const statement of block) {
      this.#note(statement, inLoop)
      for (const inner of blocksOf(statement)) this.visit(inner, inLoop || statement.kind === 'loop')
    }
  }

  #note(statement: Statement, inLoop: boolean): void {
    if (statement.kind === 'call' && statement.result !== undefined) this.#whole.add(statement.result)
    if (statement.kind === 'declare') {
      this.#declared.add(statement.name)
      if (statement.value) this.#give(statement.name, statement.value, inLoop)
    } else if (statement.kind === 'assign' && statement.target.kind === 'variable')
      this.#give(statement.target.name, statement.value, inLoop)
    else {
      if (statement.kind === 'assign' && statement.target.kind === 'element' && statement.target.array.kind === 'variable')
        this.#worthwhile.add(statement.target.array.name)
      for (const expression of expressionsOf(statement)) this.#read(expression)
    }
  }

  #give(name: string, value: Expression, inLoop: boolean): void {
    if (!this.#groupOf.has(name)) return this.#read(value)
    if (value.kind === 'variable' && this.#groupOf.has(value.name)) return this.#join(name, value.name)
    if (value.kind === 'list') {
      this.#measure(name, value.elements.length)
      if (inLoop || !value.elements.every(({ kind }) => kind === 'number')) this.#worthwhile.add(name)
      return this.#read(value)
    }
    if (value.kind === 'zeros' && value.pooled !== true) {
      const { length } = value
      if (length.kind === 'number') return this.#measure(name, length.value)
      if (length.kind === 'length' && length.array.kind === 'variable' && this.#groupOf.has(length.array.name))
        return this.#join(name, length.array.name)
    }
    this.#whole.add(name)
    this.#read(value)
  }

  #measure(name: string, length: number): void {
    this.#lengths.set(name, (this.#lengths.get(name) ?? new Set()).add(length))
  }

  #join(a: string, b: string): void {
    const both = new Set([...this.#groupOf.get(a)!, ...this.#groupOf.get(b)!])
    for (const one of both) this.#groupOf.set(one, both)
  }

  #read(expression: Expression): void {
    if (expression.kind === 'variable') this.#whole.add(expression.name)
    if (expression.kind === 'length' && expression.array.kind === 'variable') return
    if (expression.kind === 'element' && expression.array.kind === 'variable') return this.#read(expression.index)
    for (const child of childrenOf(expression)) this.#read(child)
  }

  lengths(): ReadonlyMap<string, number> {
    const found = new Map<string, number>()
    for (const group of new Set(this.#groupOf.values())) {
      const all = [...group]
      const lengths = new Set(all.flatMap((name) => [...(this.#lengths.get(name) ?? [])]))
      const [length = 0] = lengths
      const isOne = lengths.size === 1 && Number.isInteger(length) && length > 0 && length <= MOST_ELEMENTS
      if (!isOne || all.some((name) => this.#whole.has(name) || !this.#declared.has(name))) continue
      if (all.some((name) => this.#worthwhile.has(name))) for (const name of all) found.set(name, length)
    }
    return found
  }
}
