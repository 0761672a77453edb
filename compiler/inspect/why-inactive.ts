/** Why a statement is not active: from the same marks by which it was left out of the derivative. */

import type { Activity, Carriage } from '../2-analyze/activity.ts'
import { isFlat } from '../2-analyze/marks.ts'
import type { Place } from '../diagnostics/report.ts'
import { isOperation } from '../ir/build.ts'
import type { Expression, FunctionNode, Operation, Origin, Statement } from '../ir/nodes.ts'
import { sameExpression } from '../ir/same.ts'
import { carriesDerivative } from '../ir/shadow-type.ts'
import { showType } from '../ir/parse-type.ts'
import { typeOf } from '../ir/types.ts'
import { expressionsOf, visitExpression } from '../ir/walk.ts'
import { describeExpression, either, quoted, type Names } from './describe.ts'

export interface Known {
  readonly fn: FunctionNode
  readonly activity: Activity
  readonly names: Names
  /** The parameters that move. */
  readonly independent: readonly string[]
  /** The calls of `noGrad` and its kin. */
  readonly withoutGradients: readonly Place[]
}

/** The reasons of a statement that is not active. */
export function whyInactive(statement: Statement, { varied, useful }: Carriage, known: Known): readonly string[] {
  const target = targetOf(statement)
  const name = target ? quoted(describeExpression(target, known.names)) : 'what it gives'
  if (statement.origin?.withoutGradients) return ['it stands in a region without gradients']
  const without = target && withoutDerivative(target, known)
  if (without) return [`${quoted(describeExpression(without.place, known.names))} is ${article(without.type)}, which carries no derivative`]
  if (varied) return [`${name} depends on ${movers(known)}, but no derivative flows from it into the result`]
  const constant = constantsIn(statement, known)
  if (constant.length > 0) return constant
  const subject = target && mayChange(target, known) ? `what ${name} is given here` : name
  return [`${subject} does not depend on ${movers(known)}${useful ? '' : ', and no derivative flows through it'}`]
}

/** What keeps parts of a statement's value from moving. In a statement that is active, lengths and tests are nothing to wonder about. */
export function constantsIn(statement: Statement, known: Known, isActive = false): readonly string[] {
  const found = new Set<string>()
  const { activity, names } = known
  for (const value of valuesOf(statement)) {
    const own = new Set<Expression>()
    visitExpression(value, (node) => {
      if (isCorrection(node)) own.add(node.operands[1]!)
      if (node.kind === 'length' && activity.isVaried(node.array) && !isActive) found.add('a length carries no derivative')
      if (node.kind !== 'operation' || !isFlat(node.operator) || own.has(node)) return
      const moving = node.operands.find((operand) => activity.isVaried(operand))
      // What a region computes is constant from its first step, so that nothing moves when it comes out.
      if (node.operator === 'stopGradient' && isInRegion(statement.origin, known)) found.add(REGION)
      else if (moving?.kind === 'opaque' || !moving) return
      else if (node.operator === 'stopGradient')
        found.add(`${quoted(describeExpression(moving, names))} is held constant by \`stopGradient\``)
      else if (!isActive || givesNumber(node.operator)) found.add(flatness(node.operator))
    })
  }
  return found.has(REGION) ? [REGION] : [...found]
}

/** `a - stopGradient(a)`, which the compiler writes to give a value the derivative of another way to compute it. */
const isCorrection = (node: Expression): node is Operation =>
  node.kind === 'operation' &&
  node.operator === '-' &&
  isOperation(node.operands[1]!, 'stopGradient') &&
  sameExpression(node.operands[0]!, node.operands[1].operands[0]!)

/** Where the value of a `noGrad`, or of a `setGradEnabled` that is off, goes. */
export const REGION = 'a region without gradients gives constants'

const movers = ({ independent }: Known): string => (independent.length === 0 ? 'anything that moves' : either(independent.map(quoted)))

/** The value that a statement computes; where it puts it is read in `targetOf`. */
function valuesOf(statement: Statement): readonly Expression[] {
  if (statement.kind === 'assign') return [statement.value]
  if (statement.kind === 'fill' || statement.kind === 'push') return [statement.value]
  if (statement.kind === 'copyInto') return [statement.source]
  return expressionsOf(statement)
}

function targetOf(statement: Statement): Expression | undefined {
  switch (statement.kind) {
    case 'declare':
      return { kind: 'variable', name: statement.name }
    case 'assign':
      return statement.target
    case 'fill':
    case 'push':
      return statement.array
    case 'copyInto':
      return statement.target
    case 'call':
      return statement.result === undefined ? undefined : { kind: 'variable', name: statement.result }
    default:
      return undefined
  }
}

/** Whether a place can hold other values elsewhere. */
const mayChange = (target: Expression, { fn }: Known): boolean => target.kind !== 'variable' || fn.variables[target.name]?.mutable === true

/** The place, or the array around it, that holds no floating-point numbers, with its type. */
function withoutDerivative(place: Expression, { fn }: Known): { readonly place: Expression; readonly type: string } | undefined {
  const around = place.kind === 'element' ? place.array : place
  const type = typeOf(around, fn.variables)
  if (type.kind === 'void' || carriesDerivative(type)) return undefined
  return { place: around, type: type.kind === 'opaque' ? type.text : type.kind === 'array' ? type.storage : showType(type) }
}

const article = (type: string): string => `${/^[aeiouAEIOU]/.test(type) ? 'an' : 'a'} \`${type}\``

/** A number that looks as if it moved. */
const givesNumber = (operator: string): boolean => /^(Math\.|[|&^~]$|<<|>>)/.test(operator)

function flatness(operator: string): string {
  if (/^(Math|Number)\./.test(operator)) return `\`${operator}\` has derivative zero`
  if (/^([<>]=?|[=!]==?)$/.test(operator)) return 'a comparison carries no derivative'
  if (/^([|&^~]|<<|>>>?)$/.test(operator)) return `\`${operator}\` gives an integer, which carries no derivative`
  return 'a truth value carries no derivative'
}

/** A region whose value is a part of the statement. */
function isInRegion(origin: Origin | undefined, { withoutGradients }: Known): boolean {
  if (!origin) return false
  if (origin.withoutGradients) return true
  return withoutGradients.some(({ file, start, end }) => file === origin.file && origin.start <= start && end <= origin.end)
}
