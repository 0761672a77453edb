/** Shadows, names for what is read again, versions: what both sweeps of a function are read off. */

import { findActivity, type Ends } from '../2-analyze/activity.ts'
import { findRegions, isStorage, type SummaryOf } from '../2-analyze/regions.ts'
import { findWrites } from '../2-analyze/writes.ts'
import { declare, variable } from '../ir/build.ts'
import type { Expression, FunctionNode, Statement } from '../ir/nodes.ts'
import { Scope } from '../ir/scope.ts'
import { typeOf } from '../ir/types.ts'
import type { Callees } from './context.ts'
import { growByIndex } from './grow-by-index.ts'
import { nameOperands } from './name-operands.ts'
import { nameStored } from './name-stored.ts'
import { refuseUnknown } from './refuse-unknown.ts'
import { Duals, insertShadows } from './shadows.ts'
import { nameVersions } from './versions.ts'

/** What surrounds a function that is differentiated. */
export interface Surroundings {
  readonly callees: Callees
  readonly summaryOf: SummaryOf
  readonly lineOf: (statement: Statement) => string | undefined
}

export interface Prepared {
  readonly fn: FunctionNode
  readonly bars: ReadonlyMap<string, string>
  /** From a snapshot to the variable whose value it is. */
  readonly variableOf: ReadonlyMap<string, string>
  readonly ends: Ends
}

/** `returnsShadow`: whether the shadow of what is returned is given out too, so that all of it must have a name. */
export function prepare(original: FunctionNode, ends: Ends, around: Surroundings, returnsShadow = false): Prepared {
  const scope = Scope.of(original)
  const grown = growByIndex(original, findRegions(original, around.summaryOf))
  const fn = { ...original, body: nameStored(nameReturned(grown, scope, returnsShadow), scope) }
  // The scope grows below, and what is asked then must know the new names.
  const growing = { ...fn, variables: scope.variables }
  const regions = findRegions(growing, around.summaryOf)
  const activity = findActivity(growing, regions, ends, around.summaryOf)
  refuseUnknown(fn.body, scope.variables, activity)
  const bars = new Duals(scope, '_bar')
  // What another argument comes to hold passes its adjoint on too.
  for (const { name } of fn.parameters) if (ends.independent.includes(name) || activity.isActiveVariable(name)) bars.of(name)
  const shadowed = insertShadows(fn.body, scope, activity, bars)
  const shadowedFn = { ...fn, body: shadowed, variables: scope.variables }
  // Regions of one analysis mean nothing to another, so the writes are asked for by those that they were found with.
  const shadowedRegions = findRegions(shadowedFn, around.summaryOf)
  const writes = findWrites(shadowedFn, shadowedRegions, around.summaryOf)
  const named = nameOperands(shadowed, { scope, activity, regions: shadowedRegions, writes })
  const { body, variableOf } = nameVersions(
    named,
    fn.parameters.map(({ name }) => name),
    scope,
    bars,
  )
  return { fn: { ...fn, body, variables: scope.variables }, bars: bars.entries(), variableOf, ends }
}

/** Storage that is made where it is returned gets a name, and so a shadow that its cotangent can be put into. */
export function nameReturned(body: readonly Statement[], scope: Scope, wholly = false): readonly Statement[] {
  const last = body.at(-1)
  if (last?.kind !== 'return' || !last.value) return body
  const made: Statement[] = []
  const named = (value: Expression): Expression => {
    if (value.kind === 'record' && !wholly) return { ...value, values: value.values.map(named) }
    if (isPlace(value) || !isStorage(typeOf(value, scope.variables))) return value
    const name = scope.fresh('returned', typeOf(value, scope.variables))
    made.push(declare(name, value, last.origin))
    return variable(name)
  }
  const value = named(last.value)
  return made.length === 0 ? body : [...body.slice(0, -1), ...made, { ...last, value }]
}

const isPlace = (value: Expression): boolean => ['variable', 'element', 'field'].includes(value.kind)
