/**
 * Fuses the two sweeps of a loop whose iterations are independent but for sums: each iteration is reversed on the spot, with all its values
 * at hand and no tape (Hascoet, Fidanova, Held 2001: adjoining independent computations). What that needs of the reversal of what follows the loop stands before it (`before-loop.ts`).
 */

import { isStorage, type Region } from '../2-analyze/regions.ts'
import { variable } from '../ir/build.ts'
import { mentionsHooks } from '../ir/hook.ts'
import type { Expression, Loop, Statement } from '../ir/nodes.ts'
import { expressionsOf, someStatement, variablesAssigned, variablesIn, variablesMentioned, visitStatements } from '../ir/walk.ts'
import { Following } from './before-loop.ts'
import { effectsOf, type Effects } from './commute.ts'
import { barOf, isActive, type Context } from './context.ts'
import { joinFrame } from './join.ts'
import { hasBackward, type Apart, type Fused, type Item } from './plan.ts'
import { declaredIn, forwardOf, planBlock, type Surroundings } from './reverse-block.ts'
import { tripsOf } from './trips.ts'

export function fuseLoop(
  loop: Loop,
  later: readonly Item[],
  after: readonly Statement[],
  context: Context,
  where: Surroundings,
): Fused | Apart {
  if (loop.exit !== undefined) return { kind: 'exit' }
  if (someStatement(loop.body, ({ kind }) => kind === 'throw')) return { kind: 'throw' }
  // Hooks run last iteration first, and after all that the function itself does.
  if (mentionsHooks([...loop.body, ...after], (key) => context.callees.function(key))) return { kind: 'hook' }
  const carried = carriedBesidesSums(loop, context)
  if (carried !== undefined) return { kind: 'carried', name: carried }
  const statement = writeOutside(
    loop.body,
    new Set([...context.scratchOf(loop).keys(), ...(loop.counter ? [loop.counter.name] : [])]),
    context,
  )
  if (statement) return { kind: 'writes', statement }
  const following = new Following(loop, after, later, context)
  const atLeast = following.before(readingAdjoints(loop.body, context))
  if (atLeast.kind !== 'before') return atLeast
  const plan = planBlock(loop.body, context, {
    joined: true,
    top: true,
    depth: 0,
    early: where.early,
    visible: new Set([...where.visible, ...(loop.counter ? [loop.counter.name] : [])]),
  })
  if (!plan.items.some(hasBackward)) return { kind: 'passive' }
  const { statements, backward, sources } = joinFrame(plan, context, where.early, [])
  const before = following.before(effectsOf(backward, context))
  if (before.kind !== 'before') return before
  return {
    kind: 'fused',
    source: loop,
    before,
    setup: [],
    teardown: [],
    whole: [{ ...(forwardOf(loop, context) as Loop), body: statements }],
    backward,
    arms: [],
    loop: { loop, plan, sources, way: { kind: 'fused' }, tapes: new Map(), ...(loop.counter && { trips: tripsOf(loop.counter, context) }) },
  }
}

/** The reversal of statements reads the adjoints of what these assign, whatever it turns out to be. */
export function readingAdjoints(block: readonly Statement[], context: Context): Effects {
  const assigned = [...variablesAssigned(block)].filter((name) => isActive(variable(name), context))
  return { reads: new Set(assigned.map((name) => barOf(name, context))), adds: new Set(), writes: new Set(), more: false }
}

/** An active number that lives on through the iterations, and is not only added to, or is read by something else. */
function carriedBesidesSums(loop: Loop, context: Context): string | undefined {
  const inside = declaredIn(loop.body)
  return [...variablesAssigned(loop.body)].find((name) => {
    if (inside.has(name) || !isActive(variable(name), context)) return false
    return context.scope.typeOf(name).kind !== 'number' || !isOnlyAddedTo(name, loop, context)
  })
}

function isOnlyAddedTo(name: string, loop: Loop, context: Context): boolean {
  const isOwn = (expression: Expression | undefined): boolean =>
    expression?.kind === 'variable' && (context.variableOf.get(expression.name) ?? expression.name) === name
  const reads = (expression: Expression): boolean =>
    [...variablesIn(expression)].some((read) => (context.variableOf.get(read) ?? read) === name)
  let sums = true
  visitStatements([{ ...loop, body: loop.body }], (statement) => {
    if (statement.kind === 'declare' && context.variableOf.get(statement.name) === name) return
    if (statement.kind === 'assign' && isOwn(statement.target)) {
      const { value } = statement
      const [a, b] = value.kind === 'operation' && (value.operator === '+' || value.operator === '-') ? value.operands : []
      const rest = isOwn(a) ? b : isOwn(b) && value.kind === 'operation' && value.operator === '+' ? a : undefined
      if (!rest || reads(rest)) sums = false
    } else if (expressionsOf(statement).some(reads)) sums = false
  })
  return sums
}

/** A statement of a block that writes active storage, or storage that must be restored, which something outside the block refers to. */
export function writeOutside(block: readonly Statement[], own: ReadonlySet<string>, context: Context): Statement | undefined {
  const inside = new Set([...declaredIn(block), ...own])
  const outside = new Set<Region>()
  for (const name of variablesMentioned(block)) {
    if (inside.has(name) || !isStorage(context.scope.typeOf(name))) continue
    context.regions.reachable(context.regions.ofVariable(name), outside)
  }
  let found: Statement | undefined
  visitStatements(block, (statement) => {
    if (found || !context.writes.by(statement).some((region) => outside.has(region))) return
    if (statement.kind !== 'assign' || isActive(statement.target, context) || context.mustRestore(statement)) found = statement
  })
  return found
}
