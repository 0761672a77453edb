/** Object literals, made of values and of other objects: what is spread later comes before what stands earlier. */

import ts from '#typescript'
import { field, operation } from '../../ir/build.ts'
import { fitting, maybeUndefined, mayBeUndefined, missing, missingOf, testOf } from '../../ir/missing.ts'
import type { Expression, Field, Type } from '../../ir/nodes.ts'
import { isJavaScript } from '../commonjs.ts'
import { bare } from '../facts.ts'
import { textOf } from '../session.ts'
import { BOOLEAN } from '../types.ts'
import { fieldsAdded } from './added-fields.ts'
import { choose } from './choose.ts'
import { captured, emit, innerScope, refuse, temporary, type Context } from './context.ts'
import { lowerExpression } from './expression.ts'
import { writesOf } from './interference.ts'
import { lowerCondition } from './logic.ts'
import { lowerOpaque } from './opaque.ts'
import { lowerInOrder } from './operands.ts'
import { typeIn } from './type-in.ts'
import { typeOfExpression } from './type-of.ts'

/** A field, or all fields of an object that is spread. */
interface Part<Value> {
  readonly name?: string
  readonly value: Value
}

export function lowerObject(c: Context, node: ts.ObjectLiteralExpression, type: Type): Expression {
  if (isJavaScript(node)) return lowerUntyped(c, node, node.properties.map(partOf))
  return lowerMerged(c, node, node.properties, type)
}

/** A new object out of fields and of other objects, the later before the earlier. */
export function lowerMerged(
  c: Context,
  node: ts.Expression,
  given: readonly (ts.ObjectLiteralElementLike | ts.Expression)[],
  type: Type,
): Expression {
  const parts = given.map((part) => (ts.isObjectLiteralElementLike(part) ? partOf(part) : { value: part }))
  const isPlain = (part: Part<ts.Expression> | undefined): part is Part<ts.Expression> =>
    part !== undefined && (part.name !== undefined || isOfFields(typeOfSpread(c, part.value)))
  if (type.kind !== 'record' || !parts.every(isPlain)) return lowerOpaque(c, node)
  const presences = new Map(type.fields.map((one) => [one.name, presenceOf(c, parts, one)] as const))
  if ([...presences.values()].includes('never')) return lowerOpaque(c, node)
  const before = c.f.out.length
  const lowered = lowerInOrder(
    c,
    parts.map((part) => () => (part.name === undefined ? lowerSpread(c, part.value) : lowerExpression(c, part.value))),
  )
  const isSpread = parts.some(({ name }) => name === undefined)
  // What is spread is read where it stands: a later part must not change it.
  if (isSpread && writesOf(c.f.out.slice(before)).storage) return refuse(c, node, 'CT1014', { text: textOf(node) })
  const evaluated = parts.map((part, i): Part<Expression> => ({
    ...part,
    value: part.name === undefined ? heldObject(c, lowered[i]!) : lowered[i]!,
  }))
  const last = evaluated.toReversed()
  const open = type.fields.filter(({ name }) => presences.get(name) === 'maybe')
  const values = type.fields.map((one) => (open.includes(one) ? missing(one.type, 'left-out') : fitting(valueOf(c, last, one), one.type)))
  if (open.length === 0) return { kind: 'record', type, values }
  const made = temporary(c, 'made', type, { kind: 'record', type, values })
  c.f.assigned.add(made.name)
  for (const one of open) fill(c, made, last, one)
  return made
}

/** In JavaScript an object is of what is in it. */
function lowerUntyped(c: Context, node: ts.ObjectLiteralExpression, parts: readonly (Part<ts.Expression> | undefined)[]): Expression {
  const names = parts.map((part) => part?.name)
  // `{}` by itself may be a table of anything.
  const isNone = names.length === 0 && !ts.isParameter(node.parent)
  if (isNone || names.includes(undefined) || new Set(names).size < names.length) return lowerOpaque(c, node)
  const values = lowerInOrder(
    c,
    parts.map((part) => () => lowerExpression(c, part!.value)),
  )
  const added = fieldsAdded(c, node, names)
  const fields = [...values.map((value, i): Field => ({ name: names[i]!, type: typeOfExpression(c.f.variables, value) })), ...added]
  return {
    kind: 'record',
    type: { kind: 'record', tuple: false, fields },
    values: [...values, ...added.map(({ type }) => missing(type, 'left-out'))],
  }
}

