/**
 * What each statement becomes in both sweeps, before it is decided where the values come from that the reverse sweep reads.
 *
 * A *frame* is the body of a function or of a loop: the stretch of code whose values live as long as one execution of it.
 * In a *joined* frame the reverse sweep follows in the same scope; in a *split* one it runs later, in another loop or function.
 */

import type { Expression, Loop, Statement } from '../ir/nodes.ts'
import { expressionsOf, variablesIn, variablesMentioned, visitStatements } from '../ir/walk.ts'
import type { Sources } from './sources.ts'

export interface BlockPlan {
  readonly items: readonly Item[]
}

export type Item = Leaf | Branch | Fused

/** A frame's plan with where each value comes from that its reverse sweep reads. */
export interface FramePlan {
  readonly plan: BlockPlan
  readonly sources: Sources
  /** Of what is kept, the storage that is copied, because its owner can change it. */
  readonly copied?: ReadonlySet<string>
}

/** How the reverse sweep runs a loop's iterations, and where they find what was kept. */
export type LoopWay =
  /** Each iteration is reversed on the spot. */
  | { readonly kind: 'fused' }
  /** The reverse sweep runs them in their own order, and computes these variables of the primal again as it goes. */
  | { readonly kind: 'replayed'; readonly carried: readonly string[] }
  /** Nothing in it has a reverse. */
  | { readonly kind: 'passive' }
  /** From the last to the first, and nothing is on a tape. */
  | { readonly kind: 'untaped' }
  /** Tapes are made once, before the loop, with so many slots. */
  | { readonly kind: 'sized'; readonly slots: Expression }
  /** It may run several times: before each of them the tapes get room for all of its iterations. */
  | { readonly kind: 'reserved' }
  /** The tapes grow while it runs. */
  | { readonly kind: 'growing' }

/** Why the iterations of a loop are not reversed on the spot. */
export type Apart =
  /** Its frame, or the branch that it stands in, is reversed elsewhere. */
  | { readonly kind: 'frame' }
  /** A loop after it is reversed on the spot already, and the two can't be reversed in this order. */
  | { readonly kind: 'second' }
  | { readonly kind: 'exit' }
  | { readonly kind: 'throw' }
  /** A hook of it, or of what follows, would run too early. */
  | { readonly kind: 'hook' }
  /** A variable whose value an iteration hands on to the next, otherwise than as a sum. */
  | { readonly kind: 'carried'; readonly name: string }
  /** A statement of it writes storage that lives on after it. */
  | { readonly kind: 'writes'; readonly statement: Statement }
  /** What follows it would have to be reversed before it runs, and reads what it computes. */
  | { readonly kind: 'read-later' }
  | { readonly kind: 'passive' }

/** How a loop is reversed. */
export interface LoopPlan extends FramePlan {
  readonly loop: Loop
  readonly way: LoopWay
  /** Why its iterations are not reversed on the spot. */
  readonly apart?: Apart
  /** How often it runs, where that is known before it does. */
  readonly trips?: Expression
  /** The tape of each kept value. */
  readonly tapes: ReadonlyMap<string, string>
}

interface Base {
  /** The statement with versioned names, as it would be repeated in the reverse sweep. */
  readonly source: Statement
  /** Declarations that must stand at the top level of the frame, before this item's forward code: tapes, counters. */
  readonly setup: readonly Statement[]
  /** What ends their use, after this item's backward code. */
  readonly teardown: readonly Statement[]
}

export interface Leaf extends Base {
  readonly kind: 'leaf'
  readonly forward: readonly Statement[]
  readonly backward: readonly Statement[]
  /** The plan of a loop's own frame. */
  readonly loop?: LoopPlan
}

export interface Branch extends Base {
  readonly kind: 'branch'
  readonly source: Statement & { readonly kind: 'if' }
  /** The test of the forward sweep, and of the reverse: a branch that leaves a loop is known by the loop's exit code. */
  readonly forwardTest: Expression
  readonly reverseTest: Expression
  readonly then: BlockPlan
  readonly else: BlockPlan
}

/** What follows a loop or a branch that is reversed on the spot, and is done before it runs. */
export interface Before {
  readonly kind: 'before'
  readonly reversed: ReadonlySet<Item>
  /** Constants that the reversal of these reads. */
  readonly computed: ReadonlySet<Item>
}

/** A loop whose iterations reverse each on the spot, or a branch that is reversed where it stands. */
export interface Fused extends Base {
  readonly kind: 'fused'
  readonly before: Before
  readonly whole: readonly Statement[]
  /** Its reverse sweep alone, for analyses. */
  readonly backward: readonly Statement[]
  readonly loop?: LoopPlan
  /** The frames that the arms of a branch are. */
  readonly arms: readonly FramePlan[]
}

/** Every item at any depth of a frame, in textual order, with whether it stands at the top level. */
export function visitItems(plan: BlockPlan, f: (item: Item, top: boolean) => void, top = true): void {
  for (const item of plan.items) {
    f(item, top)
    if (item.kind !== 'branch') continue
    visitItems(item.then, f, false)
    visitItems(item.else, f, false)
  }
}

/** The counters of the loops, at any depth, whose iterations are reversed on the spot. */
export function fusedIn(plan: BlockPlan): ReadonlySet<string> {
  const found = new Set<string>()
  visitItems(plan, (item) => {
    if (item.kind === 'branch') return
    const counter = item.loop?.loop.counter
    if (item.kind === 'fused' && counter) found.add(counter.name)
    for (const { plan: inner } of framesIn(item)) for (const name of fusedIn(inner)) found.add(name)
  })
  return found
}

/** The frames within an item. */
export const framesIn = (item: Leaf | Fused): readonly FramePlan[] => [
  ...(item.loop ? [item.loop] : []),
  ...(item.kind === 'fused' ? item.arms : []),
]

/** The names that the reverse sweep of a frame reads, those it declares itself left out. */
export function readInReverse(plan: BlockPlan): Set<string> {
  const names = new Set<string>()
  visitItems(plan, (item) => {
    if (item.kind !== 'branch') for (const name of freeNames(item.backward)) names.add(name)
    if (item.kind === 'branch' && hasBackward(item)) variablesIn(item.reverseTest, names)
  })
  return names
}

export function hasBackward(item: Item): boolean {
  if (item.kind === 'branch') return [...item.then.items, ...item.else.items].some(hasBackward)
  return item.backward.length > 0
}

/** The names that some statements mention but do not declare. */
export function freeNames(block: readonly Statement[]): Set<string> {
  const names = variablesMentioned(block)
  visitStatements(block, (statement) => {
    if (statement.kind === 'declare') names.delete(statement.name)
    if (statement.kind === 'call' && statement.result !== undefined) names.delete(statement.result)
    if (statement.kind === 'loop' && statement.counter) names.delete(statement.counter.name)
  })
  return names
}

export function readBy(statement: Statement): Set<string> {
  const names = new Set<string>()
  for (const expression of expressionsOf(statement)) variablesIn(expression, names)
  return names
}
