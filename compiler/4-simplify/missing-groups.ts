/**
 * Groups of variables that hold each other's objects, some of which may be missing, where all that is done with these is what can be done with their fields and a
 * truth value: asking whether there is an object, and reading and writing the fields of one that is known to be there.
 */

import { isMissingValue } from '../ir/missing.ts'
import type { Expression, FunctionNode, RecordType, Statement } from '../ir/nodes.ts'
import { expressionsOf, visitStatements } from '../ir/walk.ts'
import { mapNarrowed, presenceIn, testedBits, THERE, type Held, type Presence } from './presence.ts'

export interface MissingGroups {
  readonly groups: readonly ReadonlySet<string>[]
  readonly presence: ReadonlyMap<Statement, Presence>
}

export function missingGroups(fn: FunctionNode): MissingGroups {
  const parameters = new Set(fn.parameters.map(({ name }) => name))
  const records = new Map(
    Object.entries(fn.variables).flatMap(([name, { type }]) =>
      type.kind === 'record' && type.name === undefined && !parameters.has(name) ? [[name, type] as const] : [],
    ),
  )
  const missing = new Set([...records].filter(([, { missing }]) => missing !== undefined).map(([name]) => name))
  if (missing.size === 0) return { groups: [], presence: new Map() }
  const presence = presenceIn(fn.body, missing)
  const uses = new Uses(records, missing)
  visitStatements(fn.body, (statement) => uses.note(statement, presence.get(statement)))
  return { groups: uses.groups(), presence }
}

/** What a test for a missing value says of a variable; nothing where it tells two ways to be missing from one another. */
export function outcomeOf(tested: Held, held: Held): 'always' | 'never' | 'missing' | undefined {
  if ((held & tested) === 0) return 'never'
  if ((held & ~tested) === 0) return 'always'
  return (held & ~tested) === THERE ? 'missing' : undefined
}

class Uses {
  readonly #records: ReadonlyMap<string, RecordType>
  readonly #missing: ReadonlySet<string>
  readonly #groupOf: Map<string, Set<string>>
  /** Objects of which something else is done. */
  readonly #whole = new Set<string>()

  constructor(records: ReadonlyMap<string, RecordType>, missing: ReadonlySet<string>) {
    this.#records = records
    this.#missing = missing
    this.#groupOf = new Map([...records.keys()].map((name) => [name, new Set([name])]))
  }

  note(statement: Statement, known: Presence | undefined): void {
    if (statement.kind === 'call' && statement.result !== undefined) this.#whole.add(statement.result)
    if (statement.kind === 'declare') {
      if (statement.value) this.#give(statement.name, statement.value, known)
    } else if (statement.kind === 'assign' && statement.target.kind === 'variable')
      this.#give(statement.target.name, statement.value, known)
    else for (const expression of expressionsOf(statement)) this.#read(expression, known)
  }

  /** What a variable comes to hold. */
  #give(name: string, value: Expression, known: Presence | undefined): void {
    if (this.#missing.has(name) && isMissingValue(value)) return
    if (value.kind !== 'variable' || !this.#records.has(name) || !this.#records.has(value.name)) {
      if (value.kind !== 'record') this.#whole.add(name)
      return this.#read(value, known)
    }
    const both = new Set([...this.#groupOf.get(name)!, ...this.#groupOf.get(value.name)!])
    for (const one of both) this.#groupOf.set(one, both)
    if (!this.#missing.has(name)) this.#expectThere(value.name, known)
  }

  #read(expression: Expression, known: Presence | undefined): void {
    mapNarrowed(expression, known, (part, there) => {
      if (part.kind === 'variable' && this.#missing.has(part.name)) this.#whole.add(part.name)
      const [of] = part.kind === 'field' ? [part.record] : part.kind === 'operation' ? part.operands : []
      if (of?.kind !== 'variable' || !this.#missing.has(of.name)) return undefined
      const tested = part.kind === 'operation' ? testedBits.get(part.operator) : undefined
      if (part.kind === 'field') this.#expectThere(of.name, there)
      else if (tested === undefined || (there && outcomeOf(tested, there.bits.get(of.name)!) === undefined)) this.#whole.add(of.name)
      else return part
      return part.kind === 'field' ? part : undefined
    })
  }

  #expectThere(name: string, known: Presence | undefined): void {
    if (known && this.#missing.has(name) && known.bits.get(name) !== THERE) this.#whole.add(name)
  }

  groups(): readonly ReadonlySet<string>[] {
    return [...new Set(this.#groupOf.values())].filter(
      (names) => [...names].some((name) => this.#missing.has(name)) && ![...names].some((name) => this.#whole.has(name)),
    )
  }
}
