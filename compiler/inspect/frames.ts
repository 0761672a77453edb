/** The frames of a plan: the function's own, that of every loop, and those of the arms of branches that are reversed where they stand. */

import { visitItems, type FramePlan, type Item, type LoopPlan } from '../3-differentiate/plan.ts'
import type { Origin, Statement } from '../ir/nodes.ts'

export interface Frame {
  readonly plan: FramePlan
  /** The loop whose body it is. */
  readonly loop: LoopPlan | undefined
  /** The loops around it, the outermost first, from the last whose iterations are reversed on the spot. */
  readonly around: readonly LoopPlan[]
  /** The branch that it is an arm of. */
  readonly branch?: Statement
}

/** In the order of the text, each frame before those in it. */
export function framesOf(plan: FramePlan, loop?: LoopPlan, around: readonly LoopPlan[] = [], branch?: Statement): readonly Frame[] {
  const inner: readonly LoopPlan[] = loop === undefined ? [] : loop.way.kind === 'fused' ? [] : [...around, loop]
  const nested: Frame[] = []
  visitItems(plan.plan, (item) => {
    if (item.kind === 'branch') return
    if (item.loop) nested.push(...framesOf(item.loop, item.loop, inner))
    if (item.kind === 'fused') nested.push(...item.arms.flatMap((arm) => framesOf(arm, undefined, around, item.source)))
  })
  return [{ plan, loop, around, ...(branch && { branch }) }, ...nested]
}

/** Every item of a frame in the order of the text, with the place in the source that it belongs to. */
export function placedItems(
  { plan, loop, branch }: Frame,
  start: Origin | undefined,
): readonly { readonly item: Item; readonly origin: Origin | undefined }[] {
  const items: Item[] = []
  visitItems(plan.plan, (item) => items.push(item))
  let last = (loop?.loop ?? branch)?.origin ?? start
  return items.map((item) => {
    // The snapshot of a value follows the statement that computes it.
    last = item.source.origin ?? last
    return { item, origin: last }
  })
}
