/** Values by keys: `Record<string, number>`, `Map<K, number[]>` and their kin. A key is no more than a text or a number; a derivative is followed through what it leads to. */

import ts from '#typescript'
import { element, operation } from '../../ir/build.ts'
import { missing } from '../../ir/missing.ts'
import type { Expression, KeyedType, Variable } from '../../ir/nodes.ts'
import { isTextLiteral } from '../../ir/text-type.ts'
import { bare } from '../facts.ts'
import { BOOLEAN, irType, NUMBER, opaqueType } from '../types.ts'
import { emit, temporary, type Context } from './context.ts'
import { held } from './each-place.ts'
import { lowerExpression, readerOf } from './expression.ts'
import { eachKey, lowerKeyList, lowerSpreadView } from './keyed-views.ts'
import { lowerInOrder } from './operands.ts'
import { typeIn } from './type-in.ts'
import { typeOfExpression } from './type-of.ts'

export function keyedIn(c: Context, node: ts.Expression): KeyedType | undefined {
  const type = typeIn(c, node)
  return type.kind === 'keyed' ? type : undefined
}

/** `numbers[key]`, `numbers.name`, `map.size`. */
export function lowerKeyedAccess(c: Context, node: ts.ElementAccessExpression | ts.PropertyAccessExpression): Expression | undefined {
  const type = node.questionDotToken ? undefined : keyedIn(c, node.expression)
  if (!type) return undefined
  if (type.storage === 'Map') {
    const isSize = ts.isPropertyAccessExpression(node) && node.name.text === 'size'
    return isSize ? counted(c, [told(lowerExpression(c, node.expression)), '.size']) : undefined
  }
  if (ts.isPropertyAccessExpression(node)) return element(lowerExpression(c, node.expression), nameAsKey(node.name.text))
  const [numbers, key] = lowerInOrder(c, [() => lowerExpression(c, node.expression), () => lowerKey(c, node.argumentExpression)])
  return element(numbers!, key!)
}

export const nameAsKey = (name: string): Expression => ({
  kind: 'opaque',
  parts: [JSON.stringify(name)],
  type: opaqueType('string'),
  effects: false,
})

