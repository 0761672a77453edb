/**
 * One type for values of several: the objects of a union, which a tag tells apart. It has the fields of all of them, and those that only some have may be
 * missing. Which object it is was asked by the author before a field was read.
 */

import { eitherMissing, maybeUndefined, missingOf, present, withMissing } from './missing.ts'
import type { Field, RecordType, Type } from './nodes.ts'
import { showType } from './parse-type.ts'

/** Nothing where a field has a number in one and something else in another, or where instances can not be made outside of their class. */
export function mergeRecords(types: readonly RecordType[]): RecordType | undefined {
  if (types.some((type) => type.tuple || type.class?.sealed)) return undefined
  const names = [...new Set(types.flatMap(({ fields }) => fields.map(({ name }) => name)))]
  const fields = names.map((name) => mergeField(types.map((type) => type.fields.find((field) => field.name === name))))
  if (!fields.every((field) => field !== undefined)) return undefined
  const classes = [...new Set(types.flatMap((type) => (type.class ? [type.class.name] : (type.classes ?? []))))]
  return { kind: 'record', tuple: false, fields, tagged: true, ...(classes.length > 0 && { classes }) }
}

function mergeField(fields: readonly (Field | undefined)[]): Field | undefined {
  const there = fields.filter((field) => field !== undefined)
  const [first, ...others] = there
  if (!first) return undefined
  const type = others.reduce<Type | undefined>((merged, field) => merged && mergeTypes(merged, field.type), first.type)
  if (!type) return undefined
  const optional = there.length < fields.length || there.some((field) => field.optional)
  return {
    name: first.name,
    type: optional ? maybeUndefined(type) : type,
    ...(there.some((field) => field.hidden) && { hidden: true, concealed: true }),
    ...(optional && { optional }),
  }
}

/** A type for values of either. Nothing where a value of one could not be read as the other. */
export function mergeTypes(a: Type, b: Type): Type | undefined {
  const missing = eitherMissing(nothing(a) ?? missingOf(a), nothing(b) ?? missingOf(b))
  if (nothing(a) && nothing(b) === undefined) return withMissing(b, missing)
  if (nothing(b) && nothing(a) === undefined) return withMissing(a, missing)
  const [one, other] = [present(a), present(b)]
  if (one.kind === 'opaque' && other.kind === 'opaque') return eitherText(one.text, other.text)
  if (showType(one) === showType(other)) return withMissing(one, missing)
  if (one.kind !== 'record' || other.kind !== 'record' || one.name !== undefined || other.name !== undefined) return undefined
  const merged = mergeRecords([one, other])
  return merged && withMissing(merged, missing)
}

/** What TypeScript says of a field that a literal beside it has. */
const nothing = (type: Type): 'undefined' | 'null' | undefined =>
  type.kind === 'opaque' && (type.text === 'undefined' || type.text === 'null') ? type.text : undefined

function eitherText(a: string, b: string): Type {
  return { kind: 'opaque', text: a === b ? a : [...new Set([a, b].map((text) => (text.includes('=>') ? `(${text})` : text)))].join(' | ') }
}
