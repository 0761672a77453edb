/**
 * Record types that may contain themselves: a list's node, what a recursive function keeps for its reverse sweep. Their fields are asked for when they are
 * needed, because while such a type is being made there are none yet, and a type that contains itself has no end.
 */

import type { Field, RecordType, Type } from './nodes.ts'

type Marks = Pick<RecordType, 'missing' | 'tagged' | 'classes'>

/** Two named types are the same when their names are. Whoever walks a type must not enter one of the same name again. */
export function namedRecord(name: string, fieldsOf: () => readonly Field[], marks: Marks = {}): RecordType {
  let known: readonly Field[] | undefined
  return {
    kind: 'record',
    tuple: false,
    name,
    ...marks,
    get fields(): readonly Field[] {
      known ??= fieldsOf()
      return known
    },
  }
}

/** Whether somewhere in a type, itself included, `test` holds; each named type is entered once. */
export function someType(type: Type, test: (type: Type) => boolean, seen: ReadonlySet<string> = new Set()): boolean {
  if (test(type)) return true
  if (type.kind === 'array' || type.kind === 'keyed') return someType(type.element, test, seen)
  if (type.kind !== 'record') return false
  if (type.name !== undefined && seen.has(type.name)) return false
  const inside = type.name === undefined ? seen : new Set([...seen, type.name])
  return type.fields.some((field) => someType(field.type, test, inside))
}

export type NamedRecord = RecordType & { readonly name: string }

export const isNamed = (type: Type): type is NamedRecord => type.kind === 'record' && type.name !== undefined

/** The named types in a type, each once. */
export function namedTypes(type: Type): readonly NamedRecord[] {
  const found = new Map<string, NamedRecord>()
  const visit = (inner: Type): void => {
    if (inner.kind === 'array' || inner.kind === 'keyed') visit(inner.element)
    if (inner.kind !== 'record' || (inner.name !== undefined && found.has(inner.name))) return
    if (isNamed(inner)) found.set(inner.name, inner)
    for (const field of inner.fields) visit(field.type)
  }
  visit(type)
  return [...found.values()]
}

/** The places within storage of a type, by their keys. */
export function partsOf(type: Type): readonly (readonly [key: string, type: Type])[] {
  if (type.kind === 'array' || type.kind === 'keyed') return [['[]', type.element]]
  return type.kind === 'record' ? type.fields.map((field) => [field.name, field.type] as const) : []
}
