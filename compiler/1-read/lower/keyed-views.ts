/** Going over numbers by their keys: what keys there are is asked once, before the first of them. */

import ts from '#typescript'
import { element, number, operation, push, variable } from '../../ir/build.ts'
import { present } from '../../ir/missing.ts'
import type { Expression, KeyedType, RecordType, Type, Variable } from '../../ir/nodes.ts'
import { innerLists, type RawStatement } from '../exits/raw.ts'
import { bare } from '../facts.ts'
import { arrayOf, NUMBER, opaqueType } from '../types.ts'
import { captured, emit, freshName, freshTarget, temporary, type Binding, type Context } from './context.ts'
import { held } from './each-place.ts'
import { lowerExpression } from './expression.ts'
import { partOf, type View } from './known-list.ts'
import { typeIn } from './type-in.ts'
import { typeOfExpression } from './type-of.ts'

interface Keyed {
  readonly numbers: Variable
  readonly type: KeyedType
  readonly of: View
}

/** The keys, in a list that is no part of what is followed. */
export function keysOf(c: Context, numbers: Variable, { storage, key }: KeyedType): Variable {
  const asked = operation('stopGradient', numbers)
  const parts = storage === 'Map' ? ['[...', asked, '.keys()]'] : ['Object.keys(', asked, ')']
  const list = opaqueType(`(${storage === 'Map' ? key : 'string'})[]`)
  return temporary(c, 'keys', list, { kind: 'opaque', parts, type: list, effects: false })
}

export function eachKey(c: Context, numbers: Variable, type: KeyedType, body: (key: Variable) => void, breaks = freshTarget(c)): void {
  const isMap = type.storage === 'Map'
  const of: Type = isMap && type.key === 'number' ? NUMBER : opaqueType(isMap ? type.key : 'string')
  const { list, item, size } = eachItem(c, keysOf(c, numbers, type), of, 'key', body, breaks)
  if (isMap && getsOtherKeys(c, list, item)) refuseNewKeys(c, numbers, size)
}

interface Gone {
  readonly list: readonly RawStatement[]
  readonly item: Variable
  readonly size: Variable
}

/** A loop over a list in which nothing is followed. */
export function eachItem(
  c: Context,
  items: Variable,
  of: Type,
  name: string,
  body: (item: Variable, index: Variable) => void,
  breaks = freshTarget(c),
): Gone {
  const size = temporary(c, 'count', NUMBER, { kind: 'opaque', parts: [items, '.length'], type: NUMBER, effects: false })
  const index = freshName(c.f, 'i', NUMBER)
  let item: Variable | undefined
  const list = captured(c, () => {
    item = temporary(c, name, of, { kind: 'opaque', parts: [items, '[', variable(index), ']!'], type: of, effects: false })
    body(item, variable(index))
  })
  emit(c, { kind: 'loop', target: breaks, counter: { name: index, from: number(0), to: size, comparison: '<', step: 1 }, body: list })
  return { list, item: item!, size }
}

/** Whether numbers are put under other keys than the one that the loop is at: JavaScript visits those too. */
const getsOtherKeys = (c: Context, list: readonly RawStatement[], key: Variable): boolean =>
  list.some((statement) => {
    if (innerLists(statement).some((inner) => getsOtherKeys(c, inner, key))) return true
    if (statement.kind === 'call') return true
    if (statement.kind !== 'assign' || statement.target.kind !== 'element') return false
    const { array, index } = statement.target
    const isOfKey = index.kind === 'variable' && (index.name === key.name || isNameOf(list, index.name, key.name))
    return !isOfKey && typeOfExpression(c.f.variables, array).kind === 'keyed'
  })

const isNameOf = (list: readonly RawStatement[], name: string, of: string): boolean =>
  list.some(
    (statement) =>
      (statement.kind === 'declare' && statement.name === name && statement.value?.kind === 'variable' && statement.value.name === of) ||
      innerLists(statement).some((inner) => isNameOf(inner, name, of)),
  )

