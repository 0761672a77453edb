/** What a call is given: each argument evaluated once, from left to right, functions kept as what they are. */

import ts from '#typescript'
import { element, field, number, operation } from '../../ir/build.ts'
import { mayBeUndefined } from '../../ir/missing.ts'
import type { ArrayType, Expression } from '../../ir/nodes.ts'
import { bare } from '../facts.ts'
import { arrayOf } from '../types.ts'
import { concatenate, type Piece } from './concatenate.ts'
import { refuse, temporary, type Binding, type Context } from './context.ts'
import { lowerExpression } from './expression.ts'
import { lowerInOrder } from './operands.ts'
import { staticOf } from './static.ts'
import { textOf } from '../session.ts'
import { typeOfExpression } from './type-of.ts'

/** `rest` is an array whose elements follow as arguments, as many as there are at run time. */
export interface Given {
  readonly list: readonly Binding[]
  readonly rest?: Expression
}

export const UNDEFINED: Binding = { kind: 'static', value: { kind: 'undefined' } }

export const given = (...values: readonly Expression[]): Given => ({
  list: values.map((expression) => ({ kind: 'expression', expression })),
})

export function evaluateArguments(c: Context, nodes: readonly ts.Expression[]): Given {
  const isSpread = nodes.map(ts.isSpreadElement)
  return evaluated(
    c,
    nodes.map((node) => (ts.isSpreadElement(node) ? node.expression : node)),
    isSpread,
  )
}

/** What a list holds, as arguments. */
export function evaluateSpread(c: Context, list: ts.Expression): Given {
  const literal = bare(list)
  return ts.isArrayLiteralExpression(literal) ? evaluateArguments(c, literal.elements) : evaluated(c, [list], [true])
}

function evaluated(c: Context, nodes: readonly ts.Expression[], isSpread: readonly boolean[]): Given {
  const statics = new Map<number, Binding>()
  const written = (i: number): ts.Node => (ts.isSpreadElement(nodes[i]!.parent) ? nodes[i]!.parent : nodes[i]!)
  const values = lowerInOrder(
    c,
    nodes.map((node, i) => () => {
      if (isSpread[i]) return lowerExpression(c, node)
      const value = staticOf(c, node)
      if (!value) return lowerExpression(c, node)
      statics.set(i, { kind: 'static', value })
      return number(0)
    }),
  )
  const list: Binding[] = []
  // How many there are of what is spread is known at run time only: from the first such argument on, all are elements of one array.
  const pieces: Piece[] = []
  let joined: ArrayType | undefined
  values.forEach((value, i) => {
    const type = typeOfExpression(c.f.variables, value)
    const isTuple = isSpread[i] && type.kind === 'record' && type.tuple
    const parts = isTuple ? type.fields.map(({ name }) => field(value, name)) : [value]
    if (isSpread[i] && !isTuple) {
      if (type.kind !== 'array') return refuse(c, written(i), 'CT1006', { text: textOf(written(i)) })
      joined ??= type
      return pieces.push({ many: value.kind === 'variable' ? value : temporary(c, 'values', type, value) })
    }
    if (!joined)
      return list.push(...(statics.has(i) ? [statics.get(i)!] : parts.map((expression): Binding => ({ kind: 'expression', expression }))))
    if (statics.has(i) || type.kind !== joined.element.kind) return refuse(c, written(i), 'CT1006', { text: textOf(written(i)) })
    return pieces.push(...parts.map((one) => ({ one })))
  })
  const [only] = pieces
  if (!joined || !only) return { list }
  // A spread by itself is not copied.
  const rest = pieces.length === 1 && 'many' in only ? only.many : concatenate(c, arrayOf('Array', joined.element), pieces)
  return { list, rest }
}

/** The argument at a position, or nothing when it is not there for certain. */
export function argumentAt({ list, rest }: Given, position: number): Binding | undefined {
  const known = list[position]
  if (known || !rest) return known
  return { kind: 'expression', expression: element(rest, number(position - list.length)) }
}

/** How many arguments from a position on are in the array: its tail. */
export function tailOf({ list, rest }: Given, position: number): { readonly array: Expression; readonly start: number } | undefined {
  return rest && { array: rest, start: Math.max(0, position - list.length) }
}

/** The test `value === undefined`, where a value may be missing; `undefined` where it never is. */
export function isMissing(c: Context, value: Expression): Expression | undefined {
  if (mayBeUndefined(typeOfExpression(c.f.variables, value))) return operation('isUndefined', value)
  // An element may be out of range, whatever its type says, and so may one that is read as text.
  if (value.kind !== 'element' && value.kind !== 'opaque' && typeOfExpression(c.f.variables, value).kind !== 'opaque') return undefined
  return { kind: 'opaque', parts: [value, ' === undefined'], type: { kind: 'boolean' }, effects: false }
}

/** `undefined`, written as such. */
export function isUndefined(node: ts.Expression): boolean {
  const value = bare(node)
  return (ts.isIdentifier(value) && value.text === 'undefined') || (ts.isVoidExpression(value) && ts.isNumericLiteral(value.expression))
}
