/** Which variables hold objects that can be taken apart; see `scalar-records.ts`. */

import type { Expression, FunctionNode, RecordType, Statement } from '../ir/nodes.ts'
import { childrenOf, expressionsOf, visitStatements } from '../ir/walk.ts'
import { aliasedWrites } from './aliased-writes.ts'

export interface Found {
  readonly separable: ReadonlyMap<string, RecordType>
  /** Objects that only stay whole because of what could be seen under another name. */
  readonly shared: ReadonlySet<string>
}

export function findSeparable(fn: FunctionNode): Found {
  const parameters = new Set(fn.parameters.map(({ name }) => name))
  const candidates = new Map(
    Object.entries(fn.variables).flatMap(([name, { type }]) =>
      type.kind === 'record' && type.name === undefined && type.missing === undefined && type.fields.length > 0 && !parameters.has(name)
        ? [[name, type] as const]
        : [],
    ),
  )
  const shared = new Set<string>()
  if (candidates.size === 0) return { separable: candidates, shared }
  const uses = new Uses(candidates)
  uses.visit(fn.body)
  const groups = uses.groups()
  const changing = groups.filter((group) => uses.isChanged(group))
  const aliased = changing.length === 0 ? shared : aliasedWrites(fn.body, new Set(candidates.keys()))
  const remove = (group: ReadonlySet<string>): void => group.forEach((name) => candidates.delete(name))
  for (const group of groups) {
    if (uses.isWhole(group)) remove(group)
    else if (changing.includes(group) && [...group].some((name) => aliased.has(name))) {
      remove(group)
      for (const name of group) shared.add(name)
    }
  }
  return { separable: candidates, shared }
}

interface Copy {
  readonly to: string
  readonly from: string
}

class Uses {
  readonly #candidates: ReadonlyMap<string, RecordType>
  /** Objects of which something else is done than what can be done with variables. */
  readonly #whole = new Set<string>()
  readonly #written = new Set<string>()
  readonly #copies: Copy[] = []
  readonly #declared = new Set<string>()

  constructor(candidates: ReadonlyMap<string, RecordType>) {
    this.#candidates = candidates
  }

  visit(block: readonly Statement[]): void {
    visitStatements(block, (statement) => this.#statement(statement))
  }

  #statement(statement: Statement): void {
    if (statement.kind === 'declare') {
      if (!this.#candidates.has(statement.name)) return this.#all(statement)
      this.#declared.add(statement.name)
      if (statement.value) this.#give(statement.name, statement.value)
      return
    }
    if (statement.kind === 'call' && statement.result !== undefined) this.#whole.add(statement.result)
    if (statement.kind === 'assign' && statement.target.kind === 'variable') {
      if (!this.#candidates.has(statement.target.name)) return this.#read(statement.value)
      return this.#give(statement.target.name, statement.value)
    }
    if (statement.kind === 'assign' && statement.target.kind === 'field' && statement.target.record.kind === 'variable') {
      this.#written.add(statement.target.record.name)
      this.#checkField(statement.target.record.name, statement.target.name)
      return this.#read(statement.value)
    }
    if (statement.kind === 'return' && statement.value?.kind === 'variable') return
    return this.#all(statement)
  }

  #all(statement: Statement): void {
    for (const expression of expressionsOf(statement)) this.#read(expression)
  }

  /** What a variable comes to hold. */
  #give(name: string, value: Expression): void {
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
    this.#copies.push({ to: name, from: value.name })
  }

  #read(expression: Expression): void {
    if (expression.kind === 'variable') this.#whole.add(expression.name)
    if (expression.kind === 'field' && expression.record.kind === 'variable') {
      return this.#checkField(expression.record.name, expression.name)
    }
    for (const child of childrenOf(expression)) this.#read(child)
  }

  /** A field beyond the type, as the length of a tuple would be. */
  #checkField(name: string, key: string): void {
    if (this.#candidates.get(name)?.fields.some((one) => one.name === key) !== true) this.#whole.add(name)
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

  isChanged(group: ReadonlySet<string>): boolean {
    return [...group].some((name) => this.#written.has(name))
  }

  isWhole(group: ReadonlySet<string>): boolean {
    return [...group].some((name) => this.#whole.has(name) || !this.#declared.has(name))
  }
}
