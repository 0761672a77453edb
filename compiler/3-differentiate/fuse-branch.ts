/**
 * Reverses a branch where it stands: each arm runs, and is reversed, in one scope, so that the loops and calls in it can be reversed on the spot. A function that begins with
 * `if (x.length === 0) return 0` is a branch as a whole.
 */

import type { If, Statement } from '../ir/nodes.ts'
import { mentionsHooks } from '../ir/hook.ts'
import { leaves, someStatement } from '../ir/walk.ts'
import { Following } from './before-loop.ts'
import { effectsOf } from './commute.ts'
import type { Context } from './context.ts'
import { readingAdjoints, writeOutside } from './fuse-loop.ts'
import { joinFrame } from './join.ts'
import { hasBackward, visitItems, type Fused, type Item } from './plan.ts'
import { forwardOf, planBlock, type Surroundings } from './reverse-block.ts'

/** Nothing where no loop or call gains from it, or what follows can not be reversed first. */
export function fuseBranch(
  branch: If,
  later: readonly Item[],
  after: readonly Statement[],
  context: Context,
  where: Surroundings,
): Fused | undefined {
  const arms = [branch.then, branch.else]
  const inside = arms.flat()
  if (!someStatement(inside, ({ kind }) => kind === 'loop' || kind === 'call') || someStatement(inside, ({ kind }) => kind === 'throw'))
    return undefined
  if (arms.some(leaves) || mentionsHooks([...inside, ...after], (key) => context.callees.function(key))) return undefined
  if (writeOutside(inside, new Set(), context)) return undefined
  const following = new Following(branch, after, later, context)
  if (following.before(readingAdjoints(inside, context)).kind !== 'before') return undefined
  const plans = [branch.then, branch.else].map((arm) => planBlock(arm, context, { ...where, joined: true, top: true, depth: 0 }))
  if (!plans.some(reversesOnTheSpot)) return undefined
  const [then, otherwise] = plans.map((plan) => ({ plan, ...joinFrame(plan, context, where.early, []) }))
  const backward: readonly Statement[] = [{ kind: 'if', test: branch.test, then: then!.backward, else: otherwise!.backward }]
  const before = following.before(effectsOf(backward, context))
  if (before.kind !== 'before') return undefined
  return {
    kind: 'fused',
    source: branch,
    before,
    setup: [],
    teardown: [],
    whole: [{ ...(forwardOf(branch, context) as If), then: then!.statements, else: otherwise!.statements }],
    backward,
    arms: [then!, otherwise!],
  }
}

function reversesOnTheSpot(plan: ReturnType<typeof planBlock>): boolean {
  let found = false
  visitItems(plan, (item) => {
    if (item.kind === 'fused' && hasBackward(item)) found = true
  })
  return found
}
