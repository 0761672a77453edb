/** Destructuring: every name, or every place, of a pattern gets its part of one value, in the order in which JavaScript does it. */

import ts from '#typescript'
import { element, field, length, number } from '../../ir/build.ts'
import { mayBeUndefined, missingOf, withMissing } from '../../ir/missing.ts'
import type { Assign, Expression, RecordType } from '../../ir/nodes.ts'
import { isJavaScript } from '../commonjs.ts'
import { bare } from '../facts.ts'
import { textOf } from '../session.ts'
import { arrayOf, NUMBER, typeOfNode } from '../types.ts'
import { isMissing, isUndefined, UNDEFINED } from './arguments.ts'
import { selfOf } from './classes/self.ts'
import { captured, emit, refuse, temporary, throwError, type Binding, type Context } from './context.ts'
import { held } from './each-place.ts'
import { lowerPlace } from './assign.ts'
import { lowerExpression, lowerValue, readerOf } from './expression.ts'
import { lacks } from './lacking.ts'
import { coalesce } from './missing.ts'
import { valueOf } from './static.ts'
import { typeOfExpression } from './type-of.ts'

type Pattern = ts.BindingPattern | ts.ArrayLiteralExpression | ts.ObjectLiteralExpression

/** A part of a pattern, declaring or assigning. */
interface Part {
  readonly node: ts.Node
  /** An identifier or a pattern; for an assignment, any place. */
  readonly target: ts.BindingName | ts.Expression
  readonly key?: ts.PropertyName
  readonly initializer?: ts.Expression
  readonly isRest: boolean
}

/** What is done with an identifier of a declaring pattern. */
export type Declare = (c: Context, name: ts.Identifier, value: Binding) => void

export function lowerPattern(c: Context, pattern: Pattern, source: Binding, declare: Declare): void {
  const parts = partsOf(pattern)
  const isObject = ts.isObjectBindingPattern(pattern) || ts.isObjectLiteralExpression(pattern)
  const keys = parts.map((part, i) => (part && isObject ? keyOf(c, part) : String(i)))
  // The value is read several times, and what the parts are put into may change it.
  const from: Binding = source.kind === 'static' ? source : { kind: 'expression', expression: held(c, source.expression, 'parts') }
  parts.forEach((part, i) => {
    if (!part) return
    const place = placeOf(c, part)
    const value = part.isRest ? restOf(c, part, from, keys.slice(0, i)) : partOf(c, part.node, from, keys[i]!, isObject)
    give(c, part, orDefault(c, value, part.initializer), place, declare)
  })
}

function partsOf(pattern: Pattern): readonly (Part | undefined)[] {
  if (ts.isObjectBindingPattern(pattern) || ts.isArrayBindingPattern(pattern))
    return pattern.elements.map((part) =>
      ts.isOmittedExpression(part)
        ? undefined
        : {
            node: part,
            target: part.name,
            isRest: part.dotDotDotToken !== undefined,
            ...(ts.isObjectBindingPattern(pattern) && { key: part.propertyName ?? (part.name as ts.Identifier) }),
            ...(part.initializer && { initializer: part.initializer }),
          },
    )
  if (ts.isArrayLiteralExpression(pattern))
    return pattern.elements.map((part) => {
      if (ts.isOmittedExpression(part)) return undefined
      return ts.isSpreadElement(part) ? { node: part, target: part.expression, isRest: true } : { node: part, ...assigned(part) }
    })
  return pattern.properties.map((part) => {
    if (ts.isSpreadAssignment(part)) return { node: part, target: part.expression, isRest: true }
    if (ts.isPropertyAssignment(part)) return { node: part, key: part.name, ...assigned(part.initializer) }
    const shorthand = part as ts.ShorthandPropertyAssignment
    const initializer = shorthand.objectAssignmentInitializer
    return { node: part, key: shorthand.name, target: shorthand.name, isRest: false, ...(initializer && { initializer }) }
  })
}

function assigned(part: ts.Expression): Pick<Part, 'target' | 'initializer' | 'isRest'> {
  if (!ts.isBinaryExpression(part) || part.operatorToken.kind !== ts.SyntaxKind.EqualsToken) return { target: part, isRest: false }
  return { target: part.left, initializer: part.right, isRest: false }
}