function refuseNewKeys(c: Context, numbers: Variable, size: Variable): void {
  const now: Expression = { kind: 'opaque', parts: [operation('stopGradient', numbers), '.size'], type: NUMBER, effects: false }
  const error: Expression = {
    kind: 'opaque',
    parts: ["new TypeError('a map was given new keys while it was gone over')"],
    type: opaqueType('TypeError'),
    effects: false,
  }
  const changed = temporary(c, 'sizeNow', NUMBER, now)
  emit(c, {
    kind: 'if',
    test: operation('!==', changed, size),
    then: captured(c, () => emit(c, { kind: 'throw', value: error })),
    else: [],
  })
}

/** `map`, `map.keys()`, `Object.entries(numbers)` and their kin. */
export function keyedView(c: Context, original: ts.Expression): Keyed | undefined {
  const node = bare(original)
  const own = ts.isCallExpression(node) ? undefined : typeIn(c, node)
  if (own?.kind === 'keyed') return own.storage === 'Map' ? { ...inHand(c, node), type: own, of: 'entries' } : undefined
  if (!ts.isCallExpression(node) || !ts.isPropertyAccessExpression(node.expression)) return undefined
  const { name, expression } = node.expression
  const of = (['keys', 'values', 'entries'] as const).find((one) => one === name.text)
  const isOfObject = expression.getText() === 'Object' && node.arguments.length === 1
  if (!of || (!isOfObject && node.arguments.length > 0)) return undefined
  const target = isOfObject ? node.arguments[0]! : expression
  const type = typeIn(c, target)
  if (type.kind !== 'keyed' || (type.storage === 'Record') !== isOfObject) return undefined
  return { ...inHand(c, target), type, of }
}

const inHand = (c: Context, node: ts.Expression): { readonly numbers: Variable } => ({
  numbers: held(c, lowerExpression(c, node), 'numbers'),
})

export const partFor = ({ of, numbers }: Keyed, key: Expression): Binding => partOf(of, key, element(numbers, key))

/** Such a view where a list is wanted, or a method of one. */
export function lowerKeyList(c: Context, node: ts.CallExpression): Expression | undefined {
  const callee = node.expression
  // What a map gives is gone over, or spread: it is no list by itself.
  if (!ts.isPropertyAccessExpression(callee) || callee.expression.getText() !== 'Object') return undefined
  const view = keyedView(c, node)
  return view && listOfView(c, view)
}

/** `[...map.values()]`, `Array.from(map)`: a list by itself. */
export function lowerSpreadView(c: Context, node: ts.ArrayLiteralExpression | ts.CallExpression): Expression | undefined {
  const only = ts.isArrayLiteralExpression(node)
    ? node.elements[0]
    : node.expression.getText() === 'Array.from'
      ? node.arguments[0]
      : undefined
  const count = ts.isArrayLiteralExpression(node) ? node.elements.length : node.arguments.length
  const source = only && (ts.isSpreadElement(only) ? only.expression : ts.isCallExpression(node) ? only : undefined)
  const view = source && count === 1 ? keyedView(c, source) : undefined
  return view && listOfView(c, view)
}

/** A list of keys, of numbers, or of pairs of them. */
export function listOfView(c: Context, { numbers, type, of }: Keyed): Expression {
  if (of === 'keys' && !(type.storage === 'Map' && type.key === 'number')) return keysOf(c, numbers, type)
  if (of === 'keys') {
    const made = temporary(c, 'keys', arrayOf('Array'), { kind: 'list', type: arrayOf('Array'), elements: [] })
    eachKey(c, numbers, type, (key) => emit(c, push(made, key)))
    return made
  }
  const pair: RecordType = {
    kind: 'record',
    tuple: true,
    fields: [
      { name: '0', type: opaqueType(type.storage === 'Map' ? type.key : 'string') },
      { name: '1', type: present(type.element) },
    ],
  }
  const list = arrayOf('Array', of === 'values' ? present(type.element) : pair)
  const made = temporary(c, of, list, { kind: 'list', type: list, elements: [] })
  eachKey(c, numbers, type, (key) => {
    const value = element(numbers, key)
    emit(c, push(made, of === 'values' ? value : { kind: 'record', type: pair, values: [key, value] }))
  })
  return made
}
