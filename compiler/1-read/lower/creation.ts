/** New storage: array and object literals, typed arrays. */

import ts from '#typescript'
import { number, push } from '../../ir/build.ts'
import { mergeRecords } from '../../ir/merge-records.ts'
import { fitting, maybeUndefined, mayBeUndefined, missing, missingOf, present, withMissing } from '../../ir/missing.ts'
import type { ArrayType, Expression, Type } from '../../ir/nodes.ts'
import { isJavaScript } from '../commonjs.ts'
import { bare } from '../facts.ts'
import { showType } from '../../ir/parse-type.ts'
import { arrayOf, irType, isTypedArrayName, NUMBER, typeOfNode } from '../types.ts'
import { isAskedForWithin } from './asked-for.ts'
import { lowerChosenArray } from './array-type.ts'
import { construct } from './classes/construct.ts'
import { concatenate, type Piece } from './concatenate.ts'
import { elementByUse } from './element-by-use.ts'
import { emit, freshName, freshTarget, temporary, type Context } from './context.ts'
import { lowerExpression, readerOf } from './expression.ts'
import { lowerKeyedLiteral, lowerNewMap } from './keyed.ts'
import { lowerSpreadView } from './keyed-views.ts'
import { lowerObject } from './object.ts'
import { lowerOpaque } from './opaque.ts'
import { lowerInOrder } from './operands.ts'
import { typeIn } from './type-in.ts'
import { typeOfExpression } from './type-of.ts'
import { isSameButForTexts } from './wanted-type.ts'

export function lowerCreation(c: Context, node: ts.NewExpression | ts.ArrayLiteralExpression | ts.ObjectLiteralExpression): Expression {
  if (ts.isNewExpression(node)) return lowerNew(c, node)
  if (ts.isArrayLiteralExpression(node)) return lowerSpreadView(c, node) ?? lowerList(c, node)
  return lowerKeyedLiteral(c, node) ?? lowerObject(c, node, typeOfObject(c, node))
}

function lowerNew(c: Context, node: ts.NewExpression): Expression {
  const name = ts.isIdentifier(node.expression) ? node.expression.text : ''
  const [argument] = node.arguments ?? []
  if (!isTypedArrayName(name))
    return lowerEmptyPlaces(c, node) ?? lowerChosenArray(c, node) ?? lowerNewMap(c, node) ?? construct(c, node) ?? lowerOpaque(c, node)
  if ((node.arguments?.length ?? 0) > 1) return lowerOpaque(c, node)
  const type = arrayOf(name)
  if (!argument) return { kind: 'zeros', type, length: number(0) }
  const given = bare(argument)
  if (ts.isArrayLiteralExpression(given) && given.elements.every((part) => !ts.isSpreadElement(part))) {
    return {
      kind: 'list',
      type,
      elements: lowerInOrder(
        c,
        given.elements.map((part) => () => lowerExpression(c, part)),
      ),
    }
  }
  const kind = typeIn(c, given).kind
  if (kind === 'number') return { kind: 'zeros', type, length: lowerExpression(c, given) }
  return kind === 'array' ? { kind: 'convert', array: lowerExpression(c, given), type } : lowerOpaque(c, node)
}

/** `new Array<T>(n)`: places that hold nothing. A number that is read of one is no number. */
function lowerEmptyPlaces(c: Context, node: ts.NewExpression): Expression | undefined {
  const [size, more] = node.arguments ?? []
  if (!size || more || !ts.isIdentifier(node.expression) || node.expression.text !== 'Array' || isJavaScript(node)) return undefined
  const { checker } = c.f.session
  const contextual = checker.getContextualType(node)
  const wanted = contextual && irType(readerOf(c), checker.getNonNullableType(contextual))
  const type = wanted?.kind === 'array' ? wanted : typeIn(c, node)
  if (type.kind !== 'array' || type.storage !== 'Array' || typeIn(c, size).kind !== 'number') return undefined
  const count = lowerExpression(c, size)
  const isAsked = isAskedForWithin(c, node)
  if (type.element.kind === 'number' && missingOf(type.element) === undefined && !isAsked) {
    const numbers = arrayOf('Array')
    const places = temporary(c, 'places', numbers, { kind: 'zeros', type: numbers, length: count })
    emit(c, { kind: 'fill', array: places, value: { kind: 'number', value: NaN, text: 'NaN' } })
    return places
  }
  const of = maybeUndefined(type.element)
  // The author says that there is something wherever the list is read.
  const list = arrayOf('Array', isAsked ? of : type.element)
  const places = temporary(c, 'places', list, { kind: 'list', type: list, elements: [] })
  const end = count.kind === 'number' || count.kind === 'variable' ? count : temporary(c, 'count', NUMBER, count)
  emit(c, {
    kind: 'loop',
    target: freshTarget(c),
    counter: { name: freshName(c.f, 'i', NUMBER), from: number(0), to: end, comparison: '<', step: 1 },
    body: [push(places, missing(of, 'undefined'))],
  })
  return places
}