/** What a number is found by stays what it is, whatever happens to the variable that it came from. */
export function lowerKey(c: Context, node: ts.Expression): Expression {
  const known = bare(node)
  if (ts.isStringLiteralLike(known)) return nameAsKey(known.text)
  const key = lowerExpression(c, node)
  const type = typeOfExpression(c.f.variables, key)
  const isFixed = key.kind === 'variable' && !c.f.assigned.has(key.name)
  if (key.kind === 'number' || isTextLiteral(key) || isFixed) return key
  // A text is kept as any text, whatever is known of how it begins.
  return temporary(c, 'key', type.kind === 'opaque' && /[`'"]/.test(type.text) ? opaqueType('string') : type, key)
}

/** The same object, of which no number is read that moves. */
const told = (numbers: Expression): Expression => operation('stopGradient', numbers)

const counted = (c: Context, parts: readonly (string | Expression)[]): Variable =>
  temporary(c, 'count', NUMBER, { kind: 'opaque', parts, type: NUMBER, effects: false })

/** `key in numbers`. */
export function lowerKeyTest(c: Context, node: ts.BinaryExpression): Expression | undefined {
  if (node.operatorToken.kind !== ts.SyntaxKind.InKeyword || keyedIn(c, node.right)?.storage !== 'Record') return undefined
  const [key, numbers] = lowerInOrder(c, [() => lowerKey(c, node.left), () => lowerExpression(c, node.right)])
  return tested(c, [key!, ' in ', told(numbers!)])
}

const tested = (c: Context, parts: readonly (string | Expression)[]): Variable =>
  temporary(c, 'isThere', BOOLEAN, { kind: 'opaque', parts, type: BOOLEAN, effects: false })

const methods: ReadonlySet<string> = new Set('get set has delete clear hasOwn hasOwnProperty keys values entries from'.split(' '))

/** Methods of maps, and functions of `Object` that are given numbers by keys. */
export function lowerKeyedCall(c: Context, node: ts.CallExpression): Expression | undefined {
  const callee = bare(node.expression)
  if (!ts.isPropertyAccessExpression(callee) || callee.questionDotToken || node.questionDotToken) return undefined
  if (node.arguments.some(ts.isSpreadElement)) return undefined
  const name = callee.name.text
  // Asking the type checker about every call would cost more than it is worth.
  if (!methods.has(name)) return undefined
  const list = lowerKeyList(c, node) ?? lowerSpreadView(c, node)
  if (list) return list
  const [first, second] = node.arguments
  if (callee.getText() === 'Object.hasOwn' && first && second && keyedIn(c, first)?.storage === 'Record') {
    const [numbers, key] = lowerInOrder(c, [() => lowerExpression(c, first), () => lowerKey(c, second)])
    return tested(c, ['Object.hasOwn(', told(numbers!), ', ', key!, ')'])
  }
  const type = keyedIn(c, callee.expression)
  if (type?.storage === 'Map' && !first && name === 'clear') {
    const numbers = held(c, lowerExpression(c, callee.expression), 'numbers')
    eachKey(c, { numbers, type, isLive: false, node }, (key) => takeAway(c, numbers, key))
    return { kind: 'opaque', parts: ['undefined'], type: { kind: 'void' }, effects: false }
  }
  if (!type || !first) return undefined
  const isMap = type.storage === 'Map'
  if ((isMap && name === 'has') || (!isMap && name === 'hasOwnProperty')) {
    const [numbers, key] = lowerInOrder(c, [() => lowerExpression(c, callee.expression), () => lowerKey(c, first)])
    return tested(c, [told(numbers!), `.${name}(`, key!, ')'])
  }
  if (isMap && name === 'get') {
    const [numbers, key] = lowerInOrder(c, [() => lowerExpression(c, callee.expression), () => lowerKey(c, first)])
    return element(numbers!, key!)
  }
  if (isMap && name === 'delete') {
    const [numbers, key] = lowerInOrder(c, [() => held(c, lowerExpression(c, callee.expression), 'numbers'), () => lowerKey(c, first)])
    const wasThere = tested(c, [told(numbers!), '.has(', key!, ')'])
    takeAway(c, numbers as Variable, key!)
    return wasThere
  }
  if (!isMap || name !== 'set' || !second) return undefined
  const [numbers, key, value] = lowerInOrder(c, [
    () => held(c, lowerExpression(c, callee.expression), 'numbers'),
    () => lowerKey(c, first),
    () => lowerExpression(c, second),
  ])
  emit(c, { kind: 'assign', target: element(numbers!, key!), value: value! })
  return numbers
}

/** There is no number under the key any more. */
const takeAway = (c: Context, numbers: Expression, key: Expression): void =>
  emit(c, { kind: 'assign', target: element(numbers, key), value: missing(typeOfExpression(c.f.variables, element(numbers, key))) })

/** `delete numbers[key]`. */
export function lowerKeyDeletion(c: Context, node: ts.DeleteExpression): Expression | undefined {
  const place = bare(node.expression)
  if (!ts.isElementAccessExpression(place) && !ts.isPropertyAccessExpression(place)) return undefined
  if (keyedIn(c, place.expression)?.storage !== 'Record') return undefined
  const found = lowerKeyedAccess(c, place)
  if (found?.kind !== 'element') return undefined
  takeAway(c, found.array, found.index)
  return { kind: 'boolean', value: true }
}

/** `const m: Map<string, number> = new Map()` says what it is of where it is wanted. */
function wantedOf(c: Context, node: ts.Expression): KeyedType | undefined {
  const { checker } = c.f.session
  const contextual = checker.getContextualType(node)
  const type = contextual && irType(readerOf(c), checker.getNonNullableType(contextual))
  return type?.kind === 'keyed' ? type : undefined
}

/** `{ a: x }` where numbers by keys are wanted. */
export function lowerKeyedLiteral(c: Context, node: ts.ObjectLiteralExpression): Expression | undefined {
  const type = wantedOf(c, node)
  if (type?.storage !== 'Record') return undefined
  const isPlain = node.properties.every(
    (part) =>
      (ts.isPropertyAssignment(part) && typeIn(c, part.initializer).kind === type.element.kind) ||
      (ts.isShorthandPropertyAssignment(part) && typeIn(c, part.name).kind === type.element.kind) ||
      (ts.isSpreadAssignment(part) && keyedIn(c, part.expression)?.storage === 'Record'),
  )
  if (!isPlain) return undefined
  const made = empty(type)
  if (node.properties.length === 0) return made
  const numbers = temporary(c, 'numbers', made.type, made)
  for (const part of node.properties) {
    if (ts.isSpreadAssignment(part)) copyInto(c, node, numbers, lowerExpression(c, part.expression), type)
    else put(c, numbers, keyOfProperty(c, part as ts.PropertyAssignment), valueOfProperty(c, part as ts.PropertyAssignment))
  }
  return numbers
}

function keyOfProperty(c: Context, { name }: ts.PropertyAssignment | ts.ShorthandPropertyAssignment): Expression {
  if (ts.isComputedPropertyName(name)) return lowerKey(c, name.expression)
  return nameAsKey(ts.isNumericLiteral(name) ? String(Number(name.text)) : (name as ts.Identifier | ts.StringLiteral).text)
}

const valueOfProperty = (c: Context, part: ts.PropertyAssignment | ts.ShorthandPropertyAssignment): Expression =>
  lowerExpression(c, ts.isPropertyAssignment(part) ? part.initializer : part.name)

/** `new Map()`, `new Map([[key, number], ...])` and copies of maps. */
export function lowerNewMap(c: Context, node: ts.NewExpression): Expression | undefined {
  if (!ts.isIdentifier(node.expression) || node.expression.text !== 'Map') return undefined
  const type = wantedOf(c, node) ?? keyedIn(c, node)
  if (!type) return undefined
  const [only, more] = node.arguments ?? []
  const made = empty(type)
  if (!only) return made
  const pairs = bare(only)
  if (more) return undefined
  if (keyedIn(c, only)?.storage === 'Map') {
    const numbers = temporary(c, 'numbers', made.type, made)
    copyInto(c, node, numbers, lowerExpression(c, only), type)
    return numbers
  }
  const entries = ts.isArrayLiteralExpression(pairs) ? pairs.elements.map(pairOf) : [undefined]
  if (entries.includes(undefined)) return undefined
  const numbers = temporary(c, 'numbers', made.type, made)
  for (const [key, value] of entries as [ts.Expression, ts.Expression][]) put(c, numbers, lowerKey(c, key), lowerExpression(c, value))
  return numbers
}

function pairOf(node: ts.Expression): readonly [ts.Expression, ts.Expression] | undefined {
  const pair = bare(node)
  if (!ts.isArrayLiteralExpression(pair) || pair.elements.length !== 2 || pair.elements.some(ts.isSpreadElement)) return undefined
  return [pair.elements[0]!, pair.elements[1]!]
}

const empty = ({ storage, key, element: of }: KeyedType): Expression & { kind: 'keyed' } => ({
  kind: 'keyed',
  type: { kind: 'keyed', storage, key, element: of },
})

const put = (c: Context, numbers: Variable, key: Expression, value: Expression): void =>
  emit(c, { kind: 'assign', target: element(numbers, key), value })

function copyInto(c: Context, node: ts.Node, target: Variable, source: Expression, type: KeyedType): void {
  const numbers = held(c, source, 'source')
  eachKey(c, { numbers, type, isLive: false, node }, (key) => put(c, target, key, element(numbers, key)))
}
