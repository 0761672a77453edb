/**
 * An argument, or storage around the function, that the function writes, and that the reverse sweep restores, ends as the function left it: its content is saved between the
 * sweeps and put back at the end.
 */

import { missingOf } from '../ir/missing.ts'
import { isNamed, someType } from '../ir/named-type.ts'
import { isStorage, LENGTH, type Region } from '../2-analyze/regions.ts'
import { assign, countUp, declare, element, field, length, NUMBER, truncate, variable } from '../ir/build.ts'
import type { Assign, Expression, Field, FunctionNode, Statement, Type } from '../ir/nodes.ts'
import { visitStatements } from '../ir/walk.ts'
import type { Context } from './context.ts'
import { outsideNames } from './name-outside.ts'
import { Refusal } from './refusal.ts'

/** Where the content of some arguments is saved and put back. */
export interface Finals {
  readonly atEntry: readonly Statement[]
  readonly between: readonly Statement[]
  readonly after: readonly Statement[]
}

export function finalContent(fn: FunctionNode, restores: ReadonlySet<Statement>, context: Context): Finals {
  const undone = new Set<Region>()
  const note = (statement: Statement): void => {
    for (const region of context.writes.by(statement)) undone.add(region)
  }
  restores.forEach(note)
  // A reversed call leaves storage as it was before the call.
  visitStatements(fn.body, (statement) => {
    if (statement.kind === 'call') note(statement)
  })
  const finals = new Content(undone, context)
  const given = [...fn.parameters.map(({ name }) => ({ name, place: variable(name) })), ...outsideNames(fn.body)]
  const parts = given.map(({ name, place }) => finals.of(name, place, context.scope.typeOf(name)))
  return {
    atEntry: parts.flatMap(({ atEntry }) => atEntry),
    between: parts.flatMap(({ between }) => between),
    after: parts.flatMap(({ after }) => after),
  }
}

const NOTHING: Finals = { atEntry: [], between: [], after: [] }

interface Saved {
  /** What must run before the value can be taken. */
  readonly statements: readonly Statement[]
  readonly value: Expression
  readonly type: Type
}

class Content {
  readonly #undone: ReadonlySet<Region>
  readonly #context: Context

  constructor(undone: ReadonlySet<Region>, context: Context) {
    this.#undone = undone
    this.#context = context
  }

  /** `place` gives the storage even before it has a name. */
  of(name: string, place: Expression, type: Type): Finals {
    if (!isStorage(type)) return NOTHING
    const region = this.#context.regions.ofVariable(name)
    if (someType(type, (inner) => isNamed(inner) || (isStorage(inner) && missingOf(inner) !== undefined))) {
      // What contains itself has no last part to be saved, and what is missing has none: the objects are walked where any of them is restored.
      const reached = [...this.#context.regions.reachable(region)]
      return reached.some((inner) => this.#undone.has(inner)) ? this.#atRunTime(name, place) : NOTHING
    }
    if (this.#movesReferences(type, region)) return this.#atRunTime(name, place)
    const saved = this.#save(variable(name), type, region)
    if (!saved) return NOTHING
    const final = this.#context.scope.fresh(`${name}_final`, saved.type)
    return {
      atEntry: [],
      between: [...saved.statements, declare(final, saved.value)],
      after: this.#putBack(variable(name), variable(final), type, region),
    }
  }

  /** Whether references within the argument are restored: then other objects than those that it leads to at the end may have changed. */
  #movesReferences(type: Type, region: Region): boolean {
    return this.#partsOf(type, region).some(
      (part) => isStorage(part.type) && (this.#undone.has(part.region) || this.#movesReferences(part.type, part.region)),
    )
  }

  /** The objects that the argument leads to before and after are walked. */
  #atRunTime(name: string, place: Expression): Finals {
    const content = this.#context.scope.fresh(`${name}_content`, { kind: 'opaque', text: 'ReturnType<typeof cotangent#contentOf>' })
    const run = (...parts: (string | Expression)[]): Statement => ({
      kind: 'effect',
      expression: { kind: 'opaque', parts, type: { kind: 'void' }, effects: true },
    })
    const made: Expression = {
      kind: 'opaque',
      parts: ['cotangent#contentOf(', place, ')'],
      type: this.#context.scope.typeOf(content),
      effects: true,
    }
    return {
      atEntry: [declare(content, made)],
      between: [run(variable(content), '.note(', variable(name), ')')],
      after: [run(variable(content), '.restore()')],
    }
  }

  #partsOf(type: Type, region: Region): readonly (Field & { readonly region: Region })[] {
    const { regions } = this.#context
    if (type.kind === 'array' || type.kind === 'keyed') return [{ name: '[]', type: type.element, region: regions.child(region, '[]') }]
    return type.kind === 'record' ? type.fields.map((part) => ({ ...part, region: regions.child(region, part.name) })) : []
  }

