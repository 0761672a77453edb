/** Tests that are decided when compiling: whether an argument that is known here, or known to be left out, is `undefined`. */

import ts from '#typescript'
import type { Expression } from '../../ir/nodes.ts'
import { bare } from '../facts.ts'
import { isUndefined } from './arguments.ts'
import { isChosenArray } from './array-type.ts'
import type { Context } from './context.ts'
import { staticOf } from './static.ts'

/** `x === undefined` and `x !== undefined` where `x` stands for something known. */
export function decided(c: Context, node: ts.BinaryExpression): Expression | undefined {
  const operator = node.operatorToken.getText()
  if (!['===', '!==', '==', '!='].includes(operator)) return undefined
  const [left, right] = [bare(node.left), bare(node.right)]
  const chosen = isChosenArray(c, left, right)
  if (chosen !== undefined) return { kind: 'boolean', value: chosen === operator.startsWith('=') }
  const subject = isUndefined(right) ? left : isUndefined(left) ? right : undefined
  if (!subject || !ts.isIdentifier(subject) || isUndefined(subject)) return undefined
  const known = staticOf(c, subject)
  if (!known || known.kind === 'choice') return undefined
  return { kind: 'boolean', value: (known.kind === 'undefined') === operator.startsWith('=') }
}
