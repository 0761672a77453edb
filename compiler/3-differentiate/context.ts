import type { Activity } from '../2-analyze/activity.ts'
import type { Regions } from '../2-analyze/regions.ts'
import type { Writes } from '../2-analyze/writes.ts'
import type { Expression, FunctionNode, Loop, Statement, Type } from '../ir/nodes.ts'
import type { Scope } from '../ir/scope.ts'
import type { Duals } from './shadows.ts'

/** How a function that a differentiated one calls is differentiated: made on demand, once for each set of active parameters. */
export interface Callees {
  /** The key of the function that follows tangents in so many directions at once, one if it is not said; see `tangentOf` in `forward.ts`. */
  tangent(callee: string, active: readonly boolean[], directions?: number): string
  /** The keys of the forward and the backward half; see `pairOf` in `pair.ts`. */
  pair(callee: string, active: readonly boolean[], isApart?: boolean): CalleePair
  /** The halves that the author of a function wrote, which change nothing that they are given. */
  rule(callee: string): RuleHalves
  /** What runs a function again and reverses it; see `recomputedOf` in `recomputed.ts`. */
  recomputed(callee: string, active: readonly boolean[], isApart?: boolean): Recomputed
  /** A function and its reversal as one, see `atOnceOf` in `at-once.ts`; nothing where they can't be. */
  atOnce(callee: string, active: readonly boolean[]): string | undefined
  /** How many arguments of such a one, the last ones, are shadows, which it only adds to. */
  shadowsOf(key: string): number | undefined
  function(key: string): FunctionNode
  /** Whether the compiler made it: such functions look after what they are given themselves. */
  isMade(key: string): boolean
}

export interface RuleHalves {
  readonly forward: string
  readonly backward: string
  /** The parts of what the forward half gives that may share storage with what it was given, or with each other. */
  readonly shared: ReadonlySet<string>
}

export interface Recomputed {
  readonly key: string
  /** The parameters whose storage it changes: before it runs again, that is as it was. */
  readonly written: readonly boolean[]
}

/** The same for a caller whose reverse sweep runs later, when what lies around it may have changed. */
export const apart = (callees: Callees): Callees => ({
  tangent: (callee, active, directions) => callees.tangent(callee, active, directions),
  pair: (callee, active) => callees.pair(callee, active, true),
  rule: (callee) => callees.rule(callee),
  recomputed: (callee, active) => callees.recomputed(callee, active, true),
  atOnce: (callee, active) => callees.atOnce(callee, active),
  shadowsOf: (key) => callees.shadowsOf(key),
  function: (key) => callees.function(key),
  isMade: (key) => callees.isMade(key),
})

export interface CalleePair {
  readonly forward: string
  readonly backward: string
  /** What the forward half keeps for the backward half, by the name of its declared type. */
  readonly residuals: Type
}

/** All that the reverse transformation of one function knows. */
export interface Context {
  readonly fn: FunctionNode
  readonly scope: Scope
  readonly regions: Regions
  readonly activity: Activity
  readonly writes: Writes
  readonly bars: Duals
  readonly callees: Callees
  /** From a snapshot to the variable whose value it is. */
  readonly variableOf: Map<string, string>
  /** From a snapshot at the head of a loop's body to the one from before the loop. */
  readonly entered: ReadonlyMap<string, string>
  /** Whether a statement that overwrites storage must be undone in the reverse sweep. */
  readonly mustRestore: (statement: Statement) => boolean
  /** The arrays in which the iterations of a loop hand nothing on to each other. */
  readonly scratchOf: (loop: Loop) => ReadonlyMap<string, Statement | undefined>
  /** Whether the reverse sweep runs later, with copies of what its caller may change: they hold the same, and are no instances. */
  readonly isApart: boolean
  /** What reverses a statement, with a look before what it adds to elements that may not be there. */
  readonly guarded: (statement: Statement, backward: readonly Statement[]) => readonly Statement[]
  /** The source line of a statement, for the comment above what reverses it. */
  readonly lineOf: (statement: Statement) => string | undefined
  /** The adjoint of the value that the function returns. */
  readonly seed: (value: Expression) => readonly Statement[]
  /** Numbers known to be integers: counters, lengths and what is computed from them. */
  readonly isInteger: (expression: Expression) => boolean
}

/** The adjoint variable of a number. */
export function barOf(name: string, context: Context): string {
  return context.bars.of(context.variableOf.get(name) ?? name)
}

export function isActive(expression: Expression, context: Context): boolean {
  if (expression.kind === 'variable') return context.activity.isActiveVariable(context.variableOf.get(expression.name) ?? expression.name)
  return context.activity.isActive(expression)
}
