/** A new array out of single values and of all elements of others: `[...a, b]`, `a.concat(b, 1)`, `f(...a)` with a rest parameter. */

import { element, length, number, push, variable } from '../../ir/build.ts'
import type { ArrayType, Expression } from '../../ir/nodes.ts'
import { emit, freshName, temporary, type Context } from './context.ts'
import { typeOfExpression } from './type-of.ts'
import { NUMBER } from '../types.ts'

export type Piece = { readonly one: Expression } | { readonly many: Expression; readonly start?: Expression }

/** The whole value of a declaration or an assignment. Pieces are evaluated already, and every array among them has a name that stays. */
export function concatenate(c: Context, type: ArrayType, pieces: readonly Piece[]): Expression {
  const ones = pieces.flatMap((piece) => ('one' in piece ? [piece.one] : []))
  if (ones.length === pieces.length) return { kind: 'list', type, elements: ones }
  const [only] = pieces
  if (pieces.length === 1 && only && 'many' in only) return copyOf(c, type, only.many, only.start)
  const first = pieces.findIndex((piece) => !('one' in piece))
  const whole = temporary(c, 'joined', type, { kind: 'list', type, elements: ones.slice(0, first) })
  for (const piece of pieces.slice(first)) {
    if ('one' in piece) emit(c, push(whole, piece.one))
    else pushAll(c, whole, piece.many, piece.start)
  }
  return whole
}

/** A copy of an array in storage of the wanted kind. */
export function copyOf(c: Context, type: ArrayType, array: Expression, start?: Expression): Expression {
  const from = typeOfExpression(c.f.variables, array)
  if (from.kind === 'array' && from.storage === type.storage) return { kind: 'slice', array, ...(start && { start }) }
  if (!start) return { kind: 'convert', array, type }
  return { kind: 'slice', array: temporary(c, 'all', type, { kind: 'convert', array, type }), start }
}

export function pushAll(c: Context, target: Expression, source: Expression, start: Expression = number(0)): void {
  const count = temporary(c, 'count', NUMBER, length(source))
  const i = freshName(c.f, 'i', NUMBER)
  emit(c, {
    kind: 'loop',
    target: c.f.nextTarget++,
    counter: { name: i, from: start, to: count, comparison: '<', step: 1 },
    body: [push(target, element(source, variable(i)))],
  })
}
