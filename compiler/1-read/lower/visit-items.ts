/** `forEach`, `map` and `reduce` of lists in which nothing is followed, keys and texts among them: the function that is called may do more. */

import ts from '#typescript'
import { element, push } from '../../ir/build.ts'
import type { Expression, Type, Variable } from '../../ir/nodes.ts'
import { bare } from '../facts.ts'
import { textOf } from '../session.ts'
import { arrayOf, irType, NUMBER } from '../types.ts'
import { given } from './arguments.ts'
import { apply } from './call.ts'
import { assignTo, emit, refuse, temporary, type Binding, type Context } from './context.ts'
import { held } from './each-place.ts'
import { lowerExpression, readerOf } from './expression.ts'
import { isMadeOfFunctions } from './function-types.ts'
import { effectsOn } from './interference.ts'
import { eachItem, eachKey, keyedView, keysOf } from './keyed-views.ts'
import { staticOf } from './static.ts'
import { typeIn } from './type-in.ts'
import { typeOfExpression } from './type-of.ts'

const NOTHING: Expression = { kind: 'opaque', parts: ['undefined'], type: { kind: 'void' }, effects: false }

/** Calls a function with what is visited: an element, and its index or key. */
type Over = (call: (...values: readonly Expression[]) => void) => void

export function visitItems(c: Context, node: ts.CallExpression): Expression | undefined {
  const callee = bare(node.expression)
  const [first, start] = node.arguments
  if (!first || !ts.isPropertyAccessExpression(callee) || callee.questionDotToken) return undefined
  const method = (['forEach', 'map', 'reduce'] as const).find((one) => one === callee.name.text)
  if (!method) return undefined
  if (method === 'reduce' && (!start || typeIn(c, start).kind !== 'number')) return undefined
  if (method === 'map' && !isOfNumbers(typeIn(c, node))) return undefined
  const over = visited(c, bare(callee.expression), method === 'forEach')
  const callback = over && staticOf(c, first)
  if (!over || !callback) return undefined
  const call = (...values: readonly Expression[]): Binding => apply(c, { node, returned: typeIn(c, node) }, callback, given(...values))
  const valueOf = (made: Binding): Expression => {
    const isNumber = made.kind === 'expression' && typeOfExpression(c.f.variables, made.expression).kind === 'number'
    return isNumber ? made.expression : refuse(c, node, 'CT1017', { method: textOf(callee), reason: 'its function gives no number' })
  }
  if (method === 'forEach') {
    over((...values) => {
      const made = call(...values)
      if (made.kind === 'expression' && made.expression.kind === 'opaque' && made.expression.effects)
        emit(c, { kind: 'effect', expression: made.expression })
    })
    return NOTHING
  }
  if (method === 'map') {
    const list = temporary(c, 'mapped', arrayOf('Array'), { kind: 'list', type: arrayOf('Array'), elements: [] })
    over((...values) => emit(c, push(list, valueOf(call(...values)))))
    return list
  }
  const sum = temporary(c, 'reduced', NUMBER, lowerExpression(c, start!))
  c.f.assigned.add(sum.name)
  over((...values) => assignTo(c, sum, valueOf(call(sum, ...values))))
  return sum
}

const isOfNumbers = (type: Type): boolean => type.kind === 'array' && type.element.kind === 'number'

/** What is gone over: the values and keys of a map, the keys of an object, a list of texts. */
function visited(c: Context, target: ts.Expression, isForEach: boolean): Over | undefined {
  const type = typeIn(c, target)
  if (type.kind === 'keyed') {
    if (type.storage !== 'Map' || !isForEach) return undefined
    const numbers = held(c, lowerExpression(c, target), 'numbers')
    return (call) => eachKey(c, { numbers, type, isLive: true, node: target }, (key) => call(element(numbers, key), key))
  }
  const view = keyedView(c, target)
  if (view)
    return view.of === 'keys' ? overList(c, target, keysOf(c, view.numbers, view.type), { kind: 'opaque', text: 'string' }) : undefined
  const { checker } = c.f.session
  const read = checker.getNonNullableType(checker.getTypeAtLocation(target))
  if (type.kind !== 'opaque' || !checker.isArrayType(read) || isMadeOfFunctions(c, target)) return undefined
  const [part] = checker.getTypeArguments(read as ts.TypeReference)
  const of = part && irType(readerOf(c), part)
  if (of?.kind !== 'opaque' || /^(?:any|unknown|never)$/.test(of.text)) return undefined
  return overList(c, target, held(c, lowerExpression(c, target), 'items'), of)
}

const overList =
  (c: Context, node: ts.Node, items: Variable, of: Type): Over =>
  (call) => {
    const { list } = eachItem(c, items, of, { name: 'item', body: (item, index) => call(item, index, items) })
    if (effectsOn(list, new Set([items.name])))
      refuse(c, node, 'CT1017', { method: textOf(node), reason: 'its function may change the list' })
  }
