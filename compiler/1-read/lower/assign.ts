/** Assignments: plain, compound, logical, by destructuring, and steps by one. */

import ts from '#typescript'
import { gap, length, number, operation, push } from '../../ir/build.ts'
import { missingOf, present } from '../../ir/missing.ts'
import type { Assign, Element, Expression } from '../../ir/nodes.ts'
import { isTextLiteral } from '../../ir/text-type.ts'
import type { RawStatement } from '../exits/raw.ts'
import { bare, symbolAt } from '../facts.ts'
import { textOf } from '../session.ts'
import { NUMBER } from '../types.ts'
import { isMissing } from './arguments.ts'
import { staticAsExpression } from './call.ts'
import { initialiseField } from './classes/construct.ts'
import { constructionAt, lowerSetter, memberPlace, setterOf } from './classes/members.ts'
import { captured, emit, innerScope, lookup, nameOfFrame, refuse, temporary, type Context } from './context.ts'
import { asNumber, lowerExpression, lowerValue } from './expression.ts'
import { assignFunction } from './function-variable.ts'
import { lowerGrowingAssignment } from './growth.ts'
import { mayChange } from './interference.ts'
import { truthOf } from './logic.ts'
import { lowerOpaque } from './opaque.ts'
import { assignOuter, outerVariable, readOuter } from './outer-variable.ts'
import { lowerPatternAssignment } from './pattern.ts'
import { valueOf } from './static.ts'
import { typeIn } from './type-in.ts'
import { typeOfExpression } from './type-of.ts'

type Place = Assign['target']

/** Does the assignment, and gives the value that it has as an expression. */
export function lowerAssignment(c: Context, node: ts.BinaryExpression): Expression {
  const operator = node.operatorToken.getText()
  const pattern = bare(node.left)
  if (ts.isArrayLiteralExpression(pattern) || ts.isObjectLiteralExpression(pattern)) {
    const value = lowerExpression(c, node.right)
    const held = value.kind === 'variable' ? value : temporary(c, 'values', typeOfExpression(c.f.variables, value), value)
    lowerPatternAssignment(c, pattern, { kind: 'expression', expression: held })
    return held
  }
  const setter = setterOf(c, node.left)
  if (setter) return assignBySetter(c, node, setter, operator)
  const outer = outerVariable(c, node.left)
  if (outer !== undefined && !/^(?:&&|\|\||\?\?)=$/.test(operator)) return assignOuterVariable(c, node, outer, operator.slice(0, -1))
  if (operator === '&&=' || operator === '||=' || operator === '??=') return lowerLogicalAssignment(c, node, operator)
  if (operator === '=' && assignFunction(c, node)) return { kind: 'opaque', parts: ['undefined'], type: { kind: 'void' }, effects: false }
  if (isInert(c, node.left)) return { ...lowerOpaque(c, node), effects: true }
  const grown = operator === '=' ? lowerGrowingAssignment(c, node) : undefined
  if (grown) return grown
  return operator === '=' ? lowerPlainAssignment(c, node) : lowerCompoundAssignment(c, node, operator.slice(0, -1))
}

/** A place in an object of texts and the like, in which nothing is followed. */
function isInert(c: Context, target: ts.Expression): boolean {
  const place = bare(target)
  if (!ts.isElementAccessExpression(place) && !ts.isPropertyAccessExpression(place)) return false
  const isOpaque = (node: ts.Expression): boolean => typeIn(c, node).kind === 'opaque'
  return (
    !setterOf(c, target) &&
    isOpaque(place.expression) &&
    (isOpaque(place) || typeIn(c, place).kind === 'boolean') &&
    isLocal(c, place.expression)
  )
}

/** Something that the function has in hand; what lies around it may be anything. */
function isLocal(c: Context, node: ts.Expression): boolean {
  const base = bare(node)
  if (ts.isElementAccessExpression(base) || ts.isPropertyAccessExpression(base)) return isLocal(c, base.expression)
  const symbol = ts.isIdentifier(base) ? symbolAt(c.f.session.checker, base) : undefined
  return symbol !== undefined && lookup(c.environment, symbol)?.kind === 'expression'
}

function assignOuterVariable(c: Context, { left, right }: ts.BinaryExpression, text: string, operator: string): Expression {
  if (operator === '') return assignOuter(c, text, lowerExpression(c, right))
  const old = readOuter(c, text, left)
  return assignOuter(c, text, combined(c, operator, old, lowerExpression(c, right)))
}

