/**
 * A function that a call made when its module was loaded: `var easing = (function custom(s) { return function (t) { ... } })(1.7)`. The call is made again
 * where the function is used, which gives the same function where all that it keeps are numbers, truth values and functions that nothing changes.
 */

import ts from '#typescript'
import type { RawStatement } from '../exits/raw.ts'
import { innerLists } from '../exits/raw.ts'
import type { Expression, Type } from '../../ir/nodes.ts'
import { isPlain as isPlainText } from '../../ir/text-type.ts'
import { someExpression } from '../../ir/walk.ts'
import { symbolAt } from '../facts.ts'
import { textOf } from '../session.ts'
import { captured, emit, lookup, refuse, type Context } from './context.ts'
import { staticOf } from './static.ts'
import type { StaticValue } from './static-value.ts'
import { typeOfExpression } from './type-of.ts'

export function makeAgain(c: Context, call: ts.CallExpression): StaticValue | undefined {
  let made: StaticValue | undefined
  const written = captured(c, () => (made = staticOf(c, call)))
  if (!made) return undefined
  if (made.kind !== 'function' || !isRepeatable(c, written) || !keepsPlainValues(c, made.declaration, made.environment))
    return refuse(c, call, 'CT3010', { text: beginningOf(call) })
  for (const statement of written) emit(c, statement)
  return made
}

const beginningOf = (node: ts.Node): string => {
  const text = textOf(node)
  return text.length > 40 ? `${text.slice(0, 37)}...` : text
}

/** Whether running it again gives the same, and is seen by nobody. */
function isRepeatable(c: Context, list: readonly RawStatement[]): boolean {
  const isFixed = (value: Expression | undefined): boolean =>
    value === undefined || !someExpression(value, (node) => node.kind === 'opaque' && (node.effects || !isConstant(node.type)))
  return list.every((statement) => {
    switch (statement.kind) {
      case 'declare':
        return isFixed(statement.value)
      case 'assign':
        return statement.target.kind === 'variable' && isFixed(statement.value)
      case 'if':
        return isFixed(statement.test) && innerLists(statement).every((inner) => isRepeatable(c, inner))
      case 'block':
        return isRepeatable(c, statement.body)
      case 'exit':
      case 'comment':
        return true
      default:
        return false
    }
  })
}

/** What is read as text is a constant of its module, or part of an object that may hold something else by now. */
const isConstant = (type: Type): boolean => type.kind === 'number' || type.kind === 'boolean' || isPlainText(type)

/** What a function keeps of the call that made it, and the functions that it keeps in turn. */
function keepsPlainValues(
  c: Context,
  declaration: ts.Node,
  environment: Parameters<typeof lookup>[0],
  seen: Set<ts.Node> = new Set(),
): boolean {
  if (seen.has(declaration)) return true
  seen.add(declaration)
  const { checker, facts } = c.f.session
  const changed = facts.assignedWithin(declaration)
  const visit = (node: ts.Node): boolean => {
    const symbol = ts.isIdentifier(node) ? symbolAt(checker, node) : undefined
    const kept = symbol && lookup(environment, symbol)
    if (symbol && kept && changed.has(symbol) && !isWithin(symbol, declaration)) return false
    if (kept?.kind === 'expression') {
      const type = typeOfExpression(c.f.variables, kept.expression)
      if (type.kind !== 'number' && type.kind !== 'boolean') return false
    } else if (kept && !isPlain(c, kept.value, seen)) return false
    return ts.forEachChild(node, (child) => !visit(child) || undefined) !== true
  }
  return visit(declaration)
}

function isPlain(c: Context, value: StaticValue, seen: Set<ts.Node>): boolean {
  if (value.kind === 'function') return keepsPlainValues(c, value.declaration, value.environment, seen)
  if (value.kind === 'choice') return isPlain(c, value.then, seen) && isPlain(c, value.else, seen)
  return value.kind === 'builtin' || value.kind === 'undefined'
}

const isWithin = (symbol: ts.Symbol, node: ts.Node): boolean =>
  symbol.declarations?.some((declaration) => ts.findAncestor(declaration, (around) => around === node) !== undefined) ?? false
