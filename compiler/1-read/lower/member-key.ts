import ts from '#typescript'
import { bare, symbolAt } from '../facts.ts'
import type { Expression, Type } from '../../ir/nodes.ts'
import { isTextLiteral, textLiteralOf, textWritten } from '../../ir/text-type.ts'
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
  return expression.kind === 'opaque' ? (textWritten(expression) ?? textOfType(expression.type)) : undefined
}

/** `k === 'a'`, where `k` stands for a text that is known. */
export function comparedTexts(c: Context, { left, operatorToken, right }: ts.BinaryExpression): Expression | undefined {
  const operator = operatorToken.getText()
  if (!/^[=!]==$/.test(operator) || (!isBoundText(c, left) && !isBoundText(c, right))) return undefined
  const [a, b] = [keyOf(c, left), keyOf(c, right)]
  if (a === undefined || b === undefined || ![left, right].every((side) => isBoundText(c, side) || ts.isStringLiteralLike(bare(side))))
    return undefined
  return { kind: 'boolean', value: (a === b) === (operator === '===') }
}

function isBoundText(c: Context, node: ts.Expression): boolean {
  const name = bare(node)
  const symbol = ts.isIdentifier(name) ? symbolAt(c.f.session.checker, name) : undefined
  const binding = symbol && lookup(c.environment, symbol)
  return binding?.kind === 'expression' && isTextLiteral(binding.expression)
}

/** A type with one value in it. */
const textOfType = (type: Type): string | undefined => (type.kind === 'opaque' ? textLiteralOf(type.text) : undefined)