function lowerPlainAssignment(c: Context, node: ts.BinaryExpression): Expression {
  const first = firstOfField(c, node)
  if (first) return first
  let place = lowerPlace(c, node.left)
  let right: Expression | undefined
  const written = captured(c, () => {
    right = emptyList(c, place, node.right) ?? (place.kind === 'variable' ? assignedValue(c, node.right) : lowerExpression(c, node.right))
  })
  if (written.length > 0) {
    // The place is found before the right side has its effects.
    place = fixed(c, place)
    c.f.out.push(...written)
  }
  learnType(c, place, right!)
  emit(c, { kind: 'assign', target: place, value: right! })
  return place
}

function assignBySetter(c: Context, node: ts.BinaryExpression, setter: ts.SetAccessorDeclaration, operator: string): Expression {
  const target = bare(node.left) as ts.PropertyAccessExpression
  if (operator === '=') return lowerSetter(c, target, setter, (inner) => lowerExpression(inner, node.right))
  if (/^(?:&&|\|\||\?\?)=$/.test(operator) || !isPath(c, target.expression)) return refuseSetter(c, node)
  // The getter runs before the right side does.
  return lowerSetter(c, target, setter, (inner) => {
    const value = lowerExpression(inner, target)
    const old =
      value.kind === 'variable' || value.kind === 'number'
        ? value
        : temporary(inner, 'before', typeOfExpression(inner.f.variables, value), value)
    return combined(inner, operator.slice(0, -1), old, lowerExpression(inner, node.right))
  })
}

const refuseSetter = (c: Context, node: ts.Expression): never =>
  refuse(c, node, 'CT1009', { feature: `\`${textOf(node)}\`, which runs a setter,`, function: nameOfFrame(c.frame) })

/** What can be read twice: nothing happens on the way to it. */
function isPath(c: Context, original: ts.Expression): boolean {
  const node = bare(original)
  if (ts.isIdentifier(node) || node.kind === ts.SyntaxKind.ThisKeyword) return true
  if (!ts.isPropertyAccessExpression(node) || !isPath(c, node.expression)) return false
  const type = typeIn(c, node.expression)
  return type.kind === 'record' && type.fields.some(({ name }) => name === node.name.text)
}

/** `this.x = value` in a constructor. */
function firstOfField(c: Context, node: ts.BinaryExpression): Expression | undefined {
  const target = bare(node.left)
  const construction = ts.isPropertyAccessExpression(target) ? constructionAt(c, target.expression) : undefined
  return construction && initialiseField(c, construction, (target as ts.PropertyAccessExpression).name.text, node.right)
}

/** `list = []` is of what the list is of. */
function emptyList(c: Context, place: Place, right: ts.Expression): Expression | undefined {
  const list = bare(right)
  if (!ts.isArrayLiteralExpression(list) || list.elements.length > 0) return undefined
  const type = typeOfExpression(c.f.variables, place)
  return type.kind === 'array' && type.storage === 'Array' ? { kind: 'list', type: present(type), elements: [] } : undefined
}

/** A variable that may hold anything can't stand for a function. */
function assignedValue(c: Context, node: ts.Expression): Expression {
  const value = valueOf(c, node)
  if (value.kind === 'expression') return value.expression
  return value.value.kind === 'undefined'
    ? staticAsExpression(c, node, value.value)
    : refuse(c, node, 'CT3002', { text: textOf(node), function: textOf(node) })
}

/** `let t` without a type has that of what it is first given. */
export function learnType(c: Context, place: Place, value: Expression): void {
  if (place.kind !== 'variable') return
  const known = c.f.variables[place.name]
  if (known?.type.kind === 'opaque' && known.type.text === 'any')
    c.f.variables[place.name] = { ...known, type: typeOfExpression(c.f.variables, value) }
}

/** The same place, whatever happens to the variables that it was found by. */
function fixed(c: Context, place: Place): Place {
  if (place.kind === 'element' && place.index.kind !== 'number') {
    const isStable = isTextLiteral(place.index) || (place.index.kind === 'variable' && !c.f.assigned.has(place.index.name))
    return { ...place, array: stable(c, place.array), index: isStable ? place.index : temporary(c, 'index', NUMBER, place.index) }
  }
  if (place.kind === 'element') return { ...place, array: stable(c, place.array) }
  return place.kind === 'field' ? { ...place, record: stable(c, place.record) } : place
}

function stable(c: Context, storage: Expression): Expression {
  const isStable = storage.kind === 'variable' && !c.f.assigned.has(storage.name)
  return isStable ? storage : temporary(c, 'target', typeOfExpression(c.f.variables, storage), storage)
}

