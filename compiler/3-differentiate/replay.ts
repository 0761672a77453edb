/**
 * A loop whose reversed iterations only add to adjoints can run in its own order: then a passive number that it carries along, such as the place in a
 * packed triangle, `entry++`, is computed again from what it was before the loop, and needs no tape.
 *
 * Counting it back would not do: `(x + 1) - 1` need not be `x`. The same steps from the same start give the same numbers.
 */

import type { Region } from '../2-analyze/regions.ts'
import { assign, declare, NUMBER, variable } from '../ir/build.ts'
import { mentionsHooks } from '../ir/hook.ts'
import type { Assign, Expression, Loop, Statement } from '../ir/nodes.ts'
import { sameExpression } from '../ir/same.ts'
import {
  blocksOf,
  childrenOf,
  expressionsOf,
  mapAllExpressions,
  mapExpression,
  someExpression,
  someStatement,
  variablesIn,
  visitExpression,
  visitStatements,
} from '../ir/walk.ts'
import { assemble, type Keeping } from './assemble.ts'
import { isActive, type Context } from './context.ts'
import { visitItems, type BlockPlan } from './plan.ts'
import { chooseSources, type Sources } from './sources.ts'

export interface Replay {
  readonly sources: Sources
  /** The variables whose values are computed again. */
  readonly carried: readonly string[]
  readonly forward: readonly Statement[]
  readonly backward: readonly Statement[]
}

const NOTHING_KEPT: Keeping = { isHoisted: () => false, save: () => [], load: () => [] }

/** Both sweeps of a loop of which nothing need be kept but what it starts from; `undefined` where that is not so. */
export function replayLoop(loop: Loop, plan: BlockPlan, context: Context, early: ReadonlySet<string>): Replay | undefined {
  const { counter } = loop
  if (
    !counter ||
    loop.exit !== undefined ||
    plan.items.some(({ setup }) => setup.length > 0) ||
    mentionsHooks(loop.body, (key) => context.callees.function(key))
  )
    return undefined
  const steps = stepsOf(loop, counter.name, context)
  if (steps.size === 0 || !onlyAdds(plan, context)) return undefined
  const sources = chooseSources(plan, false, context, early, [], new Set(steps.keys()))
  if (sources.kept.size === 0 || ![...sources.kept].every((name) => steps.has(name))) return undefined

  const { forward, backward } = assemble(plan, sources, NOTHING_KEPT, context)
  const { scope } = context
  const carried = new Map([...sources.kept].map((head) => [head, scope.fresh(context.variableOf.get(head)!, NUMBER, true)]))
  const read = (expression: Expression): Expression =>
    mapExpression(expression, (node) => (node.kind === 'variable' ? variable(carried.get(node.name) ?? node.name) : node))
  const ahead = [...carried].map(([head, name]) => assign(variable(name), read(steps.get(head)!)))
  return {
    // What is carried is on no tape.
    sources: { kept: new Set(), again: sources.again, obstacles: sources.obstacles },
    carried: [...carried.keys()].map((head) => context.variableOf.get(head)!),
    forward,
    backward: [
      ...[...carried].map(([head, name]) => declare(name, variable(context.entered.get(head)!))),
      { kind: 'loop', counter, body: [...mapAllExpressions(backward, read), ...ahead], ...(loop.origin && { origin: loop.origin }) },
    ],
  }
}

/** The passive numbers that each iteration changes once, and by themselves: from the name at the head of the body to what it is changed to. */
function stepsOf(loop: Loop, counter: string, context: Context): ReadonlyMap<string, Expression> {
  const changes = new Map<string, Assign[]>()
  const inside = new Set<string>()
  visitStatements(loop.body, (statement) => {
    if (statement.kind === 'declare') inside.add(statement.name)
    if (statement.kind === 'loop' && statement.counter) inside.add(statement.counter.name)
    if (statement.kind === 'call' && statement.result !== undefined) inside.add(statement.result)
    if (statement.kind !== 'assign' || statement.target.kind !== 'variable') return
    const { name } = statement.target
    changes.set(name, [...(changes.get(name) ?? []), statement])
  })
  const steps = new Map<string, Expression>()
  for (const statement of loop.body) {
    if (statement.kind !== 'declare' || !context.entered.has(statement.name)) continue
    const head = statement.name
    const [change, ...others] = changes.get(context.variableOf.get(head)!) ?? []
    if (!change || others.length > 0 || !loop.body.includes(change)) continue
    if (context.scope.typeOf(head).kind !== 'number' || isActive(variable(head), context)) continue
    const isKnown = (name: string): boolean => name === head || name === counter || !inside.has(name)
    if (isArithmetic(change.value) && [...variablesIn(change.value)].every(isKnown)) steps.set(head, change.value)
  }
  return steps
}

