import type { RecordType, Type } from './nodes.ts'

/** Whether a type holds floating-point numbers. Integer arrays hold numbers that do not move. */
export function carriesDerivative(type: Type): boolean {
  if (type.kind === 'number') return true
  if (type.kind === 'record') return type.fields.some((field) => carriesDerivative(field.type))
  return type.kind === 'array' && /^(Array|Float\d+Array)$/.test(type.storage) && carriesDerivative(type.element)
}

/** The shape of a gradient: what carries no derivative is left out. */
export function shadowType(type: Type): Type {
  if (type.kind === 'array') return { kind: 'array', storage: type.storage, element: shadowType(type.element) }
  if (type.kind === 'record') return shadowRecordType(type)
  return type
}

export function shadowRecordType(type: RecordType): RecordType {
  const fields = type.fields.filter((field) => carriesDerivative(field.type)).map(({ name, type }) => ({ name, type: shadowType(type) }))
  return { kind: 'record', tuple: type.tuple && fields.length === type.fields.length, fields }
}

export const tupleOf = (types: readonly Type[]): RecordType => ({
  kind: 'record',
  tuple: true,
  fields: types.map((type, i) => ({ name: String(i), type })),
})

/** Whether values of a type are references to storage. */
export const isStorage = (type: Type): boolean => type.kind === 'array' || type.kind === 'record'
