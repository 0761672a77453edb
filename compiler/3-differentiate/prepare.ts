/** The passes before the sweeps: shadows, names for what is read again, versions. Both sweeps are read off what they give. */

import { findActivity, type Activity, type Ends } from '../2-analyze/activity.ts'
import { findRegions, isStorage, type Regions, type SummaryOf } from '../2-analyze/regions.ts'
import { findWrites, type Writes } from '../2-analyze/writes.ts'
import { declare, variable } from '../ir/build.ts'
import type { Expression, FunctionNode, Statement } from '../ir/nodes.ts'
import { Scope } from '../ir/scope.ts'
import { typeOf } from '../ir/types.ts'
import type { Callees } from './context.ts'
import { growByIndex } from './grow-by-index.ts'
import { nameOperands } from './name-operands.ts'
import { nameStored } from './name-stored.ts'
import { refuseGaps } from './refuse-gaps.ts'
import { refuseUnknown } from './refuse-unknown.ts'
import { Duals, insertShadows } from './shadows.ts'
import { nameVersions } from './versions.ts'
import { watchUnknown } from './watch-unknown.ts'

/** What surrounds a function that is differentiated. */
export interface Surroundings {
  readonly callees: Callees
  readonly summaryOf: SummaryOf
  /** Whether what lies around a function may change between its two halves. */
  readonly isApart: boolean
  /** Whether every gradient on the way is checked to be finite. */
  readonly checksFinite?: boolean
  readonly lineOf: (statement: Statement) => string | undefined
}

/** A function on its way to its two sweeps. Each pass takes the stage that the one before gives, so that a wrong order does not compile. */
interface Stage<Name extends string> {
  readonly stage: Name
  readonly fn: FunctionNode
  readonly ends: Ends
  /** The variables of `fn`, to which passes add. */
  readonly scope: Scope
}

export type Returned = Stage<'returned'>

export interface Analysed extends Stage<'analysed'> {
  readonly regions: Regions
  readonly activity: Activity
}

export interface Shadowed extends Stage<'shadowed'> {
  readonly regions: Regions
  readonly activity: Activity
  readonly writes: Writes
  readonly bars: Duals
}

export interface Named extends Stage<'named'> {
  readonly bars: Duals
}

export interface Prepared {
  readonly fn: FunctionNode
  readonly bars: ReadonlyMap<string, string>
  /** From a snapshot to the variable whose value it is. */
  readonly variableOf: ReadonlyMap<string, string>
  /** From a snapshot at the head of a loop's body to the one from before the loop. */
  readonly entered: ReadonlyMap<string, string>
  readonly ends: Ends
}

/**
 * Needs: names that are unique in the function. Promises: storage that is returned has a name; with `wholly`, so has storage within a returned record,
 * because the shadow of what is returned is given out too.
 */
export function returned(original: FunctionNode, ends: Ends, wholly: boolean): Returned {
  const scope = Scope.of(original)
  return {
    stage: 'returned',
    fn: { ...original, body: nameReturned(original.body, scope, wholly), variables: scope.variables },
    ends,
    scope,
  }
}

/** Needs: what is returned has a name. Promises: so has what is stored, as `nameStored` says. */
export function stored({ fn, ends, scope }: Returned): Returned {
  return { stage: 'returned', fn: { ...fn, body: nameStored(fn.body, scope), variables: scope.variables }, ends, scope }
}

/** Needs: what is stored has a name. Promises: those of `growByIndex`. */
export function grown({ fn, ends, scope }: Returned, { summaryOf }: Surroundings): Returned {
  return {
    stage: 'returned',
    fn: { ...fn, body: growByIndex(fn, findRegions(fn, summaryOf), scope), variables: scope.variables },
    ends,
    scope,
  }
}

/** Needs: what is returned has a name. Promises: regions and activity of every variable; storage that leaves the program's sight is refused, or watched. */
export function analysed({ fn, ends, scope }: Returned, { summaryOf }: Surroundings): Analysed {
  const regions = findRegions(fn, summaryOf)
  const activity = findActivity(fn, regions, ends, summaryOf)
  refuseUnknown(fn, activity, regions, summaryOf)
  refuseGaps(fn, regions, activity)
  return { stage: 'analysed', fn: { ...fn, body: watchUnknown(fn.body, activity) }, ends, scope, regions, activity }
}

/** Needs: activity. Promises: those of `insertShadows`, and writes by the regions of the function with its shadows. */
export function shadowed({ fn, ends, scope, activity }: Analysed, { summaryOf }: Surroundings): Shadowed {
  const bars = new Duals(scope, '_bar')
  // What another argument comes to hold passes its adjoint on too.
  for (const { name } of fn.parameters) if (ends.independent.includes(name) || activity.isActiveVariable(name)) bars.of(name)
  const whole = { ...fn, body: insertShadows(fn.body, scope, activity, bars), variables: scope.variables }
  // Regions of one analysis mean nothing to another, so the writes are asked for by those that they were found with.
  const regions = findRegions(whole, summaryOf)
  return { stage: 'shadowed', fn: whole, ends, scope, activity, bars, regions, writes: findWrites(whole, regions, summaryOf) }
}

/** Needs: activity, and writes by regions. Promises: those of `nameOperands`. */
export function named({ fn, ends, scope, bars, activity, regions, writes }: Shadowed): Named {
  const body = nameOperands(fn.body, { scope, activity, regions, writes })
  return { stage: 'named', fn: { ...fn, body, variables: scope.variables }, ends, scope, bars }
}

/** Needs: all that is read again has a name. Promises: those of `nameVersions`. */
export function versioned({ fn, ends, scope, bars }: Named): Prepared {
  const parameters = fn.parameters.map(({ name }) => name)
  const { body, variableOf, entered } = nameVersions(fn.body, parameters, scope, bars)
  return { fn: { ...fn, body, variables: scope.variables }, bars: bars.entries(), variableOf, entered, ends }
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
