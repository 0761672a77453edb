import { withMissing } from './missing.ts'
import { namedRecord } from './named-type.ts'
import type { RecordType, Type } from './nodes.ts'

/** Whether a type holds floating-point numbers. Integer arrays hold numbers that do not move. */
export function carriesDerivative(type: Type): boolean {
  if (type.kind === 'number') return true
  if (type.kind === 'array') return /^(Array|Float\d+Array)$/.test(type.storage) && carriesDerivative(type.element)
  if (type.kind === 'keyed') return carriesDerivative(type.element)
  return type.kind === 'record' && carriesIn(type, new Set())
}

/** A type that contains itself carries what its other fields carry. */
function carriesIn(type: Type, seen: ReadonlySet<string>): boolean {
  if (type.kind === 'array') return /^(Array|Float\d+Array)$/.test(type.storage) && carriesIn(type.element, seen)
  if (type.kind === 'keyed') return carriesIn(type.element, seen)
  if (type.kind !== 'record') return type.kind === 'number'
  if (type.name !== undefined && seen.has(type.name)) return false
  const inside = type.name === undefined ? seen : new Set([...seen, type.name])
  return type.fields.some((field) => carriesIn(field.type, inside))
}

/** The shape of a gradient: what carries no derivative is left out. The adjoint of a number is there, also where the number is missing. */
export function shadowType(type: Type): Type {
  return type.kind === 'number' ? { kind: 'number' } : shadowWithin(type)
}

/** Within storage, the shadow has the gaps of what it belongs to: it is made from that. */
function shadowWithin(type: Type): Type {
  const { kind } = type
  if (kind === 'array') return withMissing({ kind, storage: type.storage, element: shadowWithin(type.element) }, type.missing)
  if (kind === 'keyed') {
    const element = type.element.kind === 'number' ? ({ kind: 'number' } as const) : shadowWithin(type.element)
    return withMissing({ kind, storage: type.storage, key: type.key, element }, type.missing)
  }
  return kind === 'record' ? withMissing(shadowRecordType(type), type.missing) : type
}

const SHADOW = '_Shadow'

export function shadowRecordType(type: RecordType): RecordType {
  const { name } = type
  if (name === undefined) return withShadowFields(type)
  return name.endsWith(SHADOW) ? type : namedRecord(name + SHADOW, () => withShadowFields(type).fields)
}

function withShadowFields({ tuple, fields: all }: RecordType): RecordType {
  const fields = all
    .filter((field) => carriesDerivative(field.type))
    .map(({ name, type, optional }) => ({
      name,
      type: shadowWithin(type),
      ...(optional && { optional }),
    }))
  return { kind: 'record', tuple: tuple && fields.length === all.length, fields }
}

export const tupleOf = (types: readonly Type[]): RecordType => ({
  kind: 'record',
  tuple: true,
  fields: types.map((type, i) => ({ name: String(i), type })),
})

/** Whether values of a type are references to storage. */
export const isStorage = (type: Type): boolean => type.kind === 'array' || type.kind === 'record' || type.kind === 'keyed'
