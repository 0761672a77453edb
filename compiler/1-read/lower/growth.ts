/** Arrays that become longer and shorter: `push`, `pop`, `shift`, `unshift`, `a[a.length] = x`, `a.length = n`. */

import ts from '#typescript'
import { dropLast, element, gap, isNumber, length, number, operation, push, truncate, variable } from '../../ir/build.ts'
import { InternalError } from '../../ir/internal-error.ts'
import type { Expression, Type } from '../../ir/nodes.ts'
import { bare } from '../facts.ts'
import { textOf } from '../session.ts'
import { NUMBER } from '../types.ts'
import { captured, emit, freshName, freshTarget, temporary, type Context } from './context.ts'
import { atomic } from './each-place.ts'
import { lowerExpression } from './expression.ts'
import { readsStorage } from './interference.ts'
import { lowerInOrder } from './operands.ts'
import { typeIn } from './type-in.ts'
import { typeOfExpression } from './type-of.ts'

/** A method that changes the length of an array; its value is as the author would get it. */
export function lowerGrowth(c: Context, node: ts.CallExpression, callee: ts.PropertyAccessExpression): Expression | undefined {
  if (callee.questionDotToken || !isGrowable(typeIn(c, callee.expression))) return undefined
  const name = callee.name.text
  if ((name === 'pop' || name === 'shift') && node.arguments.length === 0) {
    const array = lowerExpression(c, callee.expression)
    return name === 'pop' ? pop(c, array) : shift(c, array)
  }
  if (name !== 'push' && name !== 'unshift') return undefined
  const [array, ...values] = lowerInOrder(
    c,
    [callee.expression, ...node.arguments].map((part) => () => lowerExpression(c, ts.isSpreadElement(part) ? part.expression : part)),
  )
  const added = node.arguments.map((argument, i) => ({ value: values[i]!, isMany: ts.isSpreadElement(argument) }))
  if (name === 'push') for (const one of evaluated(c, added)) append(c, array!, one.value, one.isMany)
  else {
    if (added.some(({ isMany }) => isMany)) putBefore(c, array!, added)
    else for (const value of added.map((one) => atomic(c, one.value)).reverse()) prepend(c, array!, value)
  }
  return length(array!)
}

export const isGrowable = (type: Type): boolean => type.kind === 'array' && type.storage === 'Array' && type.readonly !== true

interface Added {
  readonly value: Expression
  readonly isMany: boolean
}

/** All arguments have their values before the first of them is put into the array, which they may be read from. */
const evaluated = (c: Context, added: readonly Added[]): readonly Added[] => added.map((one, i) => (i === 0 ? one : evaluatedOne(c, one)))

/** What is spread may be the array itself, under whatever name. */
const evaluatedOne = (c: Context, { value, isMany }: Added): Added => ({
  isMany,
  value: isMany
    ? temporary(c, 'spread', typeOfExpression(c.f.variables, value), { kind: 'slice', array: value })
    : readsStorage(value)
      ? atomic(c, value)
      : value,
})

function append(c: Context, array: Expression, value: Expression, isMany: boolean): void {
  if (!isMany) return emit(c, push(array, value))
  // The array may be appended to itself.
  const count = temporary(c, 'count', NUMBER, length(value))
  const k = freshName(c.f, 'k', NUMBER)
  loop(c, { name: k, from: number(0), to: count, comparison: '<', step: 1 }, () => {
    emit(c, push(array, element(value, variable(k))))
  })
}

/** On an empty array it gives `undefined` and changes nothing, as `a[-1]` does. */
function pop(c: Context, array: Expression): Expression {
  const count = temporary(c, 'count', NUMBER, length(array))
  const last = temporary(c, 'last', elementType(c, array), element(array, operation('-', count, number(1))))
  emit(c, dropLast(array, count))
  return last
}

function shift(c: Context, array: Expression): Expression {
  const count = temporary(c, 'count', NUMBER, length(array))
  const first = temporary(c, 'first', elementType(c, array), element(array, number(0)))
  move(c, array, { from: number(1), to: count, step: 1 }, -1)
  emit(c, dropLast(array, count))
  return first
}

function prepend(c: Context, array: Expression, value: Expression): void {
  const count = temporary(c, 'count', NUMBER, length(array))
  emit(c, push(array, value))
  move(c, array, { from: operation('-', count, number(1)), to: number(0), step: -1 }, 1)
  emit(c, { kind: 'assign', target: element(array, number(0)), value })
}

/** As many as there are: the array is filled anew. */
function putBefore(c: Context, array: Expression, added: readonly Added[]): void {
  const type = typeOfExpression(c.f.variables, array)
  if (type.kind !== 'array') throw new InternalError('what grows is an array')
  const before = temporary(c, 'before', { kind: 'array', storage: 'Array', element: type.element }, { kind: 'slice', array })
  const kept = added.map((one) => evaluatedOne(c, one))
  emit(c, truncate(array, number(0), length(array)))
  for (const { value, isMany } of kept) append(c, array, value, isMany)
  append(c, array, before, true)
}

/** Each element goes `by` places on. */
function move(c: Context, array: Expression, range: { from: Expression; to: Expression; step: 1 | -1 }, by: 1 | -1): void {
  const k = freshName(c.f, 'k', NUMBER)
  loop(c, { name: k, ...range, comparison: range.step > 0 ? '<' : '>=' }, () => {
    const target = element(array, operation(by > 0 ? '+' : '-', variable(k), number(1)))
    emit(c, { kind: 'assign', target, value: element(array, variable(k)) })
  })
}

function loop(
  c: Context,
  counter: { name: string; from: Expression; to: Expression; comparison: '<' | '>='; step: number },
  body: () => void,
): void {
  emit(c, { kind: 'loop', target: freshTarget(c), counter, body: captured(c, body) })
}

/** `a[a.length] = x` and `a.length = n`. */
export function lowerGrowingAssignment(c: Context, node: ts.BinaryExpression): Expression | undefined {
  const target = bare(node.left)
  if (!ts.isElementAccessExpression(target) && !ts.isPropertyAccessExpression(target)) return undefined
  const { expression } = target
  if (!isGrowable(typeIn(c, expression))) return undefined
  if (ts.isElementAccessExpression(target)) {
    const index = bare(target.argumentExpression)
    const isEnd = ts.isPropertyAccessExpression(index) && index.name.text === 'length' && textOf(index.expression) === textOf(expression)
    if (!isEnd || !ts.isIdentifier(bare(expression))) return undefined
    const [array, value] = lowerInOrder(c, [() => lowerExpression(c, expression), () => lowerExpression(c, node.right)])
    emit(c, push(array!, value!))
    return value!
  }
  if (target.name.text !== 'length') return undefined
  const [array, wanted] = lowerInOrder(c, [() => lowerExpression(c, expression), () => lowerExpression(c, node.right)])
  const count = temporary(c, 'count', NUMBER, length(array!))
  const shorter = wanted!.kind === 'number' || wanted!.kind === 'variable' ? wanted : temporary(c, 'wanted', NUMBER, wanted)
  const refused = captured(c, () => emit(c, { kind: 'throw', value: gap(count, shorter) }))
  // The elements that would come into being are no numbers.
  if (!isNumber(shorter, 0)) emit(c, { kind: 'if', test: operation('>', shorter, count), then: refused, else: [] })
  emit(c, truncate(array!, shorter, count))
  return shorter
}

const elementType = (c: Context, array: Expression): Type => typeOfExpression(c.f.variables, element(array, number(0)))
