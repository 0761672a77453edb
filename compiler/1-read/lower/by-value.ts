/** What is known of an expression only when it is lowered: in JavaScript, and of functions in it, nobody says what kind of value it is. */

import ts from '#typescript'
import { element, field, length, operation } from '../../ir/build.ts'
import type { Expression } from '../../ir/nodes.ts'
import { isJavaScript } from '../commonjs.ts'
import { bare, symbolAt } from '../facts.ts'
import { typeOfNode } from '../types.ts'
import { lookup, type Context } from './context.ts'
import { held } from './each-place.ts'
import { asNumber, lowerExpression, readerOf } from './expression.ts'
import { keyOf } from './member-key.ts'
import { lowerInOrder } from './operands.ts'
import { tried } from './package-calls.ts'
import { typeIn } from './type-in.ts'
import { typeOfExpression } from './type-of.ts'

export function isUnknown(c: Context, node: ts.Expression): boolean {
  const type = typeIn(c, node)
  return type.kind === 'opaque' && type.text === 'any' && (isJavaScript(node) || isCallOfSource(c, bare(node)))
}

function isCallOfSource(c: Context, node: ts.Expression): boolean {
  if (!ts.isCallExpression(node)) return false
  const callee = bare(node.expression)
  if (c.f.session.packages.symbolOf(callee)) return true
  const symbol = ts.isIdentifier(callee) ? symbolAt(c.f.session.checker, callee) : undefined
  return symbol !== undefined && lookup(c.environment, symbol)?.kind === 'static'
}

/** An operation of operands whose types are known when they are lowered: of numbers, or else of text. */
export function byValue(c: Context, node: ts.Expression, operator: string, operands: readonly ts.Expression[]): Expression {
  const values = lowerInOrder(
    c,
    operands.map((operand) => () => lowerExpression(c, operand)),
  )
  const isEquality = /^[=!]==?$/.test(operator)
  const numbers = values.map((value) => asNumber(c, value))
  const kinds = new Set(values.map((value) => typeOfExpression(c.f.variables, value).kind))
  if (isEquality && kinds.size === 1 && (kinds.has('number') || kinds.has('boolean'))) return operation(operator, ...values)
  if (!isEquality && numbers.every((value) => value !== undefined)) return operation(operator, ...numbers)
  const [first, second] = values
  const sign = operator === 'negate' ? '-' : operator === 'plus' ? '+' : operator
  const parts = second ? ['(', first!, `) ${sign} (`, second, ')'] : [sign, '(', first!, ')']
  return { kind: 'opaque', parts, type: typeOfNode(readerOf(c), node), effects: false }
}

/**
 * `f(x)[0]`, `f(x).length`, `f(x).re`: what the function gives decides what is read of it.
 * Nothing where what is given turns out to be nothing of which that could be read.
 */
export function memberByValue(c: Context, node: ts.PropertyAccessExpression | ts.ElementAccessExpression): Expression | undefined {
  const call = bare(node.expression)
  if (node.questionDotToken || !ts.isCallExpression(call) || !(isJavaScript(node) || isCallOfSource(c, call))) return undefined
  if (typeIn(c, call).kind !== 'opaque') return undefined
  const found = tried(c, () => {
    const value = lowerExpression(c, node.expression)
    const member = ts.isPropertyAccessExpression(node) ? fieldOf(c, value, node.name.text) : elementOf(c, value, node.argumentExpression)
    return member && { kind: 'expression', expression: member }
  })
  return found?.kind === 'expression' ? found.expression : undefined
}

function fieldOf(c: Context, value: Expression, name: string): Expression | undefined {
  const type = typeOfExpression(c.f.variables, value)
  if (type.kind === 'array' && name === 'length') return length(held(c, value, 'list'))
  return type.kind === 'record' && type.fields.some((one) => one.name === name) ? field(held(c, value, 'parts'), name) : undefined
}

function elementOf(c: Context, value: Expression, index: ts.Expression): Expression | undefined {
  const type = typeOfExpression(c.f.variables, value)
  const key = keyOf(c, index)
  if (type.kind === 'record') return key === undefined ? undefined : fieldOf(c, value, key)
  if (type.kind !== 'array' || typeIn(c, index).kind !== 'number') return undefined
  return element(held(c, value, 'list'), lowerExpression(c, index))
}