function lowerCompoundAssignment(c: Context, node: ts.BinaryExpression, operator: string): Expression {
  let place = lowerPlace(c, node.left)
  let right: Expression | undefined
  const written = captured(c, () => {
    right = lowerExpression(c, node.right)
  })
  let old: Expression = place
  if (written.length > 0) {
    // What the place held is read before the right side has its effects.
    place = fixed(c, place)
    old = mayChange(written, place) ? temporary(c, 'before', typeOfExpression(c.f.variables, place), place) : place
    c.f.out.push(...written)
  }
  emit(c, { kind: 'assign', target: place, value: combined(c, operator, old, right!) })
  return place
}

function combined(c: Context, operator: string, old: Expression, right: Expression): Expression {
  const type = typeOfExpression(c.f.variables, old)
  const numbers = [asNumber(c, old), asNumber(c, right)]
  if (numbers.every((value) => value !== undefined)) return operation(operator, ...numbers)
  // A text, or a number of another kind, such as a `bigint`.
  return { kind: 'opaque', parts: [old, ` ${operator} (`, right, ')'], type, effects: false }
}

function lowerLogicalAssignment(c: Context, node: ts.BinaryExpression, operator: '&&=' | '||=' | '??='): Expression {
  const place = fixed(c, lowerPlace(c, node.left))
  const type = typeOfExpression(c.f.variables, place)
  const test = operator === '??=' ? missing(c, place) : truthOf(c, place)
  if (!test) return place
  const then = captured(c, () => {
    const value = lowerExpression(innerScope(c), node.right)
    if (operator === '??=' && place.kind === 'element' && !isKeyed(c, place)) append(c, node, place, value)
    else emit(c, { kind: 'assign', target: place, value })
  })
  emit(c, { kind: 'if', test: operator === '||=' ? operation('!', test) : test, then, else: [] })
  return type.kind === 'void' ? number(0) : place
}

const isKeyed = (c: Context, { array }: Element): boolean => typeOfExpression(c.f.variables, array).kind === 'keyed'

/** An element that is not there comes into being at the end of the array. */
function append(c: Context, node: ts.Node, { array, index }: Element, value: Expression): void {
  const type = typeOfExpression(c.f.variables, array)
  if (type.kind !== 'array' || type.storage !== 'Array')
    return refuse(c, node, 'CT1017', { method: '??=', reason: 'an element of a typed array does not come into being' })
  const end = length(array)
  const beyond: RawStatement[] = [{ kind: 'throw', value: gap(end, operation('+', index, number(1))) }]
  emit(c, { kind: 'if', test: operation('>', index, end), then: beyond, else: [] })
  emit(c, push(array, value))
}

/** `undefined` or `null`. */
function missing(c: Context, place: Place): Expression | undefined {
  const type = typeOfExpression(c.f.variables, place)
  if (missingOf(type) !== undefined) return operation('isNullish', place)
  if (type.kind === 'opaque') return { kind: 'opaque', parts: [place, ' == null'], type: { kind: 'boolean' }, effects: false }
  return isMissing(c, place)
}

export function lowerStep(c: Context, operand: ts.Expression, operator: ts.SyntaxKind, givesOld: boolean): Expression {
  const sign = operator === ts.SyntaxKind.PlusPlusToken ? '+' : '-'
  const stepped = (place: Expression): Expression => {
    const type = typeOfExpression(c.f.variables, place)
    return combined(c, sign, place, type.kind === 'number' ? number(1) : { kind: 'opaque', parts: ['1n'], type, effects: false })
  }
  const outer = outerVariable(c, operand)
  if (outer !== undefined) {
    const old = readOuter(c, outer, operand)
    const next = assignOuter(c, outer, stepped(old))
    return givesOld ? old : next
  }
  const place = fixed(c, lowerPlace(c, operand))
  const old = givesOld ? temporary(c, 'before', typeOfExpression(c.f.variables, place), place) : place
  emit(c, { kind: 'assign', target: place, value: stepped(place) })
  return old
}

/** Where something is assigned: a variable, an element, a field. */
export function lowerPlace(c: Context, original: ts.Expression): Place {
  const node = bare(original)
  const field = ts.isPropertyAccessExpression(node) ? memberPlace(c, node) : undefined
  if (field) return field
  if (setterOf(c, node)) return refuseSetter(c, node)
  const place =
    ts.isIdentifier(node) || ts.isPropertyAccessExpression(node) || ts.isElementAccessExpression(node) ? lowerValue(c, node) : undefined
  if (place?.kind === 'variable' || place?.kind === 'element' || place?.kind === 'field') return place
  return refuse(c, node, 'CT2009', { text: `${textOf(node)} = ...` })
}
