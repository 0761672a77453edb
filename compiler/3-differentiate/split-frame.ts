/**
 * A function's body as two sweeps that run apart from each other: what the backward one reads of the forward one is *kept*.
 */

import type { Expression, FunctionNode, Statement } from '../ir/nodes.ts'
import type { Scope } from '../ir/scope.ts'
import { declaredBy, mapAllExpressions, mapBlocksOf, mapExpression, variablesAssigned, variablesMentioned } from '../ir/walk.ts'
import { boundIn } from '../ir/bound.ts'
import { operation, number } from '../ir/build.ts'
import { assemble, hoisted, type Keeping } from './assemble.ts'
import type { Context } from './context.ts'
import { visitItems, type FramePlan } from './plan.ts'
import { planBlock } from './reverse-block.ts'
import { chooseSources, findEarlyShadows } from './sources.ts'

export interface SplitFrame {
  readonly forward: readonly Statement[]
  /** What the function returns, at the end of the forward sweep. */
  readonly returned: Expression | undefined
  readonly backward: readonly Statement[]
  readonly plan: FramePlan
}

/** `passedOn`: shadows that leave the forward sweep, and so must be made there. */
export function splitFrame(
  body: readonly Statement[],
  context: Context,
  parameters: readonly string[],
  passedOn: ReadonlySet<string>,
): SplitFrame {
  const early = findEarlyShadows(body, context, passedOn)
  const plan = planBlock(body, context, { joined: false, top: true, depth: 0, early, visible: new Set(parameters) })
  const sources = chooseSources(plan, false, context, early, parameters)
  const top = new Set<string>(parameters)
  visitItems(plan, (item, isTop) => {
    const name = item.kind === 'branch' ? undefined : declaredBy(item.source)
    if (isTop && name !== undefined) top.add(name)
  })
  const keeping: Keeping = { isHoisted: (name) => !top.has(name), save: () => [], load: () => [] }
  const hoists = [...sources.kept].filter((name) => !top.has(name)).map((name) => hoisted(name, context.scope))
  const forward = plan.items.flatMap((item) => [...item.setup, ...assemble({ items: [item] }, sources, keeping, context).forward])
  const { backward } = assemble(plan, sources, keeping, context)
  const last = forward.at(-1)
  const returned = last?.kind === 'return' ? last.value : undefined
  return {
    forward: unpooled([...hoists, ...(last?.kind === 'return' ? forward.slice(0, -1) : forward)]),
    returned,
    backward,
    plan: { plan, sources },
  }
}

/** What is kept can't come from a buffer that the next call takes again. */
export function unpooled(block: readonly Statement[]): readonly Statement[] {
  const own = (creation: Expression): Expression => {
    if (creation.kind !== 'zeros' || !creation.pooled) return creation
    const { type, length } = creation
    return { kind: 'zeros', type, length: atLeastZero(length) }
  }
  return withoutPool(mapAllExpressions(block, (expression) => mapExpression(expression, own)))
}

/** Needs: a made function. Promises: nothing in it comes from a reused buffer, so that it can be differentiated in turn. */
export const unpooledFunction = (fn: FunctionNode): FunctionNode => ({ ...fn, body: unpooled(fn.body) })

const withoutPool = (block: readonly Statement[]): readonly Statement[] =>
  block.flatMap((statement) => {
    if (statement.kind === 'release') return []
    return [statement.kind === 'reserve' ? { ...statement, pooled: false } : mapBlocksOf(statement, withoutPool)]
  })

/** A loop that does not run can have bounds that cross. */
function atLeastZero(length: Expression): Expression {
  if (length.kind === 'length' || (length.kind === 'number' && length.value >= 0)) return length
  return operation('Math.max', length, number(0))
}

/** The names that a block mentions or declares, with their types and whether it assigns them. */
export function variablesOf(block: readonly Statement[], parameters: readonly string[], scope: Scope): FunctionNode['variables'] {
  const names = new Set([...parameters, ...variablesMentioned(block), ...boundIn(block)])
  const assigned = variablesAssigned(block)
  return Object.fromEntries([...names].map((name) => [name, { type: scope.typeOf(name), mutable: assigned.has(name) }]))
}
