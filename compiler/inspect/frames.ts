/** The frames of a plan: the function's own, and that of every loop. */

import { visitItems, type FramePlan, type Item, type LoopPlan } from '../3-differentiate/plan.ts'
import type { Origin } from '../ir/nodes.ts'

export interface Frame {
  readonly plan: FramePlan
  /** The loop whose body it is. */
  readonly loop: LoopPlan | undefined
  /** The loops around it, the outermost first, from the last whose iterations are reversed on the spot. */
  readonly around: readonly LoopPlan[]
}

/** In the order of the text, each frame before those in it. */
export function framesOf(plan: FramePlan, loop?: LoopPlan, around: readonly LoopPlan[] = []): readonly Frame[] {
  const inner: readonly LoopPlan[] = loop === undefined ? [] : loop.way.kind === 'fused' ? [] : [...around, loop]
  const nested: Frame[] = []
  visitItems(plan.plan, (item) => {
    if (item.kind !== 'branch' && item.loop) nested.push(...framesOf(item.loop, item.loop, inner))
  })
  return [{ plan, loop, around }, ...nested]
}

/** Every item of a frame in the order of the text, with the place in the source that it belongs to. */
export function placedItems(
  { plan, loop }: Frame,
  start: Origin | undefined,
): readonly { readonly item: Item; readonly origin: Origin | undefined }[] {
  const items: Item[] = []
  visitItems(plan.plan, (item) => items.push(item))
  let last = loop?.loop.origin ?? start
  return items.map((item) => {
    // The snapshot of a value follows the statement that computes it.
    last = item.source.origin ?? last
    return { item, origin: last }
  })
}
