/**
 * Text that is not modelled must not take an active value out of sight: into a map, a variable of the module, an object made elsewhere. What is read
 * back from there would be taken for a constant, and the gradient would silently miss a part.
 *
 * Needs: activity. Promises: what remains only looks at active values, or leaves the function with them.
 */

import type { Activity } from '../2-analyze/activity.ts'
import { onlyReads } from '../ir/guard.ts'
import type { Call, Expression, Opaque, Statement, Type } from '../ir/nodes.ts'
import { typeOf, type Variables } from '../ir/types.ts'
import { childrenOf, expressionsOf, readsOf, visitExpression, visitStatements } from '../ir/walk.ts'
import { describeCall } from './contributions.ts'
import { Refusal } from './refusal.ts'

export function refuseUnknown(body: readonly Statement[], variables: Variables, activity: Activity): void {
  visitStatements(body, (statement) => {
    // An exception takes what it mentions out of the function, and nothing of it comes back.
    if (statement.kind === 'throw') return
    refuseHidden(statement, variables, activity)
    const outer = outerRoot(writtenBy(statement))
    if (outer && valuesOf(statement).some((value) => activity.isVaried(value)))
      throw new Refusal('CT2009', statement.origin, { text: describeText(outer) })
    if (statement.kind === 'call') refuseGiven(statement, activity)
    for (const expression of expressionsOf(statement)) refuseIn(expression, statement, activity)
  })
}

/** A number that may also be nothing, say, is not followed: what moves must not go into a variable or a field of such a type. */
function refuseHidden(statement: Statement, variables: Variables, activity: Activity): void {
  const refuse = (name: string, type: Type): void => {
    if (type.kind === 'opaque' && canHold(type)) throw new Refusal('CT2004', statement.origin, { name, type: type.text })
  }
  const place = statement.kind === 'declare' ? { kind: 'variable' as const, name: statement.name } : undefined
  const target = statement.kind === 'assign' ? statement.target : place
  const value = statement.kind === 'declare' || statement.kind === 'assign' ? statement.value : undefined
  if (target && value && activity.isVaried(value)) refuse(nameOf(target), typeOf(target, variables))
  if (statement.kind === 'call' && statement.result !== undefined && statement.arguments.some((argument) => activity.isVaried(argument)))
    refuse(statement.result, variables[statement.result]!.type)
  for (const expression of expressionsOf(statement))
    visitExpression(expression, (node) => {
      if (node.kind === 'record')
        node.type.fields.forEach(({ name, type }, i) => {
          if (activity.isVaried(node.values[i]!)) refuse(name, type)
        })
    })
}

const nameOf = (place: Expression): string =>
  place.kind === 'variable'
    ? place.name
    : place.kind === 'field'
      ? place.name
      : place.kind === 'element'
        ? `${nameOf(place.array)}[...]`
        : '...'

/** The storage that a statement writes. */
function writtenBy(statement: Statement): Expression | undefined {
  switch (statement.kind) {
    case 'assign':
      return statement.target
    case 'copyInto':
      return statement.target
    case 'fill':
    case 'push':
      return statement.array
    default:
      return undefined
  }
}

const valuesOf = (statement: Statement): readonly Expression[] =>
  statement.kind === 'copyInto' ? [{ kind: 'element', array: statement.source, index: { kind: 'number', value: 0 } }] : readsOf(statement)

/** What a place is a part of, where that is not a variable of the function: an object of the module, say. */
function outerRoot(place: Expression | undefined): Opaque | undefined {
  if (place?.kind === 'element') return outerRoot(place.array)
  if (place?.kind === 'field') return outerRoot(place.record)
  return place?.kind === 'opaque' ? place : undefined
}

/** What is given as a value without a known shape could move in the function, and its tangent or adjoint would have no place. */
function refuseGiven(call: Call, activity: Activity): void {
  const hidden = call.arguments.find((argument) => activity.isHidden(argument))
  if (hidden) throw new Refusal('CT3001', call.origin, { callee: call.callee.replace(/^.*#/, ''), argument: describePlace(hidden) })
}

function refuseIn(expression: Expression, statement: Statement, activity: Activity): void {
  if (expression.kind === 'opaque') {
    if (onlyReads(expression)) return
    refuseOne(expression, statement, activity)
  }
  for (const child of childrenOf(expression)) refuseIn(child, statement, activity)
}

function refuseOne(text: Opaque, statement: Statement, activity: Activity): void {
  const moving = text.parts.filter((part): part is Expression => typeof part !== 'string' && activity.isVaried(part))
  const written = text.parts.find((part): part is Expression => typeof part !== 'string' && isActiveStorage(part, activity))
  if (text.effects && written) {
    const { callee } = describeCall(text)
    throw new Refusal('CT3004', statement.origin, { callee, argument: describePlace(written) })
  }
  if (moving.length === 0) return
  const isUsed = isCall(text) && statement.kind !== 'effect'
  if (text.effects && !isUsed) throw new Refusal('CT2009', statement.origin, { text: describeText(text) })
  if (text.effects || canHold(text.type)) throw new Refusal('CT3001', statement.origin, describeCall(text))
}

/** What is given to a function whose result goes on does not get lost: its derivative is not known. */
const isCall = (text: Opaque): boolean => /^[\w.]+\(/.test(describeText(text))

const isActiveStorage = (part: Expression, activity: Activity): boolean =>
  part.kind === 'variable' ? activity.isActiveStorage(part.name) : false

/** Whether a value of the type could lead back to what it was made from. A number that moves is refused where it is used. */
function canHold(type: Type): boolean {
  if (type.kind === 'array' || type.kind === 'record') return true
  return type.kind === 'opaque' && !/^(?:string|undefined|null|bigint|(?:"[^"]*"|'[^']*')(?: \| (?:"[^"]*"|'[^']*'))*)$/.test(type.text)
}

const describePlace = (place: Expression): string => (place.kind === 'variable' ? place.name : '...')

function describeText({ parts }: Opaque): string {
  return parts
    .map((part) => (typeof part === 'string' ? part : describePlace(part)))
    .join('')
    .replace(/\s+/g, ' ')
}
