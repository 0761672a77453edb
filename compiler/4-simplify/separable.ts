/** Which variables hold objects that can be taken apart; see `scalar-records.ts`. */

import type { Expression, FunctionNode, RecordType, Statement } from '../ir/nodes.ts'
import { blocksOf, childrenOf, expressionsOf } from '../ir/walk.ts'

export function findSeparable(fn: FunctionNode): ReadonlyMap<string, RecordType> {
  const parameters = new Set(fn.parameters.map(({ name }) => name))
  const candidates = new Map(
    Object.entries(fn.variables).flatMap(([name, { type }]) =>
      type.kind === 'record' && type.name === undefined && type.missing === undefined && type.fields.length > 0 && !parameters.has(name)
        ? [[name, type] as const]
        : [],
    ),
  )
  if (candidates.size === 0) return candidates
  const uses = new Uses(candidates)
  uses.visit(fn.body, 0)
  for (const group of uses.groups()) if (!uses.comesApart(group)) for (const name of group) candidates.delete(name)
  return candidates
}

interface Copy {
  readonly to: string
  readonly from: string
  /** The loops around the copy. */
  readonly depth: number
}

class Uses {
  readonly #candidates: ReadonlyMap<string, RecordType>
  /** Objects of which something else is done than what can be done with variables. */
  readonly #whole = new Set<string>()
  readonly #written = new Set<string>()
  readonly #copies: Copy[] = []
  readonly #declaredAt = new Map<string, number>()
  readonly #mentions = new Map<string, number>()

  constructor(candidates: ReadonlyMap<string, RecordType>) {
    this.#candidates = candidates
  }

  visit(block: readonly Statement[], depth: number): void {
    for (const statement of block) {
      this.#statement(statement, depth)
      for (const inner of blocksOf(statement)) this.visit(inner, statement.kind === 'loop' ? depth + 1 : depth)
    }
  }

  #statement(statement: Statement, depth: number): void {
    if (statement.kind === 'declare') {
      if (!this.#candidates.has(statement.name)) return this.#all(statement)
      this.#declaredAt.set(statement.name, depth)
      if (statement.value) this.#give(statement.name, statement.value, depth)
      return
    }
    if (statement.kind === 'call' && statement.result !== undefined) this.#whole.add(statement.result)
    if (statement.kind === 'assign' && statement.target.kind === 'variable') {
      if (!this.#candidates.has(statement.target.name)) return this.#read(statement.value)
      this.#mention(statement.target.name)
      return this.#give(statement.target.name, statement.value, depth)
    }
    if (statement.kind === 'assign' && statement.target.kind === 'field' && statement.target.record.kind === 'variable') {
      this.#written.add(statement.target.record.name)
      this.#mention(statement.target.record.name)
      this.#checkField(statement.target.record.name, statement.target.name)
      return this.#read(statement.value)
    }
    if (statement.kind === 'return' && statement.value?.kind === 'variable') return this.#mention(statement.value.name)
    return this.#all(statement)
  }

  #all(statement: Statement): void {
    for (const expression of expressionsOf(statement)) this.#read(expression)
  }

  /** What a variable comes to hold. */
  #give(name: string, value: Expression, depth: number): void {
    const { fields } = this.#candidates.get(name)!
    if (value.kind === 'record') {
      const given = new Set(value.type.fields.map((one) => one.name))
      if (!fields.every((one) => given.has(one.name))) this.#whole.add(name)
      return this.#read(value)
    }
    const other = value.kind === 'variable' ? this.#candidates.get(value.name) : undefined
    if (value.kind !== 'variable' || !other || !fields.every((one) => other.fields.some((known) => known.name === one.name))) {
      this.#whole.add(name)
      return this.#read(value)
    }
    this.#mention(value.name)
    this.#copies.push({ to: name, from: value.name, depth })
  }

  #read(expression: Expression): void {
    if (expression.kind === 'variable') this.#whole.add(expression.name)
    if (expression.kind === 'field' && expression.record.kind === 'variable') {
      this.#mention(expression.record.name)
      return this.#checkField(expression.record.name, expression.name)
    }
    for (const child of childrenOf(expression)) this.#read(child)
  }

  /** A field beyond the type, as the length of a tuple would be. */
  #checkField(name: string, key: string): void {
    if (this.#candidates.get(name)?.fields.some((one) => one.name === key) !== true) this.#whole.add(name)
  }

  #mention(name: string): void {
    this.#mentions.set(name, (this.#mentions.get(name) ?? 0) + 1)
  }

  /** Variables among which references are copied. */
  groups(): readonly ReadonlySet<string>[] {
    const groupOf = new Map([...this.#candidates.keys()].map((name) => [name, new Set([name])]))
    for (const { to, from } of this.#copies) {
      const merged = new Set([...groupOf.get(to)!, ...groupOf.get(from)!])
      for (const name of merged) groupOf.set(name, merged)
    }
    return [...new Set(groupOf.values())]
  }

  comesApart(group: ReadonlySet<string>): boolean {
    const names = [...group]
    if (names.some((name) => this.#whole.has(name) || !this.#declaredAt.has(name))) return false
    if (!names.some((name) => this.#written.has(name))) return true
    return this.#copies.every((copy) => !group.has(copy.to) || this.#isMove(copy))
  }

  /** Whether nothing mentions the object by its first name any more. */
  #isMove({ from, depth }: Copy): boolean {
    return this.#mentions.get(from) === 1 && this.#declaredAt.get(from) === depth
  }
}
