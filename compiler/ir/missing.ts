/** Values that may be missing: their types, the values that stand for nothing, and the tests for them. */

import { namedRecord } from './named-type.ts'
import { sameExpression } from './same.ts'
import type { Expression, Missing, Type } from './nodes.ts'

export const missingOf = (type: Type): Missing | undefined => ('missing' in type ? type.missing : undefined)

export const mayBeUndefined = (type: Type): boolean => ['undefined', 'nullish'].includes(missingOf(type) ?? '')

/** What may stand where either of two values may. */
export function eitherMissing(a: Missing | undefined, b: Missing | undefined): Missing | undefined {
  if (a === undefined || b === undefined) return a ?? b
  return a === b ? a : 'nullish'
}

/** The same type, whose values may be missing in this way; without one, the type of a value that is there. */
export function withMissing(type: Type, missing: Missing | undefined): Type {
  if (missingOf(type) === missing) return type
  const way = missing && { missing }
  switch (type.kind) {
    case 'number':
      return { kind: 'number', ...way }
    case 'array': {
      const { storage, element, readonly } = type
      return { kind: 'array', storage, element, ...(readonly && { readonly }), ...way }
    }
    case 'keyed': {
      const { missing: _, ...rest } = type
      return { ...rest, ...way }
    }
    case 'record': {
      // The fields of a named type are not there to be copied while it is being made.
      if (type.name !== undefined)
        return namedRecord(type.name, () => type.fields, {
          ...way,
          ...(type.tagged && { tagged: true }),
          ...(type.classes && { classes: type.classes }),
        })
      const { missing: _, ...rest } = type
      return { ...rest, ...way }
    }
    default:
      return type
  }
}

export const maybeUndefined = (type: Type): Type => withMissing(type, eitherMissing(missingOf(type), 'undefined'))

export const present = <T extends Type>(type: T): T => withMissing(type, undefined) as T

const TEXTS = { undefined: 'undefined', null: 'null', nullish: 'undefined' } as const

/** No value, of the type that it would have. `left-out` is a field that an object lacks. */
export function missing(type: Type, way: 'undefined' | 'null' | 'left-out' = TEXTS[missingOf(type) ?? 'undefined']): Expression {
  const text = way === 'left-out' ? LEFT_OUT : way
  return {
    kind: 'opaque',
    parts: [text],
    type: withMissing(type, missingOf(type) ?? (way === 'null' ? 'null' : 'undefined')),
    effects: false,
  }
}

/** Like no text that a program contains. */
const LEFT_OUT = 'undefined!'

const onlyText = (value: Expression): string | undefined => {
  if (value.kind !== 'opaque' || value.parts.length !== 1) return undefined
  const [only] = value.parts
  return typeof only === 'string' ? only : undefined
}

/** `undefined` or `null` as a value, whatever type it has. */
export function missingText(value: Expression): 'undefined' | 'null' | undefined {
  const text = onlyText(value)
  return text === LEFT_OUT ? 'undefined' : text === 'undefined' || text === 'null' ? text : undefined
}

export const isMissingValue = (value: Expression): boolean => missingText(value) !== undefined

export const isLeftOut = (value: Expression): boolean => onlyText(value) === LEFT_OUT

/** What stands in a variable of such a type while nobody reads it. */
export const noValue = (type: Type & { readonly kind: 'opaque' }): Expression => ({
  kind: 'opaque',
  parts: [NO_VALUE],
  type,
  effects: false,
  fixed: true,
})

export const isNoValue = (value: Expression): boolean => onlyText(value) === NO_VALUE

const NO_VALUE = 'undefined as never'

/** `undefined` or `null` as a value of the type of the place that it is put into. */
export function fitting(value: Expression, type: Type): Expression {
  const text = missingText(value)
  if (text === undefined || value.kind !== 'opaque' || (value.type.kind !== 'opaque' && value.type.kind !== 'void')) return value
  return ['number', 'array', 'record', 'keyed'].includes(type.kind) ? missing(type, text) : value
}

export type MissingTest = 'isUndefined' | 'isNull' | 'isNullish'

/** The test whether a value that may be missing in this way is. */
export const testOf = (way: Missing): MissingTest => (way === 'nullish' ? 'isNullish' : way === 'null' ? 'isNull' : 'isUndefined')

/** How a test for a missing value is written. */
export const missingTests: ReadonlyMap<string, readonly [operator: '=' | '==', text: 'undefined' | 'null']> = new Map([
  ['isUndefined', ['==', 'undefined']],
  ['isNull', ['==', 'null']],
  ['isNullish', ['=', 'null']],
] as const)

/** `value ?? other`, as a choice: the value that it tests, and what stands for it where it is missing. */
export function coalesced(expression: Expression): { readonly value: Expression; readonly other: Expression } | undefined {
  if (expression.kind !== 'operation' || expression.operator !== 'select') return undefined
  const [test, other, value] = expression.operands
  const isTest = test?.kind === 'operation' && missingTests.has(test.operator) && sameExpression(test.operands[0]!, value!)
  return isTest ? { value: value!, other: other! } : undefined
}