/** A key that is known when compiling. */
function keyOf(c: Context, { key, node, isRest }: Part): string {
  if (isRest || !key) return ''
  if (ts.isIdentifier(key) || ts.isStringLiteral(key) || ts.isPrivateIdentifier(key)) return key.text
  if (ts.isNumericLiteral(key)) return String(Number(key.text))
  const computed = ts.isComputedPropertyName(key) ? bare(key.expression) : undefined
  if (computed && ts.isStringLiteralLike(computed)) return computed.text
  if (computed && ts.isNumericLiteral(computed)) return String(Number(computed.text))
  return refuse(c, node, 'CT1012', { text: textOf(node) })
}

function partOf(c: Context, node: ts.Node, source: Binding, key: string, isObject: boolean): Binding {
  if (source.kind === 'static') {
    if (source.value.kind !== 'object') return refuse(c, node, 'CT1012', { text: textOf(node) })
    const { members, isArray } = source.value
    if (isArray && isObject && key === 'length') return { kind: 'expression', expression: number(members.size) }
    return members.get(key) ?? UNDEFINED
  }
  const { expression } = source
  const type = typeOfExpression(c.f.variables, expression)
  if (type.kind === 'record' && type.fields.some(({ name }) => name === key))
    return { kind: 'expression', expression: field(expression, key) }
  if (type.kind === 'record' && type.tuple && /^\d+$/.test(key)) return UNDEFINED
  if (type.kind === 'record' && type.tuple && key === 'length') return { kind: 'expression', expression: number(type.fields.length) }
  if (isJavaScript(node) && lacks(c, expression, key)) return UNDEFINED
  if (type.kind === 'array' && (!isObject || /^\d+$/.test(key)))
    return { kind: 'expression', expression: element(expression, number(Number(key))) }
  if (type.kind === 'array' && key === 'length') return { kind: 'expression', expression: length(expression) }
  const told =
    type.kind === 'opaque' && type.text !== 'any' && ts.isBindingElement(node) ? partOfText(c, node, expression, key, isObject) : undefined
  if (told) return { kind: 'expression', expression: told }
  return refuse(c, node, 'CT1012', { text: textOf(node) })
}

