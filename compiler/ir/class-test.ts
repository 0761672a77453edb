/** Tests for the class of an object. Unlike what it holds, that never changes: such a test may be made again later. */

import { operation } from './build.ts'
import type { Expression, Opaque } from './nodes.ts'

/**
 * Not `instanceof`: a class that nobody knows of may extend this one, and have methods of its own. And not `===`, of which TypeScript would conclude more than the
 * declared type of the object can bear.
 */
export const classTest = (object: Expression, name: string): Opaque => ({
  kind: 'opaque',
  parts: ['Object.is(', operation('stopGradient', object), `.constructor, ${name})`],
  type: { kind: 'boolean' },
  effects: false,
})

export function isClassTest({ parts }: Opaque): boolean {
  const text = parts.map((part) => (typeof part === 'string' ? part : '#')).join('')
  return /^(?:Object\.is\(#\.constructor, [\w$.]+\)|# instanceof [\w$.]+)$/.test(text)
}