function lowerList(c: Context, node: ts.ArrayLiteralExpression): Expression {
  if (isJavaScript(node)) return lowerUntyped(c, node)
  const { checker } = c.f.session
  const contextual = checker.getContextualType(node)
  const read = typeOfNode(readerOf(c), node)
  const hasSpread = node.elements.some(ts.isSpreadElement)
  // `[]` by itself is an array of nothing.
  const wanted =
    contextual && checker.isTupleType(contextual) && !hasSpread
      ? typeOfTuple(c, node)
      : contextual && node.elements.length === 0
        ? irType(readerOf(c), contextual)
        : read
  if (node.elements.some(ts.isOmittedExpression)) return lowerOpaque(c, node)
  if (hasSpread) return lowerSpread(c, node, wanted)
  const expected =
    contextual && (wanted.kind === 'opaque' || wanted.kind === 'array') ? wider(irType(readerOf(c), contextual), wanted) : wanted
  const values = (): Expression[] =>
    lowerInOrder(
      c,
      node.elements.map((part) => () => lowerExpression(c, part)),
    )
  if (node.elements.length === 0 && expected.kind === 'array') return { kind: 'list', type: writable(expected), elements: [] }
  const list =
    wanted.kind === 'array'
      ? expected.kind === 'array'
        ? writable(expected)
        : wanted
      : isOfSeveral(expected)
        ? writable(expected)
        : undefined
  if (list) {
    const elements = values().map((value) => fitting(value, list.element))
    return { kind: 'list', type: { ...list, element: ofAll(c, list.element, elements) }, elements }
  }
  if (wanted.kind === 'record' && wanted.tuple)
    return { kind: 'record', type: wanted, values: values().map((value, i) => fitting(value, wanted.fields[i]!.type)) }
  return lowerOpaque(c, node)
}

const isOfSeveral = (type: Type): type is ArrayType =>
  type.kind === 'array' && type.element.kind === 'record' && type.element.classes !== undefined

/** A type that mentions itself: literals have it only because it is wanted of them. */
const isOfNamed = (type: Type): boolean => type.kind === 'array' && type.element.kind === 'record' && type.element.name !== undefined

/** What the list is wanted as, where its elements may be instances of several classes, or lead to others of their kind. */
const wider = (contextual: Type, own: Type): Type =>
  own.kind === 'opaque' || isOfSeveral(contextual) || (isOfNamed(contextual) && !isOfNamed(own)) || isSameButForTexts(contextual, own)
    ? contextual
    : own

/** To TypeScript, instances of classes that look the same are the same; but each has methods of its own. */
function ofAll(c: Context, element: Type, values: readonly Expression[]): Type {
  if (element.kind !== 'record' || (!element.class && !element.classes)) return element
  const types = values.map((value) => typeOfExpression(c.f.variables, value)).filter((type) => type.kind === 'record')
  const named = element.class ? [element.class.name] : element.classes!
  if (types.every((type) => (type.class ? named.includes(type.class.name) : type.classes?.every((one) => named.includes(one)) !== false)))
    return element
  return withMissing(mergeRecords([element, ...types].map(present)) ?? element, missingOf(element))
}

