/**
 * The tangent of a function: one sweep in which every statement is preceded by its own derivative, so that a tangent is computed from the values that
 * the statement reads. Storage has a shadow of tangents that follows it through every reference.
 */

import { findActivity } from '../2-analyze/activity.ts'
import { findRegions, isStorage } from '../2-analyze/regions.ts'
import { findWrites } from '../2-analyze/writes.ts'
import { declare, number, variable } from '../ir/build.ts'
import type { FunctionNode, Statement } from '../ir/nodes.ts'
import { Scope } from '../ir/scope.ts'
import { mapBlocksOf } from '../ir/walk.ts'
import { Tangents } from './forward-expression.ts'
import { forwardReturn, forwardStatement } from './forward-statement.ts'
import { nameOperands } from './name-operands.ts'
import { nameReturned, type Surroundings } from './prepare.ts'
import { refuseUnknown } from './refuse-unknown.ts'
import { Duals } from './shadows.ts'
import { variablesOf } from './split-frame.ts'
import { tangentResult } from './tangent-header.ts'

export interface TangentOptions {
  /** Whether each parameter moves. */
  readonly active: readonly boolean[]
  readonly name: string
}

/** Takes the parameters of `fn`, then the tangents of those that move; gives `{ value, tangent }` where the result carries a derivative. */
export function tangentOf(fn: FunctionNode, { active, name }: TangentOptions, around: Surroundings): FunctionNode {
  const scope = Scope.of(fn)
  const independent = fn.parameters.flatMap((parameter, i) => (active[i] === true ? [parameter.name] : []))
  const storage = fn.parameters.flatMap((parameter) => (isStorage(fn.variables[parameter.name]!.type) ? [parameter.name] : []))
  const body = nameReturned(fn.body, scope)
  const growing = { ...fn, body, variables: scope.variables }
  const ends = { independent, dependent: storage }
  const regions = findRegions(growing, around.summaryOf)
  const before = findActivity(growing, regions, ends, around.summaryOf)
  refuseUnknown(body, scope.variables, before)
  const writes = findWrites(growing, regions, around.summaryOf)
  const named = nameOperands(body, { scope, activity: before, regions, writes })
  const whole = { ...growing, body: named }
  const activity = findActivity(whole, findRegions(whole, around.summaryOf), ends, around.summaryOf)
  const dots = new Duals(scope, '_dot')
  const parameters = independent.map((parameter) => ({ name: dots.of(parameter) }))
  const tangents = new Tangents({ fn: whole, scope, activity, dots, callees: around.callees })
  // What another argument comes to hold moves too.
  const others = fn.parameters.flatMap((parameter): Statement[] => {
    if (independent.includes(parameter.name) || !activity.isActiveVariable(parameter.name)) return []
    const { type } = fn.variables[parameter.name]!
    return [declare(dots.of(parameter.name), isStorage(type) ? { kind: 'zerosLike', value: variable(parameter.name) } : number(0))]
  })
  const sweep = (block: readonly Statement[]): readonly Statement[] =>
    block.flatMap((statement) =>
      statement.kind === 'return' ? [forwardReturn(statement, tangents)] : forwardStatement(mapBlocksOf(statement, sweep), tangents),
    )
  const swept = [...others, ...sweep(named)]
  const all = [...fn.parameters, ...parameters]
  return {
    name,
    parameters: all,
    variables: variablesOf(
      swept,
      all.map((parameter) => parameter.name),
      scope,
    ),
    result: tangentResult(fn.result),
    body: swept,
    ...(fn.origin && { origin: fn.origin }),
  }
}
