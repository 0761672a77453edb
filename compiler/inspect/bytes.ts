/** What tapes take, as formulas of the function's variables. */

import type { Context } from '../3-differentiate/context.ts'
import type { LoopPlan } from '../3-differentiate/plan.ts'
import { length, multiply, number, subtract, variable } from '../ir/build.ts'
import type { Expression, Statement } from '../ir/nodes.ts'
import { showExpression } from '../ir/show-expression.ts'
import { typeOf } from '../ir/types.ts'
import { variablesIn, visitStatements } from '../ir/walk.ts'
import { inVariables, type Names } from './describe.ts'

/** A number, a truth value and a reference take a slot of eight bytes each; arrays that are copied take what is in them besides. */
export function bytesOfValue(source: Statement, context: Context): Expression {
  if (source.kind !== 'declare' || !source.value) return number(SLOT)
  const { value } = source
  if (value.kind === 'zeros') return multiply(number(bytesOfElement(value, context)), value.length)
  if (value.kind !== 'slice') return number(SLOT)
  const end = value.end ?? { kind: 'length', array: value.array }
  return multiply(number(bytesOfElement(value.array, context)), value.start ? subtract(end, value.start) : end)
}

/** A copy of an array of numbers; of other storage no more is known than the reference to it. */
export function bytesOfCopy(name: string, context: Context): Expression {
  const type = context.scope.typeOf(name)
  const isFlat = type.kind === 'array' && type.element.kind === 'number'
  return isFlat ? multiply(number(bytesOfElement(variable(name), context)), length(variable(name))) : number(SLOT)
}

const SLOT = 8

function bytesOfElement(array: Expression, { scope }: Context): number {
  const type = typeOf(array, scope.variables)
  return type.kind === 'array' && type.storage === 'Float32Array' ? 4 : SLOT
}

/** All iterations of a loop, and of those around it, that are kept at one time. */
export function bytesOfTape(each: Expression, loop: LoopPlan, around: readonly LoopPlan[], names: Names): string {
  if (loop.way.kind === 'sized') return formula(multiply(each, loop.way.slots), names)
  const loops = [...around, loop]
  const changing = new Set(loops.flatMap(({ loop: one }) => [...changedIn(one.body), ...(one.counter ? [one.counter.name] : [])]))
  const isSteady = (expression: Expression): boolean => [...variablesIn(expression)].every((name) => !changing.has(name))
  // Of the innermost loop that does not run equally often each time, one can only say how often it runs in all.
  const last = loops.findLastIndex(({ trips }) => trips === undefined || !isSteady(trips))
  const all = multiply(each, ...loops.slice(last + 1).map(({ trips }) => trips!))
  if (isSteady(each)) return last < 0 ? formula(all, names) : `${formula(all, names)} * (${iterationsOf(loops[last]!)})`
  return `the sum of ${formula(each, names)} over all ${iterationsOf(loop)}`
}

const iterationsOf = ({ loop: { origin } }: LoopPlan): string => `iterations of the loop${origin ? ` at line ${String(origin.line)}` : ''}`

function changedIn(body: readonly Statement[]): readonly string[] {
  const names: string[] = []
  visitStatements(body, (statement) => {
    if (statement.kind === 'declare') names.push(statement.name)
    if (statement.kind === 'call' && statement.result !== undefined) names.push(statement.result)
  })
  return names
}

/** `8 * ceil(steps)`. */
export function formula(expression: Expression, names: Names): string {
  return showExpression(inVariables(expression, names)).replaceAll('Math.', '')
}
