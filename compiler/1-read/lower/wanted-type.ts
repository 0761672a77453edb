/** Types of literals, which by themselves have the types of the texts that are in them. */

import type ts from '#typescript'
import type { RecordType, Type } from '../../ir/nodes.ts'
import { carriesDerivative as carries } from '../../ir/shadow-type.ts'
import { isAssignable } from '../../ir/types.ts'
import { bare } from '../facts.ts'
import { irType } from '../types.ts'
import type { Context } from './context.ts'
import { readerOf } from './expression.ts'

/** What a list is wanted as, where that tells it apart by nothing but the types of its texts. */
export function wantedType(c: Context, node: ts.Expression, own: Type): Type {
  const contextual = c.f.session.checker.getContextualType(node)
  const wanted = contextual && irType(readerOf(c), contextual)
  return wanted && isSameButForTexts(wanted, own) ? wanted : own
}

export function isSameButForTexts(contextual: Type, own: Type): boolean {
  if (contextual.kind !== 'array' || own.kind !== 'array' || own.storage !== contextual.storage) return false
  return isPlain(contextual.element) && isPlain(own.element) && holdsTheSame(contextual.element, own.element)
}

const isPlain = (type: Type): type is RecordType =>
  type.kind === 'record' && !type.tuple && !type.class && !type.classes && type.name === undefined

/** Whether an object that is made has all that is wanted, and its numbers where they are wanted. */
function holdsTheSame(wanted: RecordType, own: RecordType): boolean {
  if (own.fields.some(({ name, type }) => carries(type) && !wanted.fields.some((one) => one.name === name))) return false
  return wanted.fields.every((one) => {
    const given = own.fields.find(({ name }) => name === one.name)
    if (!given) return one.optional === true
    return (!carries(one.type) && !carries(given.type)) || isAssignable(given.type, one.type)
  })
}

/** `list as [number, number]`, or a list where such a tuple is wanted. */
export function wantedTuple(c: Context, node: ts.Expression, count: number): RecordType | undefined {
  const { checker } = c.f.session
  let whole: ts.Expression = node
  while (bare(whole.parent as ts.Expression) === node && whole.parent !== whole) whole = whole.parent as ts.Expression
  const types = [whole === node ? undefined : checker.getTypeAtLocation(whole), checker.getContextualType(node)]
  for (const type of types) {
    const read = type && irType(readerOf(c), type)
    if (read?.kind === 'record' && read.tuple && read.fields.length === count) return read
  }
  return undefined
}