  #save(place: Expression, type: Type, region: Region): Saved | undefined {
    if (!isStorage(type)) return this.#undone.has(region) ? { statements: [], value: place, type } : undefined
    if (type.kind === 'keyed') return this.#refuseKeys(region)
    if (type.kind === 'array') return this.#saveArray(place, type, region)
    const parts = this.#partsOf(type, region).flatMap((part) => {
      const saved = this.#save(field(place, part.name), part.type, part.region)
      return saved ? [{ name: part.name, saved }] : []
    })
    if (parts.length === 0) return undefined
    const fields = parts.map(({ name, saved }) => ({ name, type: saved.type }))
    const record = { kind: 'record', tuple: false, fields } as const
    return {
      statements: parts.flatMap(({ saved }) => saved.statements),
      value: { kind: 'record', type: record, values: parts.map(({ saved }) => saved.value) },
      type: record,
    }
  }

  /** Which keys an argument got, and in which order, is not put back. */
  #refuseKeys(region: Region): undefined {
    const { regions, fn } = this.#context
    if (this.#undone.has(regions.child(region, '[]'))) throw new Refusal('CT2009', fn.origin, { text: fn.name })
    return undefined
  }

  #saveArray(place: Expression, type: Type & { kind: 'array' }, region: Region): Saved | undefined {
    const { scope, regions } = this.#context
    const elements = regions.child(region, '[]')
    const own = { kind: 'array', storage: type.storage, element: type.element } as const
    if (!isStorage(type.element))
      return this.#undone.has(elements) ? { statements: [], value: { kind: 'slice', array: place }, type: own } : undefined
    const k = scope.fresh('k', NUMBER)
    const inner = this.#save(element(place, variable(k)), type.element, elements)
    if (!inner) return undefined
    const listType = { kind: 'array', storage: 'Array', element: inner.type } as const
    const list = scope.fresh('final', listType)
    const fill = [...inner.statements, assign(element(variable(list), variable(k)), inner.value)]
    return {
      statements: [declare(list, { kind: 'list', type: listType, elements: [] }), countUp(k, length(place), fill)],
      value: variable(list),
      type: listType,
    }
  }

  #putBack(place: Expression, saved: Expression, type: Type, region: Region): readonly Statement[] {
    if (!isStorage(type)) return this.#undone.has(region) ? [assign(place as Assign['target'], saved)] : []
    if (type.kind === 'record')
      return this.#partsOf(type, region).flatMap((part) =>
        this.#putBack(field(place, part.name), field(saved, part.name), part.type, part.region),
      )
    if (type.kind !== 'array') return []
    const k = this.#context.scope.fresh('k', NUMBER)
    const elements = this.#context.regions.child(region, '[]')
    const body = this.#putBack(element(place, variable(k)), element(saved, variable(k)), type.element, elements)
    if (body.length === 0) return []
    const isShortened = type.storage === 'Array' && this.#undone.has(this.#context.regions.child(region, LENGTH))
    return [countUp(k, length(saved), body), ...(isShortened ? [truncate(place, length(saved), length(place))] : [])]
  }
}
