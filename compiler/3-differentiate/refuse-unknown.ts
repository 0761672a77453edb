/**
 * Text that is not modelled must not take an active value out of sight: into a map, a variable of the module, an object made elsewhere. What is read
 * back from there would be taken for a constant, and the gradient would silently miss a part.
 *
 * Needs: activity. Promises: what remains only looks at active values, or leaves the function with them.
 */

import type { Activity } from '../2-analyze/activity.ts'
import { isFlat, isShown } from '../2-analyze/marks.ts'
import type { Regions, SummaryOf } from '../2-analyze/regions.ts'
import { onlyReads } from '../ir/guard.ts'
import type { Call, Expression, FunctionNode, Opaque, Operation, Statement, Type } from '../ir/nodes.ts'
import { hooked, isHook } from '../ir/hook.ts'
import { operatorInfo } from '../ir/operators.ts'
import { rootOfPlace } from '../ir/outside.ts'
import { showType } from '../ir/parse-type.ts'
import { carriesDerivative, isStorage } from '../ir/shadow-type.ts'
import { isPlain, isTextType } from '../ir/text-type.ts'
import { typeOf, type Variables } from '../ir/types.ts'
import { childrenOf, expressionsOf, readsOf, visitExpression, visitStatements } from '../ir/walk.ts'
import { describeCall } from './contributions.ts'
import { outsideNames } from './name-outside.ts'
import { Refusal } from './refusal.ts'

export function refuseUnknown({ body, name, variables }: FunctionNode, activity: Activity, regions: Regions, summaryOf: SummaryOf): void {
  const outside = regions.outside()
  const isOutside = (place: Expression): boolean => {
    const region = regions.of(place)
    return region !== undefined && outside.has(region)
  }
  visitStatements(body, (statement) => {
    // An exception takes what it mentions out of the function, and nothing of it comes back.
    if (statement.kind === 'throw') return
    refuseHidden(statement, variables, activity)
    const place = writtenBy(statement)
    const isOuter = place !== undefined && (isOutside(place) || rootOfPlace(place).kind === 'opaque')
    if (isOuter && valuesOf(statement).some((value) => moves(value, variables, activity)))
      throw new Refusal('CT2009', statement.origin, { text: describeOuter(rootOfPlace(place), body) })
    if (statement.kind === 'call') {
      refuseGiven(statement, activity)
      refuseWritten(statement, name, activity, summaryOf)
    }
    for (const expression of expressionsOf(statement)) refuseIn(expression, statement, variables, activity)
    for (const value of activity.matters(statement)) refuseTerm(value, statement, activity)
  })
}

/** A number that is made of what moves, in a way that nobody knows a derivative of. */
function refuseTerm(value: Expression, statement: Statement, activity: Activity): void {
  if (value.kind === 'opaque' && activity.isVaried(value)) throw new Refusal('CT3001', statement.origin, describeCall(value))
  if (value.kind !== 'operation' || isFlat(value.operator)) return
  for (const child of isHook(value) ? [hooked(value)] : childrenOf(value)) refuseTerm(child, statement, activity)
}

/** A number that may also be nothing, say, is not followed: what moves must not go into a variable or a field of such a type. */
function refuseHidden(statement: Statement, variables: Variables, activity: Activity): void {
  const refuse = (name: string, type: Type): void => {
    if (type.kind === 'opaque' && canHold(type)) throw new Refusal('CT2004', statement.origin, { name, type: type.text })
  }
  const declared = statement.kind === 'declare' ? { kind: 'variable' as const, name: statement.name } : undefined
  const target = statement.kind === 'assign' ? statement.target : declared
  const value = statement.kind === 'declare' || statement.kind === 'assign' ? statement.value : undefined
  if (target && value && moves(value, variables, activity)) refuse(nameOf(target), typeOf(target, variables))
  // A place for something else must not come to hold a number: nobody would look for one there.
  const type = target && typeOf(target, variables)
  const isLost = type && value && !canHold(type) && type.kind !== 'number'
  if (isLost && carriesDerivative(typeOf(value, variables)) && activity.isVaried(value))
    throw new Refusal('CT2004', statement.origin, { name: nameOf(target), type: showType(type) })
  if (target && value && typeOf(target, variables).kind === 'number') refuseTaken(value, statement, activity)
  if (statement.kind === 'call' && statement.result !== undefined && statement.arguments.some((argument) => activity.isVaried(argument)))
    refuse(statement.result, variables[statement.result]!.type)
  for (const expression of expressionsOf(statement))
    visitExpression(expression, (node) => {
      if (node.kind === 'record')
        node.type.fields.forEach(({ name, type }, i) => {
          if (moves(node.values[i]!, variables, activity)) refuse(name, type)
          if (type.kind === 'number') refuseTaken(node.values[i]!, statement, activity)
        })
      if (node.kind === 'operation' && takesNumbers(node, variables))
        for (const operand of node.operands) refuseTaken(operand, statement, activity)
    })
}

const takesNumbers = (node: Operation, variables: Variables): boolean =>
  node.operator === 'toNumber' ||
  operatorInfo(node.operator).operands === 'number' ||
  (node.operator === 'select' && typeOf(node, variables).kind === 'number')

/** Whether a value moves other than as a text, which is followed wherever it goes. */
function moves(value: Expression, variables: Variables, activity: Activity): boolean {
  if (isTextType(typeOf(value, variables))) return false
  if (value.kind === 'opaque') return partsOf(value).some((part) => !isShown(part) && activity.isVaried(part))
  return activity.isVaried(value)
}

