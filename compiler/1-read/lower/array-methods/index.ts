/** Methods of arrays and typed arrays. */

import ts from '#typescript'
import { isNumber, length, number, variable } from '../../../ir/build.ts'
import type { Expression } from '../../../ir/nodes.ts'
import { bare } from '../../facts.ts'
import { isTypedArrayName, typeOfNode } from '../../types.ts'
import { emit, freshName, temporary, type Context } from '../context.ts'
import { lowerExpression, readerOf } from '../expression.ts'
import { lowerGrowth } from '../growth.ts'
import { lowerInOrder } from '../operands.ts'
import { lowerCallback } from './callbacks.ts'
import { lowerFilledFrom } from './from.ts'
import { lowerMove } from './move.ts'
import { lowerOrder } from './order.ts'
import { lowerPick } from './pick.ts'
import { typeIn } from '../type-in.ts'

export function lowerArrayMethod(c: Context, node: ts.CallExpression): Expression | undefined {
  return lowerMethod(c, node, bare(node.expression))
}

function lowerMethod(c: Context, node: ts.CallExpression, callee: ts.Expression): Expression | undefined {
  if (!ts.isPropertyAccessExpression(callee)) return undefined
  const type = typeIn(c, callee.expression)
  const name = callee.name.text
  const visited = lowerCallback(c, node, callee)
  if (visited) return visited
  const filled = isArrayFrom(callee) ? lowerFilledFrom(c, node, (callee.expression as ts.Identifier).text) : undefined
  if (filled) return filled
  if (isArrayFrom(callee) && node.arguments.length === 1 && typeIn(c, node.arguments[0]!).kind === 'array') {
    const made = typeOfNode(readerOf(c), node)
    return made.kind === 'array' ? { kind: 'convert', array: lowerExpression(c, node.arguments[0]!), type: made } : undefined
  }
  if (isArrayOf(callee)) {
    const made = typeOfNode(readerOf(c), node)
    if (made.kind === 'array')
      return {
        kind: 'list',
        type: made,
        elements: lowerInOrder(
          c,
          node.arguments.map((argument) => () => lowerExpression(c, argument)),
        ),
      }
  }
  const other = lowerOrder(c, node, callee) ?? lowerPick(c, node, callee) ?? lowerMove(c, node, callee)
  if (other) return other
  const growth = lowerGrowth(c, node, callee)
  if (growth) return growth
  const zeros = name === 'fill' ? filledArray(c, node, callee.expression) : undefined
  if (zeros) return zeros
  if (type.kind !== 'array' || !['fill', 'set', 'subarray', 'slice'].includes(name)) return undefined
  const [array, a, b, d] = lowerInOrder(
    c,
    [callee.expression, ...node.arguments].map((part) => () => lowerExpression(c, part)),
  )
  const range = { ...(a && { start: a }), ...(b && { end: b }) }
  if (name === 'slice') return { kind: 'slice', array: array!, ...range }
  if (name === 'subarray') return { kind: 'view', array: array!, ...range }
  if (name === 'fill') emit(c, { kind: 'fill', array: array!, value: a!, ...(b && { start: b }), ...(d && { end: d }) })
  else emit(c, { kind: 'copyInto', target: array!, source: a!, ...(b && !isNumber(b, 0) && { offset: b }) })
  return array!
}

const isArrayFrom = (callee: ts.PropertyAccessExpression): boolean =>
  callee.name.text === 'from' &&
  ts.isIdentifier(callee.expression) &&
  (callee.expression.text === 'Array' || isTypedArrayName(callee.expression.text))
const isArrayOf = (callee: ts.PropertyAccessExpression): boolean =>
  callee.name.text === 'of' &&
  ts.isIdentifier(callee.expression) &&
  (callee.expression.text === 'Array' || isTypedArrayName(callee.expression.text))

/** `new Array(n).fill(0)`, and any other number than 0. */
function filledArray(c: Context, node: ts.CallExpression, made: ts.Expression): Expression | undefined {
  const creation = bare(made)
  const isArray =
    (ts.isNewExpression(creation) || ts.isCallExpression(creation)) &&
    ts.isIdentifier(creation.expression) &&
    creation.expression.text === 'Array'
  if (!isArray || creation.arguments?.length !== 1 || node.arguments.length !== 1 || typeIn(c, node.arguments[0]!).kind !== 'number')
    return undefined
  const [size, value] = lowerInOrder(c, [() => lowerExpression(c, creation.arguments![0]!), () => lowerExpression(c, node.arguments[0]!)])
  const type = { kind: 'array', storage: 'Array', element: { kind: 'number' } } as const
  const zeros: Expression = { kind: 'zeros', type, length: size! }
  if (isNumber(value!, 0)) return zeros
  const array = temporary(c, 'array', type, zeros)
  const i = freshName(c.f, 'i', { kind: 'number' })
  emit(c, {
    kind: 'loop',
    target: c.f.nextTarget++,
    counter: { name: i, from: number(0), to: length(array), comparison: '<', step: 1 },
    body: [{ kind: 'assign', target: { kind: 'element', array, index: variable(i) }, value: value! }],
  })
  return array
}
