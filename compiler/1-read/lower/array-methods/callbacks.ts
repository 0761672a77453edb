/**
 * Methods that call a function for each element: loops with the function inlined. As JavaScript has it, how many elements are visited is settled
 * before the first call, and each is read when its turn comes.
 */

import ts from '#typescript'
import { element, length, number, operation, push, variable } from '../../../ir/build.ts'
import type { ArrayType, Expression, Type } from '../../../ir/nodes.ts'
import { innerLists, type RawStatement } from '../../exits/raw.ts'
import { arrayOf, BOOLEAN, irType, NUMBER, opaqueType } from '../../types.ts'
import { given } from '../arguments.ts'
import { apply, staticAsExpression } from '../call.ts'
import { assignTo, captured, emit, exitTo, freshName, freshTarget, notYet, temporary, type Binding, type Context } from '../context.ts'
import { lowerExpression, named, readerOf } from '../expression.ts'
import { changesLengths } from '../interference.ts'
import { truthOf } from '../logic.ts'
import { staticOf } from '../static.ts'
import type { StaticValue } from '../static-value.ts'
import { typeIn } from '../type-in.ts'
import { typeOfExpression } from '../type-of.ts'

type Method = 'forEach' | 'map' | 'filter' | 'some' | 'every' | 'findIndex' | 'reduce'
const methods: readonly string[] = ['forEach', 'map', 'filter', 'some', 'every', 'findIndex', 'reduce'] satisfies Method[]
const isMethod = (name: string): name is Method => methods.includes(name)

/** What is gone over, and what is called for each of it. */
interface Visit {
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
  const most = name === 'reduce' ? 2 : 1
  const [first] = node.arguments
  if (!first || node.arguments.length > most || node.arguments.some(ts.isSpreadElement))
    return notYet(c, node, `\`${name}\` with these arguments`)
  const value = lowerExpression(c, callee.expression)
  const array = value.kind === 'variable' && !c.f.assigned.has(value.name) ? value : temporary(c, 'values', type, value)
  const callback = staticOf(c, first)
  if (!callback) return notYet(c, first, `\`${name}\` of a function that is not known here`)
  const visit: Visit = { c, node, array, type, callback, returned: returnedBy(c, first) }
  switch (name) {
    case 'forEach':
      return forEach(visit)
    case 'map':
      return map(visit)
    case 'filter':
      return filter(visit)
    case 'reduce':
      return reduce(visit, node.arguments[1])
    default:
      return search(visit, name)
  }
}

function returnedBy(c: Context, callback: ts.Expression): Type {
  const { checker } = c.f.session
  const [signature, more] = checker.getTypeAtLocation(callback).getCallSignatures()
  return signature && !more ? irType(readerOf(c), checker.getReturnTypeOfSignature(signature)) : opaqueType('unknown')
}

/** The loop over all elements from one on. `body` is given the element, in a variable of its own, and the index. */
function over(visit: Visit, from: number, body: (value: Expression, index: Expression, breaks: number) => void): void {
  const { c, node, array, type } = visit
  const index = freshName(c.f, 'i', NUMBER)
  const breaks = freshTarget(c)
  const list = captured(c, () => {
    const value = temporary(c, 'item', type.element, element(array, variable(index)))
    body(value, variable(index), breaks)
  })
  if (shortens(list)) return notYet(c, node, 'a function called for each element that makes an array shorter')
  const to = changesLengths(list) ? temporary(c, 'count', NUMBER, length(array)) : length(array)
  emit(c, { kind: 'loop', target: breaks, counter: { name: index, from: number(from), to, comparison: '<', step: 1 }, body: list })
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
  over(visit, 0, (value, index) => {
    const made = call(visit, value, index, visit.array)
    if (made.kind === 'expression' && made.expression.kind === 'opaque' && made.expression.effects)
      emit(visit.c, { kind: 'effect', expression: made.expression })
  })
  return { kind: 'opaque', parts: ['undefined'], type: { kind: 'void' }, effects: false }
}

function map(visit: Visit): Expression {
  const { c, node, array, type } = visit
  const read = typeIn(c, node)
  if (read.kind !== 'array') return notYet(c, node, '`map` to values of this type')
  return mapInto(visit, type.storage === 'Array' ? { ...read, storage: 'Array' } : arrayOf(type.storage), array)
}

