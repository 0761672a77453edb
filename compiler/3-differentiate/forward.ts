/**
 * The tangent of a function: one sweep in which every statement is preceded by its own derivative, so that a tangent is computed from the values that
 * the statement reads. Storage has a shadow of tangents that follows it through every reference.
 */

import { findActivity, type Ends } from '../2-analyze/activity.ts'
import { findRegions, isStorage } from '../2-analyze/regions.ts'
import { findWrites } from '../2-analyze/writes.ts'
import { declare, number, variable } from '../ir/build.ts'
import type { FunctionNode, Statement } from '../ir/nodes.ts'
import type { Scope } from '../ir/scope.ts'
import { mapBlocksOf } from '../ir/walk.ts'
import { Directions } from './directions.ts'
import { forwardReturn, forwardStatement } from './forward-statement.ts'
import { nameOperands } from './name-operands.ts'
import type { Analysed, Surroundings } from './prepare.ts'
import { guardsAtCall } from './guard.ts'
import { meetingsWithShadows } from './meetings.ts'
import { variablesOf } from './split-frame.ts'
import { tangentName, tangentResult } from './tangent-header.ts'

/** Where tangents come in and go out. */
export function tangentEnds(fn: FunctionNode, active: readonly boolean[]): Ends {
  const independent = fn.parameters.flatMap((parameter, i) => (active[i] === true ? [parameter.name] : []))
  const storage = fn.parameters.flatMap((parameter) => (isStorage(fn.variables[parameter.name]!.type) ? [parameter.name] : []))
  return { independent, dependent: storage }
}

/** Needs: activity. Promises: those of `nameOperands`, without shadows, which a tangent makes as it goes. */
export function namedForTangents({ fn, ends, scope, regions, activity }: Analysed, { summaryOf }: Surroundings): TangentReady {
  const body = nameOperands(fn.body, { scope, activity, regions, writes: findWrites(fn, regions, summaryOf) })
  return { fn: { ...fn, body, variables: scope.variables }, ends, scope }
}

export interface TangentReady {
  readonly fn: FunctionNode
  readonly ends: Ends
  readonly scope: Scope
}

/**
 * Takes the parameters of `fn`, then the tangents of those that move; gives `{ value, tangent }` where the result carries a derivative. In several
 * directions at once, it takes as many tangents of each and gives `{ value, tangent0, tangent1, ... }`.
 *
 * Needs: operands that a partial derivative reads have names. Promises: the primal statements in their order, each after its tangent.
 */
export function tangentOf({ fn, ends, scope }: TangentReady, directions: number, around: Surroundings): FunctionNode {
  const { independent } = ends
  const whole = { ...fn, variables: scope.variables }
  const regions = findRegions(whole, around.summaryOf)
  const activity = findActivity(whole, regions, ends, around.summaryOf)
  const along = new Directions({ fn: whole, scope, activity, callees: around.callees }, directions)
  const parameters = independent.flatMap((parameter) => along.each.map(({ known: { dots } }) => ({ name: dots.of(parameter) })))
  // What another argument comes to hold moves too.
  const others = fn.parameters.flatMap((parameter): Statement[] => {
    if (independent.includes(parameter.name) || !activity.isActiveVariable(parameter.name)) return []
    const { type } = fn.variables[parameter.name]!
    return along.each.map(({ known: { dots } }) =>
      declare(dots.of(parameter.name), isStorage(type) ? { kind: 'zerosLike', value: variable(parameter.name) } : number(0)),
    )
  })
  const sweep = (block: readonly Statement[]): readonly Statement[] =>
    block.flatMap((statement) => {
      if (statement.kind === 'return') return forwardReturn(statement, along)
      const moved = forwardStatement(mapBlocksOf(statement, sweep), along)
      // A call of what nothing is followed through is the original's.
      const isFollowed = statement.kind === 'call' && moved.some((one) => one.kind === 'call' && one.callee !== statement.callee)
      return isFollowed ? [...guardsAtCall(statement, whole, regions, around), ...moved] : moved
    })
  const swept = [...others, ...sweep(fn.body)]
  const all = [...fn.parameters, ...parameters]
  return {
    name: tangentName(fn, directions),
    parameters: all,
    variables: variablesOf(
      swept,
      all.map((parameter) => parameter.name),
      scope,
    ),
    result: tangentResult(fn.result, directions),
    body: swept,
    ...meetingsWithShadows(
      fn,
      all.map((parameter) => parameter.name),
      ...along.each.map(
        ({ known: { dots } }) =>
          (one: string) =>
            independent.includes(one) && isStorage(fn.variables[one]!.type) ? dots.of(one) : undefined,
      ),
    ),
    ...(fn.origin && { origin: fn.origin }),
  }
}
