/** Going over numbers by their keys: what keys there are is asked once, before the first of them. */

import ts from '#typescript'
import { element, number, operation, push, variable } from '../../ir/build.ts'
import { isMissingValue, present } from '../../ir/missing.ts'
import type { Expression, KeyedType, RecordType, Type, Variable } from '../../ir/nodes.ts'
import { innerLists, type RawStatement, type Target } from '../exits/raw.ts'
import { bare } from '../facts.ts'
import { textOf } from '../session.ts'
import { arrayOf, BOOLEAN, NUMBER, opaqueType } from '../types.ts'
import { captured, emit, freshName, freshTarget, refuse, temporary, throwError, type Binding, type Context } from './context.ts'
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
  const list = opaqueType(storage === 'Map' && !/^\w+$/.test(key) ? `(${key})[]` : `${storage === 'Map' ? key : 'string'}[]`)
  return temporary(c, 'keys', list, { kind: 'opaque', parts, type: list, effects: false })
}

/** What is gone over: the keys that were there, or those that are there when their turn comes, as JavaScript has it for a map and for `for-in`. */
export interface Walk {
  readonly numbers: Variable
  readonly type: KeyedType
  readonly isLive: boolean
  /** What is refused where that can not be followed. */
  readonly node: ts.Node
}

export function eachKey(c: Context, walk: Walk, body: (key: Variable) => void, breaks = freshTarget(c)): void {
  const { numbers, type, isLive, node } = walk
  const isMap = type.storage === 'Map'
  const of: Type = isMap && type.key === 'number' ? NUMBER : opaqueType(isMap ? type.key : 'string')
  const changes = { puts: false, removes: false }
  const around = (list: readonly RawStatement[], key: Variable): readonly RawStatement[] => {
    if (isLive) Object.assign(changes, otherKeys(c, list, key))
    if (isMap && changes.puts && changes.removes)
      return refuse(c, node, 'CT1011', { construct: 'loop, which puts keys and removes others,', text: textOf(node) })
    return changes.removes ? [{ kind: 'if', test: isThere(c, walk, key), then: list, else: [] }] : list
  }
  const { size } = eachItem(c, keysOf(c, numbers, type), of, { name: 'key', fixed: true, breaks, body, around })
  if (isMap && changes.puts) refuseNewKeys(c, numbers, size)
}

function isThere(c: Context, { numbers, type }: Walk, key: Variable): Expression {
  const asked = operation('stopGradient', numbers)
  const parts = type.storage === 'Map' ? [asked, '.has(', key, ')'] : [key, ' in ', asked]
  return temporary(c, 'isThere', BOOLEAN, { kind: 'opaque', parts, type: BOOLEAN, effects: false })
}

interface Items {
  readonly name: string
  /** Whether nothing else has the list. */
  readonly fixed?: true
  readonly breaks?: Target
  readonly body: (item: Variable, index: Variable) => void
  /** What is made of what is done for each. Statements that it writes come before that. */
  readonly around?: (list: readonly RawStatement[], item: Variable) => readonly RawStatement[]
}

/** A loop over a list in which nothing is followed. Gives what is done for each, and how many there are. */
export function eachItem(
  c: Context,
  items: Variable,
  of: Type,
  { name, fixed, breaks = freshTarget(c), body, around = (list) => list }: Items,
): { readonly list: readonly RawStatement[]; readonly size: Variable } {
  const read = (parts: readonly (string | Expression)[], type: Type): Expression => ({
    kind: 'opaque',
    parts,
    type,
    effects: false,
    ...(fixed && { fixed }),
  })
  const size = temporary(c, 'count', NUMBER, read([items, '.length'], NUMBER))
  const index = freshName(c.f, 'i', NUMBER)
  let own: readonly RawStatement[] = []
  const list = captured(c, () => {
    const item = temporary(c, name, of, read([items, '[', variable(index), ']!'], of))
    own = captured(c, () => body(item, variable(index)))
    c.f.out.push(...around(own, item))
  })
  emit(c, { kind: 'loop', target: breaks, counter: { name: index, from: number(0), to: size, comparison: '<', step: 1 }, body: list })
  return { list: own, size }
}

interface Changes {
  readonly puts: boolean
  readonly removes: boolean
}

/** What is done to other keys than the one that the loop is at. What is called may do anything. */
function otherKeys(c: Context, list: readonly RawStatement[], key: Variable): Changes {
  const names = new Set([key.name])
  let [puts, removes] = [false, false]
  const visit = (block: readonly RawStatement[]): void => {
    for (const statement of block) {
      if (statement.kind === 'call') puts = true
      // The author's own name for the key.
      if (statement.kind === 'declare' && statement.value?.kind === 'variable' && names.has(statement.value.name)) names.add(statement.name)
      if (statement.kind === 'assign' && statement.target.kind === 'element') {
        const { array, index } = statement.target
        const isOther = !(index.kind === 'variable' && names.has(index.name))
        if (isOther && typeOfExpression(c.f.variables, array).kind === 'keyed') {
          if (isMissingValue(statement.value)) removes = true
          else puts = true
        }
      }
      for (const inner of innerLists(statement)) visit(inner)
    }
  }
  visit(list)
  return { puts, removes }
}

function refuseNewKeys(c: Context, numbers: Variable, size: Variable): void {
  const now: Expression = { kind: 'opaque', parts: [operation('stopGradient', numbers), '.size'], type: NUMBER, effects: false }
  const changed = temporary(c, 'sizeNow', NUMBER, now)
  const then = captured(c, () => throwError(c, 'a map was given new keys while it was gone over'))
  emit(c, { kind: 'if', test: operation('!==', changed, size), then, else: [] })
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
  return view && listOfView(c, node, view)
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
  return view && listOfView(c, node, view)
}

/** A list of keys, of numbers, or of pairs of them. */
export function listOfView(c: Context, node: ts.Node, { numbers, type, of }: Keyed): Expression {
  const snapshot: Walk = { numbers, type, isLive: false, node }
  if (of === 'keys' && !(type.storage === 'Map' && type.key === 'number')) return keysOf(c, numbers, type)
  if (of === 'keys') {
    const made = temporary(c, 'keys', arrayOf('Array'), { kind: 'list', type: arrayOf('Array'), elements: [] })
    eachKey(c, snapshot, (key) => emit(c, push(made, key)))
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
  eachKey(c, snapshot, (key) => {
    const value = element(numbers, key)
    emit(c, push(made, of === 'values' ? value : temporary(c, 'entry', pair, { kind: 'record', type: pair, values: [key, value] })))
  })
  return made
}