const isArithmetic = (expression: Expression): boolean =>
  !someExpression(expression, ({ kind }) => kind !== 'number' && kind !== 'variable' && kind !== 'operation')

/** Whether the reversed iterations do nothing that one could see from another but add to adjoints. */
function onlyAdds(plan: BlockPlan, context: Context): boolean {
  const local = new Set<string>()
  const backward: Statement[] = []
  visitItems(plan, (item) => {
    if (item.kind === 'branch') return
    backward.push(...item.backward)
    if (item.source.kind === 'declare' && context.bars.has(item.source.name)) local.add(context.bars.of(item.source.name))
  })
  if (someStatement(backward, doesMore)) return false
  const changes: Assign[] = []
  visitStatements(backward, (statement) => {
    if (statement.kind === 'declare') local.add(statement.name)
    if (statement.kind === 'assign') changes.push(statement)
  })
  const seen = changes.filter(({ target }) => target.kind !== 'variable' || !local.has(target.name))
  return seen.every((change) => addend(change) !== undefined) && !readsAny(backward, seen, context)
}

/** Anything but arithmetic and its control flow. */
function doesMore(statement: Statement): boolean {
  if (!['declare', 'assign', 'if', 'loop', 'comment'].includes(statement.kind)) return true
  if (statement.kind === 'loop' && !statement.counter) return true
  return expressionsOf(statement).some((expression) => someExpression(expression, makesOrRuns))
}

/** Text that is run, and new storage. */
const makesOrRuns = ({ kind }: Expression): boolean =>
  !['number', 'boolean', 'variable', 'operation', 'element', 'field', 'length'].includes(kind)

/** What is added, in `a = a + e` and `a = a - e`. */
function addend({ target, value }: Assign): Expression | undefined {
  if (value.kind !== 'operation' || (value.operator !== '+' && value.operator !== '-')) return undefined
  return sameExpression(value.operands[0]!, target) ? value.operands[1] : undefined
}

/** Whether anything is read that is added to, but for the additions themselves. */
function readsAny(backward: readonly Statement[], additions: readonly Assign[], context: Context): boolean {
  const names = new Set<string>()
  const regions = new Set<Region>()
  for (const { target } of additions) {
    const region = target.kind === 'variable' ? undefined : context.regions.of(target)
    if (target.kind === 'variable') names.add(target.name)
    else if (region) regions.add(region)
    else return true
  }
  const reads = (expression: Expression): boolean => {
    let found = false
    visitExpression(expression, (node) => {
      if (node.kind === 'variable' && names.has(node.name)) found = true
      if (node.kind !== 'element' && node.kind !== 'field') return
      const region = context.regions.of(node)
      if (!region || regions.has(region)) found = true
    })
    return found
  }
  const added = new Set<Statement>(additions)
  const inBlock = (block: readonly Statement[]): boolean =>
    block.some((statement) => {
      const parts = added.has(statement) ? partsOf(statement as Assign) : readBy(statement)
      return parts.some(reads) || blocksOf(statement).some(inBlock)
    })
  return inBlock(backward)
}

/** What an addition reads besides the place that it adds to. */
const partsOf = (addition: Assign): readonly Expression[] => [
  addend(addition)!,
  ...(addition.target.kind === 'variable' ? [] : childrenOf(addition.target)),
]

const readBy = (statement: Statement): readonly Expression[] =>
  statement.kind === 'assign' && statement.target.kind === 'variable' ? [statement.value] : expressionsOf(statement)
