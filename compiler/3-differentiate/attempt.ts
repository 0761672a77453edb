/**
 * Which overwritten elements must be restored follows from what the reverse sweep reads, and what it reads follows a little from what is
 * restored. So the transformation is attempted with the restores that are known, until it asks for no more.
 */

import { findActivity } from '../2-analyze/activity.ts'
import { findRegions, isStorage, type Region } from '../2-analyze/regions.ts'
import { findWrites } from '../2-analyze/writes.ts'
import type { Expression, FunctionNode, Statement } from '../ir/nodes.ts'
import { Scope } from '../ir/scope.ts'
import { visitStatements } from '../ir/walk.ts'
import type { Context } from './context.ts'
import { integersIn } from './integers.ts'
import type { Prepared, Surroundings } from './prepare.ts'
import { Duals } from './shadows.ts'
import { findRestores, insertSaves, readRegions } from './restore.ts'

export interface Attempt {
  /** The prepared body with what saves overwritten elements. */
  readonly body: readonly Statement[]
  readonly context: Context
  /** The statements that are undone. */
  readonly restores: ReadonlySet<Statement>
}

/** `seed` says what the result's cotangent adds to the adjoint of the returned value. */
export type Seed = (value: Expression, context: Context) => readonly Statement[]

/**
 * `transform` gives a result and the reverse sweep that it read it from. `always` are regions whose writes are undone in any case: storage that a
 * caller finds as it was before the call.
 */
export function settle<Result extends { readonly backwardSweep: readonly Statement[] }>(
  prepared: Prepared,
  seed: Seed,
  around: Surroundings,
  always: ReadonlySet<string>,
  transform: (attempt: Attempt) => Result,
): Result {
  let restores: ReadonlySet<Statement> = new Set()
  for (;;) {
    const { attempt, draft } = begin(prepared, restores, seed, around)
    const result = transform(attempt)
    const found = findRestores(prepared.fn.body, readRegions(result.backwardSweep, draft), draft)
    for (const statement of writesTo(always, prepared.fn, draft)) found.add(statement)
    // What was once asked for stays, so that this ends.
    for (const statement of restores) found.add(statement)
    if (found.size === restores.size) return result
    restores = found
  }
}

function begin(
  { fn, bars: known, variableOf, ends }: Prepared,
  restores: ReadonlySet<Statement>,
  seed: Seed,
  around: Surroundings,
): { attempt: Attempt; draft: Context } {
  const scope = Scope.of(fn)
  const bars = new Duals(scope, '_bar', known)
  const moved = new Map<Statement, Statement>()
  const regionsBefore = findRegions(fn, around.summaryOf)
  regionsBefore.mirror(storageAmong(known, scope))
  const base = {
    fn,
    scope,
    bars,
    callees: around.callees,
    variableOf: new Map(variableOf),
    lineOf: around.lineOf,
    isInteger: integersIn(fn.body),
  }
  const draft: Context = {
    ...base,
    regions: regionsBefore,
    activity: findActivity(fn, regionsBefore, ends, around.summaryOf),
    writes: findWrites(fn, regionsBefore, around.summaryOf),
    mustRestore: (statement) => restores.has(statement),
    seed: () => [],
  }
  const body = insertSaves(fn.body, restores, draft, moved)
  const whole: FunctionNode = { ...fn, body, variables: scope.variables }
  const regions = findRegions(whole, around.summaryOf)
  regions.mirror(storageAmong(bars.entries(), scope))
  const context: Context = {
    ...base,
    regions,
    activity: findActivity(whole, regions, ends, around.summaryOf),
    writes: findWrites(whole, regions, around.summaryOf),
    mustRestore: (statement) => moved.has(statement) || (statement.kind === 'call' && restores.has(statement)),
    seed: (value) => seed(value, context),
  }
  return { attempt: { body, context, restores }, draft }
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
