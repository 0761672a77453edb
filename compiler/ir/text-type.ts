/** Types of values that are no numbers, and are no place for one either: texts, truth values, nothing at all. */

import type { Expression, Type } from './nodes.ts'

const LITERAL = /"[^"]*"|'[^']*'|`[^`]*`/.source
const TEXT = new RegExp(`^(?:string|bigint|${LITERAL})$`)
const NOTHING = /^(?:undefined|null|boolean|true|false)$/
const PARTS = new RegExp(`(?:${LITERAL}|[^|"'\`])+`, 'g')

/** What may be written of a number, and read back as one. */
export function isTextType(type: Type): boolean {
  return type.kind === 'opaque' && partsOf(type.text).some((part) => TEXT.test(part)) && isPlain(type)
}

/** A text, nothing, or one of the two. */
export function isPlain(type: Type): boolean {
  return type.kind === 'opaque' && partsOf(type.text).every((part) => TEXT.test(part) || NOTHING.test(part))
}

const partsOf = (text: string): readonly string[] => (text.match(PARTS) ?? []).map((part) => part.trim())

const literal = /^"(?:[^"\\]|\\.)*"$/

/** The text that `"..."` stands for, as TypeScript or as the type of one text. */
export const textLiteralOf = (text: string): string | undefined => (literal.test(text) ? (JSON.parse(text) as string) : undefined)

/** The text that an expression is, where it is written out. */
export function textWritten(value: Expression): string | undefined {
  const [only, more] = value.kind === 'opaque' ? value.parts : []
  return typeof only === 'string' && more === undefined ? textLiteralOf(only) : undefined
}

/** `"a"`, as a loop over known keys gives it. */
export const isTextLiteral = (value: Expression): boolean => textWritten(value) !== undefined
