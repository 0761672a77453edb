/** Methods that pick elements or put arrays together without calling anything: `at`, `concat`, `flat`, `includes`, `indexOf`. */

import ts from '#typescript'
import { element, length, number, operation } from '../../../ir/build.ts'
import type { ArrayType, Expression } from '../../../ir/nodes.ts'
import { bare } from '../../facts.ts'
import { arrayOf, BOOLEAN, NUMBER } from '../../types.ts'
import { concatenate, pushAll, type Piece } from '../concatenate.ts'
import { assignTo, captured, emit, exitTo, temporary, type Context } from '../context.ts'
import { eachPlace, held } from '../each-place.ts'
import { lowerExpression } from '../expression.ts'
import { lowerInOrder } from '../operands.ts'
import { typeIn } from '../type-in.ts'

export function lowerPick(c: Context, node: ts.CallExpression, callee: ts.PropertyAccessExpression): Expression | undefined {
  const type = typeIn(c, callee.expression)
  if (type.kind !== 'array' || callee.questionDotToken || node.questionDotToken || node.arguments.some(ts.isSpreadElement)) return undefined
  const [argument, more] = node.arguments
  switch (callee.name.text) {
    case 'at':
      return argument && !more ? at(c, callee.expression, argument) : undefined
    case 'concat':
      return type.storage === 'Array' ? concat(c, node, callee.expression, type) : undefined
    case 'flat':
      return !argument && type.element.kind === 'array' ? flat(c, callee.expression, type.element) : undefined
    case 'includes':
    case 'indexOf':
      return argument && !more && type.element.kind === 'number' ? find(c, callee, argument) : undefined
    default:
      return undefined
  }
}

function at(c: Context, receiver: ts.Expression, argument: ts.Expression): Expression {
  const [array, index] = lowerInOrder(c, [() => held(c, lowerExpression(c, receiver)), () => lowerExpression(c, argument)])
  const literal = bare(argument)
  if (ts.isNumericLiteral(literal)) return element(array!, index!)
  if (ts.isPrefixUnaryExpression(literal) && ts.isNumericLiteral(literal.operand) && literal.operator === ts.SyntaxKind.MinusToken)
    return element(array!, operation('-', length(array!), lowerExpression(c, literal.operand)))
  const place = temporary(c, 'place', NUMBER, operation('Math.trunc', index!))
  return element(array!, operation('select', operation('<', place, number(0)), operation('+', length(array!), place), place))
}

function concat(c: Context, node: ts.CallExpression, receiver: ts.Expression, { storage, element: of }: ArrayType): Expression | undefined {
  // A typed array is added as one element, which is hardly ever meant.
  const kinds = node.arguments.map((argument) => typeIn(c, argument))
  if (!kinds.every((kind) => kind.kind === of.kind || (kind.kind === 'array' && kind.storage === 'Array'))) return undefined
  const isMany = [true, ...kinds.map((kind) => kind.kind === 'array' && (of.kind !== 'array' || kind.element.kind === 'array'))]
  const values = lowerInOrder(
    c,
    [receiver, ...node.arguments].map((part, i) => () => (isMany[i] ? held(c, lowerExpression(c, part)) : lowerExpression(c, part))),
  )
  return concatenate(
    c,
    arrayOf(storage, of),
    values.map((value, i): Piece => (isMany[i] ? { many: value } : { one: value })),
  )
}

function flat(c: Context, receiver: ts.Expression, inner: ArrayType): Expression | undefined {
  // Typed arrays within an array stay what they are.
  if (inner.storage !== 'Array') return undefined
  const rows = held(c, lowerExpression(c, receiver))
  const type = arrayOf('Array', inner.element)
  const whole = temporary(c, 'flat', type, { kind: 'list', type, elements: [] })
  eachPlace(c, rows, (place) => pushAll(c, whole, element(rows, place)))
  return whole
}

/** `includes` finds NaN, `indexOf` does not. */
function find(c: Context, callee: ts.PropertyAccessExpression, argument: ts.Expression): Expression {
  const isTest = callee.name.text === 'includes'
  const [array, wanted] = lowerInOrder(c, [
    () => held(c, lowerExpression(c, callee.expression)),
    () => temporary(c, 'wanted', NUMBER, lowerExpression(c, argument)),
  ])
  const found = temporary(c, 'found', isTest ? BOOLEAN : NUMBER, isTest ? { kind: 'boolean', value: false } : number(-1))
  c.f.assigned.add(found.name)
  eachPlace(c, array!, (place, leave) => {
    const item = temporary(c, 'item', NUMBER, element(array!, place))
    const isSame = operation('===', item, wanted!)
    const bothNaN = operation('&&', operation('!==', item, item), operation('!==', wanted!, wanted!))
    const then = captured(c, () => {
      assignTo(c, found, isTest ? { kind: 'boolean', value: true } : place)
      exitTo(c, leave)
    })
    emit(c, { kind: 'if', test: isTest ? operation('||', isSame, bothNaN) : isSame, then, else: [] })
  })
  return found
}