const partsOf = ({ parts }: Opaque): readonly Expression[] => parts.filter((part): part is Expression => typeof part !== 'string')

/** What is said to be a number, and is kept where numbers are not followed. */
function refuseTaken(value: Expression, statement: Statement, activity: Activity): void {
  if (!['variable', 'element', 'field'].includes(value.kind) || !activity.isHidden(value)) return
  throw new Refusal('CT3001', statement.origin, { callee: 'a conversion to a number', argument: nameOf(value) })
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

/** What lies around the function by its own name. */
function describeOuter(root: Expression, body: readonly Statement[]): string {
  if (root.kind === 'opaque') return describeText(root)
  const known = root.kind === 'variable' ? outsideNames(body).find(({ name }) => name === root.name) : undefined
  return known ? describeText(known.place) : describePlace(root)
}

/** What is given as a value without a known shape could move in the function, and its tangent or adjoint would have no place. */
function refuseGiven(call: Call, activity: Activity): void {
  const hidden = call.arguments.find((argument) => activity.isHidden(argument))
  if (hidden) throw new Refusal('CT3001', call.origin, { callee: call.callee.replace(/^.*#/, ''), argument: describePlace(hidden) })
}

/** Under `noGrad` a call that is not inlined has no adjoint, so that nothing would tell which elements it has made constants. */
function refuseWritten(call: Call, fn: string, activity: Activity, summaryOf: SummaryOf): void {
  const { written } = summaryOf(call.callee)
  const constant = call.arguments.find((argument, i) => {
    if (argument.kind !== 'operation' || argument.operator !== 'stopGradient') return false
    return written[i] === true && activity.isActive(argument.operands[0]!)
  })
  if (constant) throw new Refusal('CT2020', call.origin, { name: describePlace(childrenOf(constant)[0]!), function: fn })
}

function refuseIn(expression: Expression, statement: Statement, variables: Variables, activity: Activity): void {
  if (expression.kind === 'opaque') {
    if (onlyReads(expression)) return
    refuseOne(expression, statement, variables, activity)
  }
  for (const child of childrenOf(expression)) refuseIn(child, statement, variables, activity)
}

function refuseOne(text: Opaque, statement: Statement, variables: Variables, activity: Activity): void {
  const parts = partsOf(text)
  const hook = hookCalled(text)
  if (hook !== undefined && parts.some((part) => activity.isVaried(part))) throw new Refusal('CT1305', statement.origin, { name: hook })
  const moving = parts.filter((part) => !isShown(part) && activity.isVaried(part))
  const told = parts.some((part) => activity.isVaried(part))
  const written = parts.find((part) => isActiveStorage(part, activity) || (told && isOpenToWrites(part, variables)))
  if (text.effects && written) {
    const method = methodOf(text, variables)
    if (method) throw new Refusal('CT3003', statement.origin, method)
    const { callee } = describeCall(text)
    throw new Refusal('CT3004', statement.origin, { callee, argument: describePlace(written) })
  }
  // What a text or a list of texts is given to has been told, and is followed from there; a number read of it is not.
  const isTold = statement.kind === 'effect' || text.type.kind === 'boolean' || isPlain(text.type)
  if (moving.every((part) => isTold && activity.isHidden(part))) return
  const isUsed = isCall(text) && statement.kind !== 'effect'
  if (text.effects && !isUsed) throw new Refusal('CT2009', statement.origin, { text: describeText(text) })
  if (text.effects || canHold(text.type)) {
    const method = methodOf(text, variables)
    throw method ? new Refusal('CT3003', statement.origin, method) : new Refusal('CT3001', statement.origin, describeCall(text))
  }
}

/** The variable and the place of a hook whose source was not read, where the text calls one. */
function hookCalled({ parts }: Opaque): string | undefined {
  const label = parts.at(-2)
  const isHooked = typeof parts[0] === 'string' && /^cotangent#hooked(?:Into)?\($/.test(parts[0])
  const [shown] = typeof label === 'object' && label.kind === 'opaque' ? label.parts : []
  if (!isHooked || typeof shown !== 'string') return undefined
  return shown.replaceAll('"', '').replace(/ \(.*/, '')
}

/** A method of an array that is followed. */
function methodOf({ parts: [base, call] }: Opaque, variables: Variables): { readonly method: string; readonly type: string } | undefined {
  if (typeof base !== 'object' || typeof call !== 'string') return undefined
  const type = typeOf(base, variables)
  const method = /^!?\.(\w+)\(/.exec(call)?.[1]
  return type.kind === 'array' && method !== undefined ? { method, type: showType(type) } : undefined
}

/** What is given to a function whose result goes on does not get lost: its derivative is not known. */
const isCall = (text: Opaque): boolean => /^[\w.]+\(/.test(describeText(text))

const isActiveStorage = (part: Expression, activity: Activity): boolean =>
  part.kind === 'variable' ? activity.isActiveStorage(part.name) : false

/** What is told of a number that moves could be put into numbers here. */
const isOpenToWrites = (part: Expression, variables: Variables): boolean =>
  part.kind === 'variable' && carriesDerivative(typeOf(part, variables)) && isStorage(typeOf(part, variables))

/** Whether a value of the type could lead back to what it was made from. A number that moves is refused where it is used. */
function canHold(type: Type): boolean {
  return isStorage(type) || (type.kind === 'opaque' && !isPlain(type))
}

const describePlace = (place: Expression): string => (place.kind === 'variable' ? place.name : '...')

function describeText({ parts }: Opaque): string {
  return parts
    .map((part) => (typeof part === 'string' ? part : describePlace(part)))
    .join('')
    .replace(/\s+/g, ' ')
}
