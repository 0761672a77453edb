import ts from '#typescript'
import { bare, symbolAt } from '../facts.ts'
import type { Expression, Type } from '../../ir/nodes.ts'
import { lookup, type Context } from './context.ts'

/** The name of a field, where it is written out, or stands for one in a loop over the fields or as an argument. */
export function keyOf(c: Context, node: ts.Expression): string | undefined {
  const index = bare(node)
  if (ts.isNumericLiteral(index)) return String(Number(index.text))
  if (ts.isStringLiteralLike(index)) return index.text
  const symbol = ts.isIdentifier(index) ? symbolAt(c.f.session.checker, index) : undefined
  const binding = symbol && lookup(c.environment, symbol)
  if (binding?.kind !== 'expression') return undefined
  const { expression } = binding
  if (expression.kind === 'number') return String(expression.value)
  if (expression.kind === 'variable')
    return c.f.assigned.has(expression.name) ? undefined : textOfType(c.f.variables[expression.name]!.type)
  return expression.kind === 'opaque' ? (textOfLiteral(expression.parts) ?? textOfType(expression.type)) : undefined
}

/** `"a"`, as a loop over known keys gives it. */
export const isTextLiteral = (value: Expression): boolean => value.kind === 'opaque' && textOfLiteral(value.parts) !== undefined

const literal = /^"(?:[^"\\]|\\.)*"$/

function textOfLiteral([only, more]: readonly unknown[]): string | undefined {
  return typeof only === 'string' && more === undefined && literal.test(only) ? (JSON.parse(only) as string) : undefined
}

/** A type with one value in it. */
const textOfType = (type: Type): string | undefined =>
  type.kind === 'opaque' && literal.test(type.text) ? (JSON.parse(type.text) as string) : undefined
