/** Going over numbers by their keys: what keys there are is asked once, before the first of them. */

import ts from '#typescript'
import { element, number, operation, push, variable } from '../../ir/build.ts'
import type { Expression, KeyedType, RecordType, Type, Variable } from '../../ir/nodes.ts'
import { innerLists, type RawStatement } from '../exits/raw.ts'
import { bare } from '../facts.ts'
import { textOf } from '../session.ts'
import { arrayOf, NUMBER, opaqueType } from '../types.ts'
import { given } from './arguments.ts'
import { apply } from './call.ts'
import { assignTo, captured, emit, freshName, freshTarget, refuse, temporary, type Binding, type Context } from './context.ts'
import { held } from './each-place.ts'
import { lowerExpression } from './expression.ts'
import { partOf, type View } from './known-list.ts'
import { staticOf } from './static.ts'
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
  const keys = keysOf(c, numbers, type)
  const size = temporary(c, 'count', NUMBER, { kind: 'opaque', parts: [keys, '.length'], type: NUMBER, effects: false })
  const index = freshName(c.f, 'i', NUMBER)
  const of: Type = type.storage === 'Map' && type.key === 'number' ? NUMBER : opaqueType(type.storage === 'Map' ? type.key : 'string')
  let key: Variable | undefined
  const list = captured(c, () => {
    key = temporary(c, 'key', of, { kind: 'opaque', parts: [keys, '[', variable(index), ']!'], type: of, effects: false })
    body(key)
  })
  emit(c, { kind: 'loop', target: breaks, counter: { name: index, from: number(0), to: size, comparison: '<', step: 1 }, body: list })
  if (type.storage === 'Map' && getsOtherKeys(c, list, key!)) refuseNewKeys(c, numbers, size)
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
  const visited = visitedByMethod(c, node)
  if (visited) return visited
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
  if (of === 'keys') return keysOf(c, numbers, type)
  const pair: RecordType = {
    kind: 'record',
    tuple: true,
    fields: [
      { name: '0', type: opaqueType(type.storage === 'Map' ? type.key : 'string') },
      { name: '1', type: NUMBER },
    ],
  }
  const list = arrayOf('Array', of === 'values' ? NUMBER : pair)
  const made = temporary(c, of, list, { kind: 'list', type: list, elements: [] })
  eachKey(c, numbers, type, (key) => {
    const value = element(numbers, key)
    emit(c, push(made, of === 'values' ? value : { kind: 'record', type: pair, values: [key, value] }))
  })
  return made
}

/** `Object.keys(numbers).forEach(...)`, `map.forEach(...)`, and `map` and `reduce` of keys. */
function visitedByMethod(c: Context, node: ts.CallExpression): Expression | undefined {
  const callee = bare(node.expression)
  if (!ts.isPropertyAccessExpression(callee) || !['forEach', 'map', 'reduce'].includes(callee.name.text)) return undefined
  const target = bare(callee.expression)
  const isMap = typeIn(c, target).kind === 'keyed' && callee.name.text === 'forEach'
  if (!isMap && !(ts.isCallExpression(target) && /\.keys$/.test(textOf(target.expression)))) return undefined
  const view = keyedView(c, target)
  if (!view || (!isMap && view.of !== 'keys')) return undefined
  const callback = staticOf(c, node.arguments[0]!)
  if (!callback) return refuse(c, node.arguments[0]!, 'CT3002', { text: textOf(node.arguments[0]!), function: callee.name.text })
  const call = (...values: readonly Expression[]): Binding => apply(c, { node, returned: typeIn(c, node) }, callback, given(...values))
  const { numbers, type } = view
  if (callee.name.text === 'forEach') {
    eachKey(c, numbers, type, (key) => {
      const made = isMap ? call(element(numbers, key), key) : call(key)
      if (made.kind === 'expression' && made.expression.kind === 'opaque' && made.expression.effects)
        emit(c, { kind: 'effect', expression: made.expression })
    })
    return { kind: 'opaque', parts: ['undefined'], type: { kind: 'void' }, effects: false }
  }
  const valueOf = (made: Binding): Expression => {
    const isNumber = made.kind === 'expression' && typeOfExpression(c.f.variables, made.expression).kind === 'number'
    return isNumber ? made.expression : refuse(c, node, 'CT1017', { method: callee.name.text, reason: 'its function gives no number' })
  }
  if (callee.name.text === 'map') {
    const list = temporary(c, 'mapped', arrayOf('Array'), { kind: 'list', type: arrayOf('Array'), elements: [] })
    eachKey(c, numbers, type, (key) => emit(c, push(list, valueOf(call(key)))))
    return list
  }
  const start = node.arguments[1]
  if (!start || typeIn(c, start).kind !== 'number')
    return refuse(c, node, 'CT1017', { method: 'reduce', reason: 'of keys, it begins with a number' })
  const sum = temporary(c, 'reduced', NUMBER, lowerExpression(c, start))
  c.f.assigned.add(sum.name)
  eachKey(c, numbers, type, (key) => assignTo(c, sum, valueOf(call(sum, key))))
  return sum
}