function mapInto(visit: Visit, made: ArrayType, array: Expression): Expression {
  const { c } = visit
  const isFilled = made.element.kind === 'number'
  const plain = arrayOf(made.storage, made.element)
  const result = temporary(
    c,
    'mapped',
    plain,
    isFilled ? { kind: 'zeros', type: plain, length: length(array) } : { kind: 'list', type: plain, elements: [] },
  )
  over(visit, 0, (value, index) => {
    const one = valueOfCall(visit, value, index, array)
    expectType(visit, one, made.element)
    if (isFilled) emit(c, { kind: 'assign', target: { kind: 'element', array: result, index }, value: one })
    else emit(c, push(result, one))
  })
  return result
}

function expectType({ c, node }: Visit, value: Expression, wanted: Type): void {
  const { kind } = typeOfExpression(c.f.variables, value)
  if (kind !== wanted.kind) return notYet(c, node, `a function called for each element whose result is no ${wanted.kind}`)
}

function filter(visit: Visit): Expression {
  const { c, array, type } = visit
  const plain = arrayOf('Array', type.element)
  const result = temporary(c, 'filtered', plain, { kind: 'list', type: plain, elements: [] })
  over(visit, 0, (value, index) => {
    const test = truthOf(c, valueOfCall(visit, value, index, array))
    emit(c, { kind: 'if', test, then: [push(result, value)], else: [] })
  })
  return type.storage === 'Array' ? result : { kind: 'convert', array: result, type: arrayOf(type.storage) }
}

/** Whether some element is one, or all are, or where the first one is. */
function search(visit: Visit, name: 'some' | 'every' | 'findIndex'): Expression {
  const { c, array } = visit
  const start: Expression = name === 'findIndex' ? number(-1) : { kind: 'boolean', value: name === 'every' }
  const result = temporary(c, name, name === 'findIndex' ? NUMBER : BOOLEAN, start)
  c.f.assigned.add(result.name)
  over(visit, 0, (value, index, breaks) => {
    const test = truthOf(c, valueOfCall(visit, value, index, array))
    const found: Expression = name === 'findIndex' ? index : { kind: 'boolean', value: name === 'some' }
    const then = captured(c, () => {
      assignTo(c, result, found)
      exitTo(c, breaks)
    })
    emit(c, { kind: 'if', test: name === 'every' ? operation('!', test) : test, then, else: [] })
  })
  return result
}

function reduce(visit: Visit, initial: ts.Expression | undefined): Expression {
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
  const result = temporary(c, 'reduced', read.kind === 'opaque' ? of : read, start ?? element(array, number(0)))
  c.f.assigned.add(result.name)
  over(visit, start ? 0 : 1, (value, index) => {
    const one = valueOfCall(visit, result, value, index, array)
    expectType(visit, one, typeOfExpression(c.f.variables, result))
    assignTo(c, result, one)
  })
  return result
}

/** `Array.from({ length: n }, (_, i) => ...)`. */
export function lowerFilledFrom(c: Context, node: ts.CallExpression, storage: string): Expression | undefined {
  const [source, callback] = node.arguments
  if (!source || !callback || node.arguments.length !== 2 || !ts.isObjectLiteralExpression(source)) return undefined
  const [property, more] = source.properties
  const made = typeIn(c, node)
  if (!property || more || property.name?.getText() !== 'length' || made.kind !== 'array') return undefined
  const size = ts.isPropertyAssignment(property)
    ? property.initializer
    : ts.isShorthandPropertyAssignment(property)
      ? property.name
      : undefined
  if (!size || typeIn(c, size).kind !== 'number') return undefined
  const count = lowerExpression(c, size)
  const value = staticOf(c, callback)
  if (!value) return notYet(c, callback, '`from` with a function that is not known here')
  // Stands for what is gone over: nothing is ever read from it but its length.
  const places = arrayOf('Array')
  const array = temporary(c, 'places', places, { kind: 'zeros', type: places, length: count })
  const visit: Visit = { c, node, array, type: places, callback: value, returned: returnedBy(c, callback) }
  const { declaration } = value as { declaration?: ts.FunctionLikeDeclaration }
  if (declaration && mentionsFirst(c, declaration)) return notYet(c, callback, '`from` with a function that uses the missing element')
  return mapInto(visit, { ...made, storage }, array)
}

/** Whether a function does anything with its first parameter, which is `undefined` here. */
function mentionsFirst(c: Context, declaration: ts.FunctionLikeDeclaration): boolean {
  const { checker } = c.f.session
  const [first] = declaration.parameters
  if (!first) return false
  if (!ts.isIdentifier(first.name)) return true
  const symbol = checker.getSymbolAtLocation(first.name)
  const mentions = (node: ts.Node): boolean =>
    (ts.isIdentifier(node) && node !== first.name && checker.getSymbolAtLocation(node) === symbol) ||
    ts.forEachChild(node, (child) => mentions(child) || undefined) === true
  return mentions(declaration)
}
