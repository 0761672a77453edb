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
import { isChosenArray } from './array-type.ts'
import type { Context } from './context.ts'
import { readerOf } from './expression.ts'
import { staticOf } from './static.ts'
import type { StaticValue } from './static-value.ts'
import { typeIn } from './type-in.ts'
import { untypedMember } from './untyped-members.ts'

/** `x === undefined`, `typeof x === 'number'` and their opposites, where `x` stands for something known. */
export function decided(c: Context, node: ts.BinaryExpression): Expression | undefined {
  const operator = node.operatorToken.getText()
  if (!['===', '!==', '==', '!='].includes(operator)) return undefined
  const [left, right] = [bare(node.left), bare(node.right)]
  const holds = isChosenArray(c, left, right) ?? isOfKind(c, left, right) ?? isOfKind(c, right, left) ?? isNothing(c, left, right)
  return holds === undefined ? undefined : { kind: 'boolean', value: holds === operator.startsWith('=') }
}

function isNothing(c: Context, left: ts.Expression, right: ts.Expression): boolean | undefined {
  const subject = isUndefined(right) ? left : isUndefined(left) ? right : undefined
  if (!subject || isUndefined(subject)) return undefined
  const member = untypedMember(c, subject)
  if (member) return member.kind === 'static'
  if (!ts.isIdentifier(subject)) return undefined
  const known = staticOf(c, subject)
  return !known || known.kind === 'choice' ? undefined : known.kind === 'undefined'
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
