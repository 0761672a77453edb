/**
 * Methods that call a function for each element: loops with the function inlined. As JavaScript has it, how many elements are visited is settled
 * before the first call, and each is read when its turn comes.
 */

import ts from '#typescript'
import { element, length, number, operation, push, variable } from '../../../ir/build.ts'
import { maybeUndefined } from '../../../ir/missing.ts'
import type { ArrayType, Counter, Expression, Type } from '../../../ir/nodes.ts'
import { innerLists, type RawStatement } from '../../exits/raw.ts'
import { arrayOf, BOOLEAN, describe, irType, NUMBER, opaqueType } from '../../types.ts'
import { given } from '../arguments.ts'
import { apply, staticAsExpression } from '../call.ts'
import { pushAll } from '../concatenate.ts'
import { textOf } from '../../session.ts'
import { assignTo, captured, emit, exitTo, freshName, freshTarget, refuse, temporary, type Binding, type Context } from '../context.ts'
import { held } from '../each-place.ts'
import { lowerExpression, named, readerOf } from '../expression.ts'
import { changesLengths, writesOf } from '../interference.ts'
import { truthOf } from '../logic.ts'
import { staticOf } from '../static.ts'
import type { StaticValue } from '../static-value.ts'
import { typeIn } from '../type-in.ts'
import { typeOfExpression } from '../type-of.ts'
import { wantedType } from '../wanted-type.ts'

const methods = [
  'forEach',
  'map',
  'flatMap',
  'filter',
  'some',
  'every',
  'find',
  'findIndex',
  'findLast',
  'findLastIndex',
  'reduce',
  'reduceRight',
] as const
type Method = (typeof methods)[number]
const isMethod = (name: string): name is Method => (methods as readonly string[]).includes(name)

/** What is gone over, and what is called for each of it. */
export interface Visit {
  readonly c: Context
  readonly node: ts.CallExpression
  readonly array: Expression
  readonly type: ArrayType
  readonly callback: StaticValue
  readonly returned: Type
}

export function lowerCallback(c: Context, node: ts.CallExpression, callee: ts.PropertyAccessExpression): Expression | undefined {
  const name = callee.name.text
  const type = typeIn(c, callee.expression)
  if (!isMethod(name) || type.kind !== 'array' || callee.questionDotToken || node.questionDotToken) return undefined
  const most = name.startsWith('reduce') ? 2 : 1
  const [first] = node.arguments
  if (!first || node.arguments.length > most || node.arguments.some(ts.isSpreadElement))
    return refuse(c, node, 'CT1017', {
      method: name,
      reason: most === 2 ? 'it takes a function and a value to begin with' : 'it takes one function',
    })
  const value = lowerExpression(c, callee.expression)
  const array = held(c, value)
  const callback = staticOf(c, first)
  if (!callback) return refuse(c, first, 'CT3002', { text: textOf(first), function: name })
  const visit: Visit = { c, node, array, type, callback, returned: returnedBy(c, first) }
  switch (name) {
    case 'forEach':
      return forEach(visit)
    case 'map':
      return map(visit)
    case 'flatMap':
      return flatMap(visit)
    case 'filter':
      return filter(visit)
    case 'reduce':
    case 'reduceRight':
      return reduce(visit, name === 'reduceRight', node.arguments[1])
    case 'find':
    case 'findLast':
      return find(visit, name === 'find' ? 'findIndex' : 'findLastIndex')
    default:
      return search(visit, name)
  }
}

export function returnedBy(c: Context, callback: ts.Expression): Type {
  const { checker } = c.f.session
  const [signature, more] = checker.getTypeAtLocation(callback).getCallSignatures()
  return signature && !more ? irType(readerOf(c), checker.getReturnTypeOfSignature(signature)) : opaqueType('unknown')
}

interface Range {
  /** How many elements are left out, at the end that is visited first. */
  readonly without?: number
  readonly isBackward?: boolean
}

/** The loop over all elements. `body` is given the element, in a variable of its own, and the index. */
function over(
  visit: Visit,
  { without = 0, isBackward = false }: Range,
  body: (value: Expression, index: Expression, breaks: number) => void,
): void {
  const { c, array, type } = visit
  const index = freshName(c.f, 'i', NUMBER)
  const breaks = freshTarget(c)
  const list = captured(c, () => {
    const value = temporary(c, 'item', type.element, element(array, variable(index)))
    body(value, variable(index), breaks)
  })
  if (shortens(list)) return refuseForm(visit, 'its function makes an array shorter')
  const count = changesLengths(list) ? temporary(c, 'count', NUMBER, length(array)) : length(array)
  const counter: Counter = isBackward
    ? { name: index, from: operation('-', count, number(without + 1)), to: number(0), comparison: '>=', step: -1 }
    : { name: index, from: number(without), to: count, comparison: '<', step: 1 }
  emit(c, { kind: 'loop', target: breaks, counter, body: list })
}

const shortens = (list: readonly RawStatement[]): boolean =>
  list.some((statement) => statement.kind === 'truncate' || innerLists(statement).some(shortens))

/** One call; its value where it has one. */
function call({ c, node, callback, returned }: Visit, ...values: readonly Expression[]): Binding {
  return apply(c, { node, returned }, callback, given(...values))
}

function valueOfCall(visit: Visit, ...values: readonly Expression[]): Expression {
  const made = call(visit, ...values)
  return made.kind === 'expression' ? named(visit.c, made.expression) : staticAsExpression(visit.c, visit.node, made.value)
}

