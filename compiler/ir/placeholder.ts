import { number } from './build.ts'
import { missing, missingOf } from './missing.ts'
import type { Expression, Type } from './nodes.ts'

/**
 * What stands in a place of such a type until there is a value, or while nobody reads it. `other` says what stands for types other than numbers, truth values,
 * what may be missing, and objects of these; nothing where nothing can be made up.
 */
export function placeholder(type: Type, other: (type: Type) => Expression | undefined): Expression | undefined {
  if (missingOf(type) !== undefined) return missing(type)
  if (type.kind === 'number') return number(0)
  if (type.kind === 'boolean') return { kind: 'boolean', value: false }
  // An object that contains objects of its own type has no end.
  if (type.kind !== 'record') return other(type)
  if (type.name !== undefined) return undefined
  const values = type.fields.map((field) => placeholder(field.type, other))
  return values.every((value) => value !== undefined) ? { kind: 'record', type, values } : undefined
}
