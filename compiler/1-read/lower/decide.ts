/**
 * Tests that are decided when compiling: whether an argument that is known here, or known to be left out, is `undefined`, and what kind of value an argument
 * is that its function takes in one form or another.
 */

import ts from '#typescript'
import { missingOf } from '../../ir/missing.ts'
import type { Expression, Type } from '../../ir/nodes.ts'
import { isStorage } from '../../ir/shadow-type.ts'
import { isTextType } from '../../ir/text-type.ts'
import { isJavaScript } from '../commonjs.ts'
import { bare } from '../facts.ts'
import { typeOfNode } from '../types.ts'
import { isUndefined } from './arguments.ts'
import { argumentRead } from './arguments-object.ts'
import { isChosenArray } from './array-type.ts'
import type { Binding, Context } from './context.ts'
import { readerOf } from './expression.ts'
import { staticOf } from './static.ts'
import type { StaticValue } from './static-value.ts'
import { typeIn } from './type-in.ts'
import { typeOfExpression } from './type-of.ts'
import { untypedMember } from './untyped-members.ts'

/** `x === undefined`, `typeof x === 'number'` and their opposites, where `x` stands for something known. */
export function decided(c: Context, node: ts.BinaryExpression): Expression | undefined {
  const operator = node.operatorToken.getText()
  const count = argumentRead(c, node.left)
  if (count?.kind === 'expression' && count.expression.kind === 'number' && ts.isNumericLiteral(bare(node.right)))
    return compared(count.expression.value, operator, Number((bare(node.right) as ts.NumericLiteral).text))
  if (!['===', '!==', '==', '!='].includes(operator)) return undefined
  const [left, right] = [bare(node.left), bare(node.right)]
  const holds =
    isChosenArray(c, left, right) ??
    isOfKind(c, left, right) ??
    isOfKind(c, right, left) ??
    isNothing(c, left, right) ??
    isKindByText(c, left, right) ??
    isNoLiteral(c, left, right, operator)
  return holds === undefined ? undefined : { kind: 'boolean', value: holds === operator.startsWith('=') }
}

/** `arguments.length > 1`. */
function compared(left: number, operator: string, right: number): Expression | undefined {
  switch (operator) {
    case '<':
      return { kind: 'boolean', value: left < right }
    case '<=':
      return { kind: 'boolean', value: left <= right }
    case '>':
      return { kind: 'boolean', value: left > right }
    case '>=':
      return { kind: 'boolean', value: left >= right }
    case '==':
    case '===':
      return { kind: 'boolean', value: left === right }
    case '!=':
    case '!==':
      return { kind: 'boolean', value: left !== right }
    default:
      return undefined
  }
}

/** `Object.prototype.toString.call(x) === '[object Array]'`. */
function isKindByText(c: Context, test: ts.Expression, text: ts.Expression): boolean | undefined {
  if (
    !ts.isCallExpression(test) ||
    !ts.isStringLiteralLike(text) ||
    !/^(?:Object\.prototype|\{\})\.toString\.call$/.test(test.expression.getText())
  )
    return undefined
  const [argument] = test.arguments
  const subject = argument && bare(argument)
  if (!subject || !ts.isIdentifier(subject) || !isOpen(c, subject)) return undefined
  const name = nameOfKind(typeIn(c, subject))
  return name === undefined ? undefined : text.text === `[object ${name}]`
}

/** An object may call itself anything. */
function nameOfKind(type: Type): string | undefined {
  const kind = kindOf(type)
  if (kind === undefined || (kind === 'object' && type.kind !== 'array' && !(type.kind === 'record' && type.tuple))) return undefined
  return type.kind === 'array' ? type.storage : kind === 'object' ? 'Array' : kind[0]!.toUpperCase() + kind.slice(1)
}

function isNothing(c: Context, left: ts.Expression, right: ts.Expression): boolean | undefined {
  const subject = isUndefined(right) ? left : isUndefined(left) ? right : undefined
  if (!subject || isUndefined(subject)) return undefined
  const member = untypedMember(c, subject)
  if (member?.kind === 'expression') return missingOf(typeOfExpression(c.f.variables, member.expression)) ? undefined : false
  if (member) return member.value.kind === 'undefined'
  if (!ts.isIdentifier(subject)) return undefined
  const known = staticOf(c, subject)
  return !known || known.kind === 'choice' ? undefined : known.kind === 'undefined'
}