function forEach(visit: Visit): Expression {
  over(visit, {}, (value, index) => {
    const made = call(visit, value, index, visit.array)
    if (made.kind === 'expression' && made.expression.kind === 'opaque' && made.expression.effects)
      emit(visit.c, { kind: 'effect', expression: made.expression })
  })
  return { kind: 'opaque', parts: ['undefined'], type: { kind: 'void' }, effects: false }
}

function refuseForm({ c, node }: Visit, reason: string): never {
  const method = ts.isPropertyAccessExpression(node.expression) ? node.expression.name.text : 'from'
  return refuse(c, node, 'CT1017', { method, reason })
}

function map(visit: Visit): Expression {
  const { c, node, array, type } = visit
  const read = wantedType(c, node, typeIn(c, node))
  if (read.kind !== 'array') return refuseForm(visit, `it gives \`${describe(read)}\``)
  return mapInto(visit, type.storage === 'Array' ? { ...read, storage: 'Array' } : arrayOf(type.storage), array)
}

export function mapInto(visit: Visit, made: ArrayType, array: Expression): Expression {
  const { c } = visit
  const isFilled = made.element.kind === 'number'
  const plain = arrayOf(made.storage, made.element)
  const result = temporary(
    c,
    'mapped',
    plain,
    isFilled ? { kind: 'zeros', type: plain, length: length(array) } : { kind: 'list', type: plain, elements: [] },
  )
  over(visit, {}, (value, index) => {
    const one = valueOfCall(visit, value, index, array)
    expectType(visit, one, made.element)
    if (isFilled) emit(c, { kind: 'assign', target: { kind: 'element', array: result, index }, value: one })
    else emit(c, push(result, one))
  })
  return result
}

function expectType(visit: Visit, value: Expression, wanted: Type): void {
  const { kind } = typeOfExpression(visit.c.f.variables, value)
  if (kind !== wanted.kind) return refuseForm(visit, `the result of its function is no ${wanted.kind}`)
}

function filter(visit: Visit): Expression {
  const { c, array, type } = visit
  const plain = arrayOf('Array', type.element)
  const result = temporary(c, 'filtered', plain, { kind: 'list', type: plain, elements: [] })
  over(visit, {}, (value, index) => {
    const test = truthOf(c, valueOfCall(visit, value, index, array))
    emit(c, { kind: 'if', test, then: [push(result, value)], else: [] })
  })
  return type.storage === 'Array' ? result : { kind: 'convert', array: result, type: arrayOf(type.storage) }
}

function flatMap(visit: Visit): Expression {
  const { c, node, array } = visit
  const made = typeIn(c, node)
  if (made.kind !== 'array') return refuseForm(visit, `it gives \`${describe(made)}\``)
  const result = temporary(c, 'flat', made, { kind: 'list', type: made, elements: [] })
  over(visit, {}, (value, index) => {
    const one = valueOfCall(visit, value, index, array)
    const { kind } = typeOfExpression(c.f.variables, one)
    if (kind === made.element.kind) emit(c, push(result, one))
    else if (kind === 'array') pushAll(c, result, one)
    else return refuseForm(visit, 'its function gives neither elements nor arrays of them')
  })
  return result
}

/** The element that is found. Where there is none this reads past the end, and gives `undefined` as `find` does. */
function find(visit: Visit, name: 'findIndex' | 'findLastIndex'): Expression {
  const { c, array } = visit
  const index = search(visit, name)
  if (writesOf(c.f.out.slice(-1)).storage) return refuseForm(visit, 'its function changes arrays')
  const of = maybeUndefined(visit.type.element)
  return of.kind === 'number' ? element(array, index) : temporary(c, 'found', of, element(array, index))
}

/** Whether some element is one, or all are, or where the first or last one is. */
function search(visit: Visit, name: 'some' | 'every' | 'findIndex' | 'findLastIndex'): Expression {
  const { c, array } = visit
  const isPlace = name === 'findIndex' || name === 'findLastIndex'
  const start: Expression = isPlace ? number(-1) : { kind: 'boolean', value: name === 'every' }
  const result = temporary(c, isPlace ? 'place' : name, isPlace ? NUMBER : BOOLEAN, start)
  c.f.assigned.add(result.name)
  over(visit, { isBackward: name === 'findLastIndex' }, (value, index, breaks) => {
    const test = truthOf(c, valueOfCall(visit, value, index, array))
    const found: Expression = isPlace ? index : { kind: 'boolean', value: name === 'some' }
    const then = captured(c, () => {
      assignTo(c, result, found)
      exitTo(c, breaks)
    })
    emit(c, { kind: 'if', test: name === 'every' ? operation('!', test) : test, then, else: [] })
  })
  return result
}

function reduce(visit: Visit, isBackward: boolean, initial: ts.Expression | undefined): Expression {
  const { c, node, array, type } = visit
  const start = initial && lowerExpression(c, initial)
  if (!start) {
    const none: Expression = {
      kind: 'opaque',
      parts: ["new TypeError('Reduce of empty array with no initial value')"],
      type: opaqueType('TypeError'),
      effects: false,
    }
    emit(c, { kind: 'if', test: operation('===', length(array), number(0)), then: [{ kind: 'throw', value: none }], else: [] })
  }
  const read = typeIn(c, node)
  const of = start ? typeOfExpression(c.f.variables, start) : type.element
  const result = temporary(
    c,
    'reduced',
    read.kind === 'opaque' ? of : read,
    start ?? element(array, isBackward ? operation('-', length(array), number(1)) : number(0)),
  )
  c.f.assigned.add(result.name)
  over(visit, { without: start ? 0 : 1, isBackward }, (value, index) => {
    const one = valueOfCall(visit, result, value, index, array)
    expectType(visit, one, typeOfExpression(c.f.variables, result))
    assignTo(c, result, one)
  })
  return result
}
