/** Values that may be missing: tests for `undefined` and `null`, and `a?.b`, of which only what JavaScript evaluates is evaluated. */

import ts from '#typescript'
import { element, field, length, operation } from '../../ir/build.ts'
import { maybeUndefined, missing, missingOf, present, testOf, type MissingTest } from '../../ir/missing.ts'
import type { Expression, Type } from '../../ir/nodes.ts'
import { isStorage } from '../../ir/shadow-type.ts'
import { bare } from '../facts.ts'
import { textOf } from '../session.ts'
import { BOOLEAN, describe } from '../types.ts'
import { isUndefined } from './arguments.ts'
import { choose } from './choose.ts'
import { captured, emit, refuse, temporary, type Context } from './context.ts'
import { lowerExpression } from './expression.ts'
import { lowerKey, nameAsKey } from './keyed.ts'
import { typeIn } from './type-in.ts'
import { typeOfExpression } from './type-of.ts'

const isFollowed = (type: Type): boolean => type.kind === 'number' || isStorage(type)

const nothing = (node: ts.Expression): 'undefined' | 'null' | undefined =>
  isUndefined(node) ? 'undefined' : node.kind === ts.SyntaxKind.NullKeyword ? 'null' : undefined

/** `x === undefined`, `null != x` and their kin, where values of the type of `x` are followed. */
export function lowerMissingTest(c: Context, node: ts.BinaryExpression): Expression | undefined {
  const operator = node.operatorToken.getText()
  if (!/^[!=]==?$/.test(operator)) return undefined
  const [left, right] = [bare(node.left), bare(node.right)]
  const text = nothing(right) ?? nothing(left)
  const subject = nothing(right) ? left : right
  if (text === undefined || nothing(subject) || !isFollowed(typeIn(c, subject))) return undefined
  const value = lowerExpression(c, subject)
  const type = typeOfExpression(c.f.variables, value)
  if (!isFollowed(type)) return { kind: 'opaque', parts: [value, ` ${operator} ${text}`], type: BOOLEAN, effects: false }
  // Whatever its type says, an element may be out of range, and so may what was read of one.
  if (missingOf(type) === undefined) return { kind: 'opaque', parts: [value, ` ${operator} ${text}`], type: BOOLEAN, effects: false }
  const isLoose = operator.length === 2
  const test: MissingTest = isLoose ? 'isNullish' : text === 'null' ? 'isNull' : 'isUndefined'
  const made = operation(test, value)
  return operator.startsWith('!') ? operation('!', made) : made
}

/** Whether a value that may be missing is. */
export function nullishTest(c: Context, value: Expression): Expression | undefined {
  const way = missingOf(typeOfExpression(c.f.variables, value))
  if (way === undefined) return undefined
  return operation(testOf(way), value)
}

type Link = ts.PropertyAccessExpression | ts.ElementAccessExpression

const isLink = (node: ts.Node): node is Link => ts.isPropertyAccessExpression(node) || ts.isElementAccessExpression(node)

/** `a?.b.c[i]`: nothing where `a` is nothing; the whole chain is left there. */
export function lowerChain(c: Context, node: Link): Expression | undefined {
  if (!ts.isOptionalChain(node)) return undefined
  const links: Link[] = []
  let inner: ts.Expression = node
  for (;;) {
    if (!isLink(inner)) return undefined
    links.unshift(inner)
    const { questionDotToken, expression } = inner
    inner = bare(expression)
    if (questionDotToken) break
  }
  const type = typeIn(c, node)
  const base = typeIn(c, inner)
  if (!isFollowed(type) || !isStorage(base)) return undefined
  const value = lowerExpression(c, inner)
  const of = typeOfExpression(c.f.variables, value)
  // An element may be out of range, whatever its type says.
  const held = value.kind === 'variable' ? value : temporary(c, 'base', value.kind === 'element' ? maybeUndefined(of) : of, value)
  const through = (): Expression => links.reduce((part: Expression, link) => follow(c, part, link), held)
  const test = nullishTest(c, held)
  if (!test) return through()
  return choose(c, maybeUndefined(type), test, () => missing(type, 'undefined'), through)
}

function follow(c: Context, value: Expression, link: Link): Expression {
  const type = present(typeOfExpression(c.f.variables, value))
  if (ts.isElementAccessExpression(link) && type.kind === 'array') return element(value, lowerExpression(c, link.argumentExpression))
  if (ts.isPropertyAccessExpression(link) && type.kind === 'array' && link.name.text === 'length') return length(value)
  if (type.kind === 'keyed' && type.storage === 'Record')
    return element(value, ts.isElementAccessExpression(link) ? lowerKey(c, link.argumentExpression) : nameAsKey(link.name.text))
  const key = ts.isPropertyAccessExpression(link)
    ? link.name.text
    : ts.isStringLiteralLike(bare(link.argumentExpression))
      ? (bare(link.argumentExpression) as ts.StringLiteralLike).text
      : undefined
  if (type.kind === 'record' && key !== undefined && type.fields.some(({ name }) => name === key)) return field(value, key)
  return refuse(c, link, 'CT2004', { name: textOf(link), type: describe(type) })
}

/** `value ?? other` by the test that there is nothing: a choice without branches where nothing is computed for it. */
export function coalesce(c: Context, type: Type, test: Expression, value: Expression, lowerOther: () => Expression): Expression {
  let other: Expression | undefined
  const written = captured(c, () => {
    other = lowerOther()
  })
  const isPlain = other?.kind === 'number' || other?.kind === 'variable'
  if (test.kind === 'operation' && written.length === 0 && isPlain && isFollowed(typeOfExpression(c.f.variables, other!)))
    return operation('select', test, other!, value)
  return choose(
    c,
    type,
    test,
    () => {
      for (const statement of written) emit(c, statement)
      return other!
    },
    () => value,
  )
}
