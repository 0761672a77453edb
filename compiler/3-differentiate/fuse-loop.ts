/**
 * Fuses the two sweeps of a loop whose iterations are independent but for sums: each iteration is reversed on the spot, with all its values
 * at hand and no tape (Hascoet, Fidanova, Held 2001: adjoining independent computations). What follows the loop is reversed before it.
 */

import { isStorage, type Region } from '../2-analyze/regions.ts'
import { mentionsHooks } from '../ir/hook.ts'
import type { Expression, Loop, Statement, Type } from '../ir/nodes.ts'
import {
  declaredBy,
  someExpression,
  someStatement,
  variablesAssigned,
  variablesIn,
  variablesMentioned,
  visitExpression,
  visitStatements,
  expressionsOf,
} from '../ir/walk.ts'
import { commute, effectsOf } from './commute.ts'
import { barOf, isActive, type Context } from './context.ts'
import { joinFrame } from './join.ts'
import { hasBackward, type Apart, type Before, type Fused, type Item } from './plan.ts'
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
  // Whatever the reversal of the loop turns out to be, it reads the adjoints of what the loop adds to.
  const ahead = { loop, later, after }
  const sums = [...variablesAssigned(loop.body)].filter((name) => isActive({ kind: 'variable', name }, context))
  const atLeast = reversedAhead(
    ahead,
    sums.map((name): Statement => ({ kind: 'declare', name: '', value: { kind: 'variable', name: barOf(name, context) } })),
    context,
  )
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
  const before = reversedAhead(ahead, backward, context)
  if (before.kind !== 'before') return before
  return {
    kind: 'fused',
    source: loop,
    before,
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
  const inside = new Set([...declaredIn(loop.body), ...context.scratchOf(loop).keys()])
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

/** A loop that is to be reversed on the spot, and what follows it. */
interface Ahead {
  readonly loop: Loop
  readonly later: readonly Item[]
  readonly after: readonly Statement[]
}

/**
 * What follows the loop and must be reversed before it runs, because that adds to adjoints which the reversal of the loop reads, or which those of such
 * items read. All else is reversed where it would be. Refused where that is not possible: it would read what is not computed yet, or another loop that is
 * reversed on the spot would have to be reversed first.
 */
function reversedAhead({ loop, later, after }: Ahead, backward: readonly Statement[], context: Context): Before | Apart {
  const early = new Set(later.flatMap((item) => (item.kind === 'fused' ? [...item.before.reversed] : [])))
  const own = effectsOf(backward, context)
  const effects = later.map((item) => effectsOf(backwardOf(item), context))
  /** Whether an item may be reversed after the loop and those that are reversed before it, though it stands behind them. */
  const canWait = (at: number): boolean =>
    commute(own, effects[at]!) && later.every((item, i) => i >= at || !early.has(item) || commute(effects[i]!, effects[at]!))
  for (let known = -1; known < early.size;) {
    known = early.size
    later.forEach((item, at) => {
      if (item.kind !== 'fused' && !early.has(item) && hasBackward(item) && !canWait(at)) early.add(item)
    })
  }
  if (later.some((item, at) => item.kind === 'fused' && !canWait(at))) return { kind: 'second' }
  const changes = changesOf([loop, ...after], later.flatMap(madeBy), context)
  const sooner = computedSooner(after, changes, context)
  if (!isIndependentOf([...early], changes, sooner, context)) return { kind: 'read-later' }
  const read = namesRead([...early].flatMap(backwardOf), sooner)
  const moved = later.filter(({ kind, source }) => kind === 'leaf' && source.kind === 'declare' && read.has(source.name))
  return {
    kind: 'before',
    reversed: early,
    computed: new Set([...moved, ...later.flatMap((item) => (item.kind === 'fused' ? [...item.before.computed] : []))]),
  }
}

/** Whether the reversal of some items reads nothing that changes, but for what is computed sooner, and undoes nothing. */
function isIndependentOf(items: readonly Item[], changes: Changes, sooner: ReadonlyMap<string, Expression>, context: Context): boolean {
  if (items.some(({ setup, source }) => setup.length > 0 || someStatement([source], context.mustRestore))) return false
  const reads = readerOf(changes, sooner, context)
  return !someStatement(items.flatMap(backwardOf), (statement) => expressionsOf(statement).some(reads))
}

/** Constants of the list after a loop that are computed from nothing that the loop and the list change: they may be computed before it. */
function computedSooner(after: readonly Statement[], changes: Changes, context: Context): ReadonlyMap<string, Expression> {
  const found = new Map<string, Expression>()
  const reads = readerOf(changes, found, context)
  for (const statement of after) {
    if (statement.kind !== 'declare' || !statement.value || context.scope.isMutable(statement.name)) continue
    const { name, value } = statement
    if (isPlain(context.scope.typeOf(name)) && !someExpression(value, isCode) && !reads(value)) found.set(name, value)
  }
  return found
}

const isPlain = ({ kind }: Type): boolean => kind === 'number' || kind === 'boolean'
const isCode = ({ kind }: Expression): boolean => kind === 'opaque'

/** The names among some that statements read, and those that their values read. */
function namesRead(block: readonly Statement[], among: ReadonlyMap<string, Expression>): ReadonlySet<string> {
  const found = new Set<string>()
  const note = (expression: Expression): void => {
    for (const name of variablesIn(expression)) {
      const value = among.get(name)
      if (!value || found.has(name)) continue
      found.add(name)
      note(value)
    }
  }
  visitStatements(block, (statement) => expressionsOf(statement).forEach(note))
  return found
}

interface Changes {
  readonly names: ReadonlySet<string>
  readonly regions: ReadonlySet<Region>
}

/** What a block changes, and the names that its forward sweep makes beside. */
function changesOf(block: readonly Statement[], made: readonly Statement[], { writes }: Context): Changes {
  const regions = new Set<Region>()
  visitStatements(block, (statement) => {
    for (const region of writes.changedBy(statement)) regions.add(region)
  })
  const names = variablesAssigned([...block, ...made])
  visitStatements([...block, ...made], (statement) => {
    const name = declaredBy(statement)
    if (name !== undefined) names.add(name)
  })
  return { names, regions }
}

/** Says of an expression whether it reads what changes. */
function readerOf(
  { names, regions }: Changes,
  sooner: ReadonlyMap<string, Expression>,
  context: Context,
): (expression: Expression) => boolean {
  return (expression) => {
    let touches = false
    visitExpression(expression, (node) => {
      if (node.kind === 'variable' && names.has(node.name) && !sooner.has(node.name)) touches = true
      if (node.kind !== 'element' && node.kind !== 'field') return
      const region = context.regions.of(node)
      if (region && regions.has(region)) touches = true
    })
    return touches
  }
}

/** What an item's forward sweep runs, its own counters among it. */
function madeBy(item: Item): readonly Statement[] {
  if (item.kind === 'branch') return [...item.then.items, ...item.else.items].flatMap(madeBy)
  return item.kind === 'fused' ? item.whole : item.forward
}

function backwardOf(item: Item): readonly Statement[] {
  if (item.kind !== 'branch') return item.backward
  if (!hasBackward(item)) return []
  return [{ kind: 'if', test: item.reverseTest, then: item.then.items.flatMap(backwardOf), else: item.else.items.flatMap(backwardOf) }]
}