/** `[...a, b]`: a new array, or a tuple where all that is spread are tuples. */
function lowerSpread(c: Context, node: ts.ArrayLiteralExpression, wanted: Type): Expression {
  const parts = node.elements.map((part) =>
    ts.isSpreadElement(part) ? { node: part.expression, isMany: true } : { node: part, isMany: false },
  )
  const isList = parts.every((part) => !part.isMany || typeIn(c, part.node).kind === 'array')
  if (wanted.kind !== 'array' || !isList) return lowerOpaque(c, node)
  const values = lowerInOrder(
    c,
    parts.map((part) => () => lowerExpression(c, part.node)),
  )
  const pieces = values.map((value, i): Piece => {
    if (!parts[i]!.isMany) return { one: value }
    return { many: value.kind === 'variable' ? value : temporary(c, 'spread', typeOfExpression(c.f.variables, value), value) }
  })
  return concatenate(c, writable(wanted), pieces)
}

/** A literal is new storage, whatever was promised about the place that it is for. */
const writable = ({ storage, element }: ArrayType): ArrayType => ({ kind: 'array', storage, element })

function typeOfTuple(c: Context, node: ts.ArrayLiteralExpression): ReturnType<typeof typeOfNode> {
  return { kind: 'record', tuple: true, fields: node.elements.map((part, i) => ({ name: String(i), type: typeOfNode(readerOf(c), part) })) }
}

/** What an array that is spread holds. */
function elementIn(c: Context, list: ts.Expression): Type | undefined {
  const type = typeIn(c, list)
  return type.kind === 'array' ? type.element : undefined
}

/** In JavaScript a list is of what is in it. One with nothing in it is for numbers, or what is put into it later is refused. */
function lowerUntyped(c: Context, node: ts.ArrayLiteralExpression): Expression {
  if (node.elements.some(ts.isOmittedExpression)) return lowerOpaque(c, node)
  if (node.elements.some(ts.isSpreadElement)) {
    const [element, ...others] = node.elements.map((part) => (ts.isSpreadElement(part) ? elementIn(c, part.expression) : typeIn(c, part)))
    const isOne = element && element.kind !== 'opaque' && others.every((one) => one && showType(one) === showType(element))
    return isOne ? lowerSpread(c, node, arrayOf('Array', element)) : lowerOpaque(c, node)
  }
  const elements = lowerInOrder(
    c,
    node.elements.map((part) => () => lowerExpression(c, part)),
  )
  const types = elements.map((value) => typeOfExpression(c.f.variables, value))
  const [first = elementByUse(c, node) ?? NUMBER] = types
  if (types.some((type) => showType(type) !== showType(first)) || first.kind === 'opaque') return lowerOpaque(c, node)
  return { kind: 'list', type: arrayOf('Array', first), elements }
}

/** What the literal is wanted as says more than the literal: in `{ kids: [] }` by itself the kids are of no type. */
function typeOfObject(c: Context, node: ts.ObjectLiteralExpression): Type {
  const own = typeOfNode(readerOf(c), node)
  const { checker } = c.f.session
  const choice = choiceAround(node)
  const wanted = [checker.getContextualType(node), choice && checker.getTypeAtLocation(choice)]
    .map((type) => type && irType(readerOf(c), type))
    .find((type) => type !== undefined && isOf(type, node, own))
  return wanted ? present(wanted) : own
}

function isOf(wanted: Type, node: ts.ObjectLiteralExpression, own: Type): boolean {
  if (wanted.kind !== 'record' || wanted.tuple || wanted.class) return false
  const names = new Set(node.properties.map((property) => property.name?.getText()))
  const isFull = wanted.fields.every(({ name, type, optional }) =>
    names.has(name) ? isKnown(type, name, own) || optional || mayBeUndefined(type) : optional || mayBeUndefined(type),
  )
  return isFull && [...names].every((name) => wanted.fields.some((field) => field.name === name))
}

/** `c ? { w } : {}`: what is chosen has the fields of both. */
function choiceAround(node: ts.Expression): ts.ConditionalExpression | undefined {
  const { parent } = node
  if (ts.isParenthesizedExpression(parent)) return choiceAround(parent)
  return ts.isConditionalExpression(parent) && parent.condition !== node ? (choiceAround(parent) ?? parent) : undefined
}

/** A field of which the literal by itself says no more. */
function isKnown(type: Type, name: string, own: Type): boolean {
  if (type.kind !== 'opaque' || own.kind === 'opaque') return true
  return own.kind === 'record' && own.fields.some((field) => field.name === name && field.type.kind === 'opaque')
}
