/**
 * Fuses the two sweeps of a loop whose iterations are independent but for sums: each iteration is reversed on the spot, with all its values
 * at hand and no tape (Hascoet, Fidanova, Held 2001: adjoining independent computations). What follows the loop is reversed before it.
 */

import { isStorage, type Region } from '../2-analyze/regions.ts'
import { mentionsHooks } from '../ir/hook.ts'
import type { Expression, Loop, Statement } from '../ir/nodes.ts'
import {
  someStatement,
  variablesAssigned,
  variablesIn,
  variablesMentioned,
  visitExpression,
  visitStatements,
  expressionsOf,
} from '../ir/walk.ts'
import { commute } from './commute.ts'
import { isActive, type Context } from './context.ts'
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
  const statement = writeOutside(loop, context)
  if (statement) return { kind: 'writes', statement }
  if (!isIndependentOf(later, loop, after, context)) return { kind: 'read-later' }
  const plan = planBlock(loop.body, context, {
    joined: true,
    top: true,
    depth: 0,
    early: where.early,
    visible: new Set([...where.visible, ...(loop.counter ? [loop.counter.name] : [])]),
  })
  if (!plan.items.some(hasBackward)) return { kind: 'passive' }
  const { statements, backward, sources } = joinFrame(plan, context, where.early, [])
  if (!canPrecede(backward, later, context)) return { kind: 'second' }
  return {
    kind: 'fused',
    source: loop,
    setup: [],
    teardown: [],
    whole: [{ ...(forwardOf(loop, context) as Loop), body: statements }],
    backward,
    loop: { loop, plan, sources, way: { kind: 'fused' }, tapes: new Map(), ...(loop.counter && { trips: tripsOf(loop.counter, context) }) },
  }
}

/** An active number that lives on through the iterations, and is not only added to, or is read by something else. */
function carriedBesidesSums(loop: Loop, context: Context): string | undefined {
  const inside = declaredIn(loop.body)
  return [...variablesAssigned(loop.body)].find((name) => {
    if (inside.has(name) || !isActive({ kind: 'variable', name }, context)) return false
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

/** A statement that writes active storage, or storage that must be restored, which something outside the body refers to. */
function writeOutside(loop: Loop, context: Context): Statement | undefined {
  const inside = new Set([...declaredIn(loop.body), ...context.scratchOf(loop)])
  const outside = new Set<Region>()
  for (const name of variablesMentioned(loop.body)) {
    if (inside.has(name) || loop.counter?.name === name || !isStorage(context.scope.typeOf(name))) continue
    context.regions.reachable(context.regions.ofVariable(name), outside)
  }
  let found: Statement | undefined
  visitStatements(loop.body, (statement) => {
    if (found || !context.writes.by(statement).some((region) => outside.has(region))) return
    if (statement.kind !== 'assign' || isActive(statement.target, context) || context.mustRestore(statement)) found = statement
  })
  return found
}

/** Whether the reversal of what follows reads nothing that the loop or what follows computes. */
function isIndependentOf(later: readonly Item[], loop: Loop, after: readonly Statement[], context: Context): boolean {
  if (later.some((item) => item.setup.length > 0) || someStatement(after, context.mustRestore)) return false
  const block = [loop, ...after]
  const changed = new Set([...declaredIn(block), ...variablesAssigned(block)])
  const written = new Set<Region>()
  visitStatements(block, (statement) => {
    for (const region of context.writes.changedBy(statement)) written.add(region)
  })
  const backward = later.flatMap((item) => (item.kind === 'fused' ? [] : backwardOf(item)))
  const reads = (expression: Expression): boolean => {
    let touches = false
    visitExpression(expression, (node) => {
      if (node.kind === 'variable' && changed.has(node.name)) touches = true
      if (node.kind !== 'element' && node.kind !== 'field') return
      const region = context.regions.of(node)
      if (region && written.has(region)) touches = true
    })
    return touches
  }
  return !someStatement(backward, (statement) => expressionsOf(statement).some(reads))
}

/**
 * Where several loops are reversed on the spot, what stands between them reverses before the first of them, and each reverses before those after it: the
 * other way round than it would be in the reverse sweep.
 */
function canPrecede(backward: readonly Statement[], later: readonly Item[], context: Context): boolean {
  return later.every((item, i) => {
    if (item.kind !== 'fused') return true
    const before = later.slice(0, i).flatMap((one) => (one.kind === 'fused' ? [] : backwardOf(one)))
    return commute([...backward, ...before], item.backward, context)
  })
}

function backwardOf(item: Item): readonly Statement[] {
  if (item.kind !== 'branch') return item.backward
  if (!hasBackward(item)) return []
  return [{ kind: 'if', test: item.reverseTest, then: item.then.items.flatMap(backwardOf), else: item.else.items.flatMap(backwardOf) }]
}