/** A part of something in which nothing is followed. */
function partOfText(c: Context, { name }: ts.BindingElement, expression: Expression, key: string, isObject: boolean): Expression {
  const access = !isObject ? `[${key}]!` : /^[A-Za-z_$][\w$]*$/.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`
  return { kind: 'opaque', parts: [expression, access], type: typeOfNode(readerOf(c), name), effects: false }
}

function restOf(c: Context, part: Part, source: Binding, taken: readonly string[]): Binding {
  if (source.kind === 'static') {
    if (source.value.kind !== 'object') return refuse(c, part.node, 'CT1012', { text: textOf(part.node) })
    const left = [...source.value.members].filter(([name]) => !taken.includes(name))
    const { isArray } = source.value
    const members = new Map(left.map(([name, member]) => [isArray ? String(Number(name) - taken.length) : name, member]))
    return { kind: 'static', value: { kind: 'object', members, isArray } }
  }
  const { expression } = source
  const type = typeOfExpression(c.f.variables, expression)
  if (type.kind === 'record') {
    const left = type.fields.filter(({ name }) => !taken.includes(name))
    const fields = left.map((one, i) => (type.tuple ? { ...one, name: String(i) } : one))
    const made: RecordType = { kind: 'record', tuple: type.tuple, fields }
    return { kind: 'expression', expression: { kind: 'record', type: made, values: left.map(({ name }) => field(expression, name)) } }
  }
  if (type.kind !== 'array') return refuse(c, part.node, 'CT1012', { text: textOf(part.node) })
  // The rest of any array is a plain one.
  const plain: Expression =
    type.storage === 'Array'
      ? expression
      : temporary(c, 'all', arrayOf('Array', type.element), { kind: 'convert', array: expression, type: arrayOf('Array', type.element) })
  return { kind: 'expression', expression: { kind: 'slice', array: plain, start: number(taken.length) } }
}

/** The value, or the default where it is missing. */
export function orDefault(c: Context, value: Binding, initializer: ts.Expression | undefined): Binding {
  if (!initializer || isUndefined(initializer)) return value
  if (value.kind === 'static') return value.value.kind === 'undefined' ? valueOf(c, initializer) : value
  const test = isMissing(c, value.expression)
  if (!test) return value
  if (isOfScratch(c, initializer)) {
    emit(c, { kind: 'if', test, then: captured(c, () => throwError(c, 'an argument that is read of a list is not there')), else: [] })
    return value
  }
  const of = typeOfExpression(c.f.variables, value.expression)
  const type = mayBeUndefined(of) ? withMissing(of, missingOf(of) === 'nullish' ? 'null' : undefined) : of
  return { kind: 'expression', expression: coalesce(c, type, test, value.expression, () => lowerExpression(c, initializer)) }
}

/** Whether a default is what storage held before in which nothing is kept. */
function isOfScratch(c: Context, initializer: ts.Expression): boolean {
  const node = bare(initializer)
  const self = ts.isPropertyAccessExpression(node) && node.expression.kind === ts.SyntaxKind.ThisKeyword ? selfOf(c.environment) : undefined
  if (self?.kind !== 'expression' || self.expression.kind !== 'variable') return false
  const { name } = self.expression
  return [...c.f.scratch.values()].some((one) => one.name === name)
}

/** Where an assigning pattern puts a part. It is found before the part is read, and before its default has its effects. */
function placeOf(c: Context, { target, node, initializer }: Part): Assign['target'] | undefined {
  if (ts.isBindingElement(node) || isPattern(target)) return undefined
  const place = lowerPlace(c, target as ts.Expression)
  if (place.kind !== 'element' || !initializer || place.index.kind === 'number') return place
  return { ...place, index: temporary(c, 'index', NUMBER, place.index) }
}

function isPattern(target: ts.Node): boolean {
  const place = ts.isExpression(target) ? bare(target) : target
  return (
    ts.isObjectBindingPattern(place) ||
    ts.isArrayBindingPattern(place) ||
    ts.isArrayLiteralExpression(place) ||
    ts.isObjectLiteralExpression(place)
  )
}

function give(c: Context, { target, node }: Part, value: Binding, place: Assign['target'] | undefined, declare: Declare): void {
  if (isPattern(target)) return lowerPattern(c, (ts.isExpression(target) ? bare(target) : target) as Pattern, value, declare)
  if (!place) return declare(c, target as ts.Identifier, value)
  if (value.kind === 'static') return refuse(c, node, 'CT1012', { text: textOf(node) })
  emit(c, { kind: 'assign', target: place, value: value.expression })
}

/** `[a, b[i]] = value`, as a statement. */
export function lowerPatternAssignment(
  c: Context,
  pattern: ts.ArrayLiteralExpression | ts.ObjectLiteralExpression,
  right: ts.Expression | Binding,
): void {
  const isBinding = (value: ts.Expression | Binding): value is Binding => typeof value.kind === 'string'
  if (isBinding(right)) return lowerPattern(c, pattern, right, () => undefined)
  const list = bare(right)
  if (!ts.isArrayLiteralExpression(pattern) || !ts.isArrayLiteralExpression(list) || !isSwap(pattern, list))
    return lowerPattern(c, pattern, valueOf(c, right), () => undefined)
  // All new values are there before the first is assigned; no array is made for them.
  const values = list.elements.map((part) => {
    const value = lowerValue(c, part)
    return temporary(c, 'swapped', typeOfExpression(c.f.variables, value), value)
  })
  pattern.elements.forEach((part, i) => {
    if (!ts.isOmittedExpression(part)) emit(c, { kind: 'assign', target: lowerPlace(c, part), value: values[i]! })
  })
}

/** Places only, and as many values. */
function isSwap(pattern: ts.ArrayLiteralExpression, list: ts.ArrayLiteralExpression): boolean {
  const isPlace = (part: ts.Expression): boolean => {
    const target = bare(part)
    return (
      ts.isIdentifier(target) ||
      ts.isPropertyAccessExpression(target) ||
      ts.isElementAccessExpression(target) ||
      ts.isOmittedExpression(part)
    )
  }
  return (
    pattern.elements.length === list.elements.length &&
    pattern.elements.every(isPlace) &&
    !list.elements.some((part) => ts.isSpreadElement(part) || ts.isOmittedExpression(part))
  )
}