function partOf(property: ts.ObjectLiteralElementLike): Part<ts.Expression> | undefined {
  if (ts.isPropertyAssignment(property) && (ts.isIdentifier(property.name) || ts.isStringLiteral(property.name)))
    return { name: property.name.text, value: property.initializer }
  if (ts.isSpreadAssignment(property)) return { value: property.expression }
  return ts.isShorthandPropertyAssignment(property) ? { name: property.name.text, value: property.name } : undefined
}

const isOfFields = (type: Type): boolean => type.kind === 'record' && !type.tuple && !type.fields.some(({ hidden }) => hidden)

/** `...(c && { w })`: nothing is spread of what is no object. */
const guarded = (node: ts.Expression): ts.BinaryExpression | undefined => {
  const value = bare(node)
  return ts.isBinaryExpression(value) && value.operatorToken.kind === ts.SyntaxKind.AmpersandAmpersandToken ? value : undefined
}

function typeOfSpread(c: Context, node: ts.Expression): Type {
  const guard = guarded(node)
  return guard ? maybeUndefined(typeOfSpread(c, guard.right)) : typeIn(c, node)
}

function lowerSpread(c: Context, node: ts.Expression): Expression {
  const guard = guarded(node)
  if (!guard) return lowerExpression(c, node)
  const type = typeOfSpread(c, node)
  return choose(
    c,
    type,
    lowerCondition(c, guard.left),
    () => lowerSpread(innerScope(c), guard.right),
    () => missing(type),
  )
}

const heldObject = (c: Context, value: Expression): Expression =>
  value.kind === 'variable' ? value : temporary(c, 'spread', typeOfExpression(c.f.variables, value), value)

/** Whether a field is there in any case, where each of the objects that are spread may lack it, or not at all. */
function presenceOf(c: Context, parts: readonly Part<ts.Expression>[], wanted: Field): 'always' | 'maybe' | 'never' {
  const found = parts.flatMap(({ name, value }) => {
    if (name !== undefined) return name === wanted.name ? [true] : []
    const type = typeOfSpread(c, value)
    const own = fieldOf(type, wanted.name)
    return own ? [!own.optional && missingOf(type) === undefined] : []
  })
  if (found.some(Boolean)) return 'always'
  if (found.length > 0) return 'maybe'
  return wanted.optional === true || mayBeUndefined(wanted.type) ? 'always' : 'never'
}

const fieldOf = (type: Type, name: string): Field | undefined =>
  type.kind === 'record' ? type.fields.find((one) => one.name === name) : undefined

/** A field that is there replaces the one before, also with `undefined`. Where there is no object, there is no field. */
function whetherThere(c: Context, object: Expression, name: string): Expression {
  const type = typeOfExpression(c.f.variables, object)
  const way = missingOf(type)
  const isIn: Expression = {
    kind: 'opaque',
    parts: [`${JSON.stringify(name)} in `, operation('stopGradient', object)],
    type: BOOLEAN,
    effects: false,
  }
  if (way === undefined) return isIn
  const isObject = operation('!', operation(testOf(way), object))
  if (fieldOf(type, name)?.optional !== true) return isObject
  return choose(
    c,
    BOOLEAN,
    isObject,
    () => isIn,
    () => ({ kind: 'boolean', value: false }),
  )
}

/** The new object gets a field where one of the objects has it: the last one that does. */
function fill(c: Context, made: Expression, [part, ...earlier]: readonly Part<Expression>[], wanted: Field): void {
  if (!part) return
  if (!fieldOf(typeOfExpression(c.f.variables, part.value), wanted.name)) return fill(c, made, earlier, wanted)
  const test = whetherThere(c, part.value, wanted.name)
  const then = captured(c, () => emit(c, { kind: 'assign', target: field(made, wanted.name), value: field(part.value, wanted.name) }))
  emit(c, { kind: 'if', test, then, else: captured(c, () => fill(c, made, earlier, wanted)) })
}

/** The parts are given last first. */
function valueOf(c: Context, [part, ...earlier]: readonly Part<Expression>[], wanted: Field): Expression {
  if (!part) return missing(wanted.type, 'left-out')
  if (part.name !== undefined) return part.name === wanted.name ? part.value : valueOf(c, earlier, wanted)
  const type = typeOfExpression(c.f.variables, part.value)
  const own = fieldOf(type, wanted.name)
  if (!own) return valueOf(c, earlier, wanted)
  if (!own.optional && missingOf(type) === undefined) return field(part.value, wanted.name)
  return choose(
    c,
    wanted.type,
    whetherThere(c, part.value, wanted.name),
    () => field(part.value, wanted.name),
    () => valueOf(c, earlier, wanted),
  )
}
