/** Types of values that are no numbers, and are no place for one either: texts, truth values, nothing at all. */

import type { Type } from './nodes.ts'

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
