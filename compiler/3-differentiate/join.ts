/** Puts a joined frame in order: forward, then backward, in one scope; loops that are reversed on the spot stand in the middle. */

import type { Statement } from '../ir/nodes.ts'
import { adjointsOf, assemble, hoisted, type Keeping } from './assemble.ts'
import type { Context } from './context.ts'
import type { BlockPlan, Item } from './plan.ts'
import { chooseSources, type Sources } from './sources.ts'

/** `between` stands after the last forward statement, before what is reversed last. */
export function joinFrame(
  plan: BlockPlan,
  context: Context,
  early: ReadonlySet<string>,
  between: readonly Statement[],
): { statements: readonly Statement[]; backward: readonly Statement[]; sources: Sources } {
  const sources = chooseSources(plan, true, context, early)
  const hoists = [...sources.kept].map((name) => hoisted(name, context.scope))
  const keeping: Keeping = { isHoisted: () => true, save: () => [], load: () => [] }
  const sweeps = (items: readonly Item[]): { forward: readonly Statement[]; backward: readonly Statement[] } => ({
    forward: items.flatMap((item) => [...item.setup, ...assemble({ items: [item] }, sources, keeping, context).forward]),
    backward: items.toReversed().flatMap((item) => [...withoutAdjoints(item), ...item.teardown]),
  })
  // The adjoints of the frame's own numbers are declared once for all its items.
  const withoutAdjoints = (item: Item): readonly Statement[] =>
    item.kind === 'leaf' ? item.backward : item.kind === 'branch' ? assemble({ items: [item] }, sources, keeping, context).backward : []

  const middle = plan.items.findIndex(({ kind }) => kind === 'fused')
  const first = sweeps(middle < 0 ? plan.items : plan.items.slice(0, middle))
  const later = middle < 0 ? [] : plan.items.slice(middle)
  const isAhead = (item: Item): boolean => later.some((one) => one.kind === 'fused' && one.before.reversed.has(item))
  const isSooner = (item: Item): boolean => later.some((one) => one.kind === 'fused' && one.before.computed.has(item))
  const sooner = sweeps(later.filter(isSooner)).forward
  const ahead = sweeps(later.filter(isAhead)).backward
  const rest = sweeps(later.filter((item) => item.kind !== 'fused' && !isAhead(item))).backward
  const whole = later.flatMap((item) => (item.kind === 'fused' ? item.whole : isSooner(item) ? [] : sweeps([item]).forward))
  const fused = later.flatMap((item) => (item.kind === 'fused' ? item.backward : []))
  const adjoints = adjointsOf(plan, [...ahead, ...whole, ...rest, ...first.backward], context)
  return {
    statements: [...hoists, ...first.forward, ...adjoints, ...sooner, ...ahead, ...whole, ...between, ...rest, ...first.backward],
    backward: [...ahead, ...fused, ...rest, ...first.backward],
    sources,
  }
}
