/**
 * Which overwritten elements must be restored follows from what the reverse sweep reads, and what it reads follows a little from what is
 * restored. So the transformation is attempted with the restores that are known, until it asks for no more.
 */

import { findActivity, type Ends } from '../2-analyze/activity.ts'
import { findRegions, isStorage, type Region } from '../2-analyze/regions.ts'
import { findScratch } from '../2-analyze/scratch.ts'
import { findWrites } from '../2-analyze/writes.ts'
import type { Expression, FunctionNode, Loop, Statement } from '../ir/nodes.ts'
import { Scope } from '../ir/scope.ts'
import { visitStatements } from '../ir/walk.ts'
import type { Context } from './context.ts'
import { integersIn } from './integers.ts'
import { fusedIn, type FramePlan } from './plan.ts'
import type { Prepared, Surroundings } from './prepare.ts'
import { Duals } from './shadows.ts'
import { findSpeculative, frameOf, onlyWherePresent } from './speculation.ts'
import { findRestores, insertSaves, readRegions } from './restore.ts'

/** The statements that are undone. */
export type Restores = ReadonlySet<Statement>

export interface Attempt {
  readonly fn: FunctionNode
  /** The prepared body with what saves overwritten elements. */
  readonly body: readonly Statement[]
  readonly context: Context
  readonly restores: Restores
  readonly bars: Duals
  /** The context of the prepared body itself, by which the next attempt's restores are found. */
  readonly draft: Context
}

/** `seed` says what the result's cotangent adds to the adjoint of the returned value. */
export type Seed = (value: Expression, context: Context) => readonly Statement[]

/** What the two sweeps of a function were made into. */
export interface Swept {
  /** The reverse sweep by itself, for what it reads. */
  readonly backwardSweep: readonly Statement[]
  readonly plan: FramePlan
}

/** One way to reverse a function: as one function, as two halves, as halves that keep copies. */
export interface Reversal<Made extends Swept> {
  readonly ends: Ends
  /** Whether the shadow of what is returned is given out too. */
  readonly givesShadow: boolean
  /** Whether what lies around the function may change between the sweeps. */
  readonly isApart: boolean
  /** Adds what the made functions need of their own, such as a name for the cotangent. */
  begin(prepared: Prepared): Begun<Made>
}

export interface Begun<Made extends Swept> extends Prepared {
  readonly seed: Seed
  /** Parameters whose writes are undone in any case: storage that a caller finds as it was before the call. */
  readonly always: ReadonlySet<string>
  sweep(attempt: Attempt): Made
}

/**
 * Needs: versions. Promises: before each statement that is to be undone, what it overwrites has a name; regions, activity and writes are those of
 * the body with these names.
 */
export function attempt(begun: Begun<Swept>, restores: Restores, around: Surroundings): Attempt {
  const { fn, bars: known, variableOf, entered, ends, seed } = begun
  const scope = Scope.of(fn)
  const bars = new Duals(scope, '_bar', known)
  const moved = new Map<Statement, Statement>()
  // What saves an overwritten element reads what nobody needs of a scratch array: they are found without.
  const scratch = findScratch({ ...fn, variables: scope.variables })
  const base = {
    fn,
    scope,
    bars,
    callees: around.callees,
    isApart: around.isApart,
    variableOf: new Map(variableOf),
    entered,
    lineOf: around.lineOf,
    scratchOf: (loop: Loop) => (loop.counter && scratch.get(loop.counter.name)) ?? new Map<string, Statement | undefined>(),
    isInteger: integersIn(fn.body),
  }
  const analysed = (whole: FunctionNode, duals: ReadonlyMap<string, string>): Pick<Context, 'regions' | 'activity' | 'writes'> => {
    const regions = findRegions(whole, around.summaryOf)
    regions.mirror(storageAmong(duals, scope))
    const activity = findActivity(whole, regions, ends, around.summaryOf)
    return { regions, activity, writes: findWrites(whole, regions, around.summaryOf) }
  }
  const before = analysed({ ...fn, variables: scope.variables }, known)
  const draft: Context = {
    ...base,
    ...before,
    mustRestore: (statement) => restores.has(statement),
    seed: () => [],
    guarded: (_, backward) => backward,
  }
  const body = restores.size === 0 ? fn.body : insertSaves(fn.body, restores, draft, moved)
  const whole: FunctionNode = { ...fn, body, variables: scope.variables }
  const frame = frameOf(body, scope, variableOf)
  const speculative = findSpeculative(body, frame)
  const context: Context = {
    ...base,
    // Where nothing is saved, as in every first attempt, the body is the same.
    ...(restores.size === 0 ? before : analysed(whole, bars.entries())),
    mustRestore: (statement) => moved.has(statement) || (statement.kind === 'call' && restores.has(statement)),
    seed: (value) => seed(value, context),
    guarded: (statement, backward) => (speculative.has(statement) ? onlyWherePresent(statement, backward, frame) : backward),
  }
  return { fn: whole, body, context, restores, bars, draft }
}

/** The restores that an attempt's reverse sweep asks for, and those it was made with: what was once asked for stays, so that this ends. */
export function restoresFor({ backwardSweep, plan }: Swept, { draft, restores }: Attempt, { fn, always }: Begun<Swept>): Restores {
  const found = findRestores(fn.body, readRegions(backwardSweep, draft), fusedIn(plan.plan), draft)
  for (const statement of [...writesTo(always, fn, draft), ...restores]) found.add(statement)
  return found
}

/** Those of some variables and their duals that refer to storage. */
const storageAmong = (duals: ReadonlyMap<string, string>, scope: Scope): ReadonlyMap<string, string> =>
  new Map([...duals].filter(([name]) => isStorage(scope.typeOf(name))))

/** The statements that write storage which some variables lead to. */
function writesTo(names: ReadonlySet<string>, fn: FunctionNode, { regions, writes }: Context): readonly Statement[] {
  const reached = new Set<Region>()
  for (const name of names) regions.reachable(regions.ofVariable(name), reached)
  const found: Statement[] = []
  if (names.size === 0) return found
  visitStatements(fn.body, (statement) => {
    if (writes.by(statement).some((region) => reached.has(region))) found.push(statement)
  })
  return found
}
