/** Storage that a function mentions by the name of a constant around it: an array of the module, an object that a closure captured. */

import { isMissingValue } from './missing.ts'
import type { Expression, Opaque } from './nodes.ts'
import { isStorage } from './shadow-type.ts'

/** A name, or one within a module that was imported as a whole. Reading it has no effect, and it always means the same storage. */
export function isOutside(expression: Expression): expression is Opaque {
  if (expression.kind !== 'opaque' || expression.effects || isMissingValue(expression) || !isStorage(expression.type)) return false
  return expression.parts.length === 1 && /^[A-Za-z_$][\w$]*(\.[A-Za-z_$][\w$]*)*$/.test(nameOf(expression))
}

export function nameOf({ parts: [name] }: Opaque): string {
  return typeof name === 'string' ? name : ''
}

/** What a place is a part of. */
export function rootOfPlace(place: Expression): Expression {
  if (place.kind === 'element' || place.kind === 'view') return rootOfPlace(place.array)
  return place.kind === 'field' ? rootOfPlace(place.record) : place
}
