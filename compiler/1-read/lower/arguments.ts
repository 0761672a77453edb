/** What a call is given: each argument evaluated once, from left to right, functions kept as what they are. */

import ts from '#typescript'
import { element, field, number } from '../../ir/build.ts'
import type { Expression } from '../../ir/nodes.ts'
import { bare } from '../facts.ts'
import { notYet, refuse, temporary, type Binding, type Context } from './context.ts'
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
  const statics = new Map<number, Binding>()
  const isSpread = nodes.map(ts.isSpreadElement)
  const values = lowerInOrder(
    c,
    nodes.map((node, i) => () => {
      if (ts.isSpreadElement(node)) return lowerExpression(c, node.expression)
      const value = staticOf(c, node)
      if (!value) return lowerExpression(c, node)
      statics.set(i, { kind: 'static', value })
      return number(0)
    }),
  )
  const list: Binding[] = []
  let rest: Expression | undefined
  values.forEach((value, i) => {
    if (!isSpread[i]) return list.push(statics.get(i) ?? { kind: 'expression', expression: value })
    const type = typeOfExpression(c.f.variables, value)
    const expression = (part: Expression): Binding => ({ kind: 'expression', expression: part })
    if (type.kind === 'record' && type.tuple) return list.push(...type.fields.map(({ name }) => expression(field(value, name))))
    // How many there are is known at run time only, so nothing can follow.
    if (type.kind !== 'array' || i < values.length - 1) return refuse(c, nodes[i]!, 'CT1006', { text: textOf(nodes[i]!) })
    rest = value.kind === 'variable' ? value : temporary(c, 'values', type, value)
    return 0
  })
  return { list, ...(rest && { rest }) }
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
export function isMissing(c: Context, node: ts.Node, value: Expression): Expression | undefined {
  // An element may be out of range, whatever its type says, and its gradient then has no place.
  if (value.kind === 'element') return notYet(c, node, 'a default for an element that may be out of range')
  if (typeOfExpression(c.f.variables, value).kind !== 'opaque') return undefined
  return { kind: 'opaque', parts: [value, ' === undefined'], type: { kind: 'boolean' }, effects: false }
}

/** `undefined`, written as such. */
export function isUndefined(node: ts.Expression): boolean {
  const value = bare(node)
  return (ts.isIdentifier(value) && value.text === 'undefined') || (ts.isVoidExpression(value) && ts.isNumericLiteral(value.expression))
}