/** `options.final === true`, of what is known to be left out: it equals no literal, and `null` loosely. */
function isNoLiteral(c: Context, left: ts.Expression, right: ts.Expression, operator: string): boolean | undefined {
  const isLiteral = ts.isLiteralExpression(right) || [ts.SyntaxKind.TrueKeyword, ts.SyntaxKind.FalseKeyword].includes(right.kind)
  const isNull = right.kind === ts.SyntaxKind.NullKeyword
  if (!isLiteral && !isNull) return undefined
  const known = untypedMember(c, left) ?? (ts.isIdentifier(left) ? boundTo(c, left) : undefined)
  if (known?.kind !== 'static' || known.value.kind !== 'undefined') return undefined
  return isNull && operator.length === 2
}

function boundTo(c: Context, node: ts.Identifier): Binding | undefined {
  const value = staticOf(c, node)
  return value && { kind: 'static', value }
}

/** `typeof x` and what it is compared with. */
function isOfKind(c: Context, test: ts.Expression, text: ts.Expression): boolean | undefined {
  if (!ts.isTypeOfExpression(test) || !ts.isStringLiteralLike(text)) return undefined
  const subject = bare(test.expression)
  if (!ts.isIdentifier(subject)) return undefined
  const known = staticOf(c, subject)
  const kind = known ? kindOfStatic(known) : isOpen(c, subject) ? kindOf(typeIn(c, subject)) : undefined
  return kind === undefined ? undefined : kind === text.text
}

/** Which way a test goes, where it can be told without evaluating anything. */
export function decidedTest(c: Context, condition: ts.Expression): boolean | undefined {
  const node = bare(condition)
  if (ts.isPrefixUnaryExpression(node) && node.operator === ts.SyntaxKind.ExclamationToken) {
    const inner = decidedTest(c, node.operand)
    return inner === undefined ? undefined : !inner
  }
  const operator = ts.isBinaryExpression(node) ? node.operatorToken.getText() : undefined
  if (ts.isBinaryExpression(node) && (operator === '&&' || operator === '||')) {
    const sides = [decidedTest(c, node.left), decidedTest(c, node.right)]
    const decides = operator === '||'
    // Whatever the other one is: neither does anything.
    return sides.includes(decides) && sides[0] !== undefined ? decides : sides.includes(undefined) ? undefined : !decides
  }
  const known = ts.isBinaryExpression(node) ? decided(c, node) : ts.isCallExpression(node) ? decidedCall(c, node) : undefined
  return known?.kind === 'boolean' ? known.value : undefined
}

/** `Array.isArray(x)`. */
export function decidedCall(c: Context, node: ts.CallExpression): Expression | undefined {
  const [argument, more] = node.arguments
  if (!argument || more || node.expression.getText() !== 'Array.isArray') return undefined
  const subject = bare(argument)
  if (!ts.isIdentifier(subject) || !isOpen(c, subject)) return undefined
  const type = typeIn(c, subject)
  const isArray = type.kind === 'array' ? type.storage === 'Array' : type.kind === 'record' && type.tuple
  return kindOf(type) === undefined ? undefined : { kind: 'boolean', value: isArray }
}

/** What TypeScript takes for a number in the first place is tested by those who do not trust it. */
const isOpen = (c: Context, node: ts.Identifier): boolean => isJavaScript(node) || typeOfNode(readerOf(c), node).kind === 'opaque'

function kindOf(type: Type): string | undefined {
  if (missingOf(type) !== undefined) return undefined
  if (type.kind === 'number' || type.kind === 'boolean') return type.kind
  if (isStorage(type)) return 'object'
  return type.kind === 'opaque' && isTextType(type) && !/\b(?:undefined|null)\b/.test(type.text.replace(/"[^"]*"/g, ''))
    ? 'string'
    : undefined
}

function kindOfStatic({ kind }: StaticValue): string | undefined {
  switch (kind) {
    case 'undefined':
      return 'undefined'
    case 'function':
    case 'builtin':
    case 'derived':
    case 'pullback':
    case 'release':
    case 'listMethod':
    case 'class':
      return 'function'
    case 'object':
      return 'object'
    default:
      return undefined
  }
}
