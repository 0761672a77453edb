/**
 * Where each value comes from that the reverse sweep of a frame reads: still in scope, kept, or computed again.
 */

import type { Expression, Statement } from '../ir/nodes.ts'
import { typeOf } from '../ir/types.ts'
import { declaredBy, variablesIn, visitExpression, visitStatements } from '../ir/walk.ts'
import { isStorage, type Region } from '../2-analyze/regions.ts'
import { cheapestCut, type Value } from './cut.ts'
import { isActive, type Context } from './context.ts'
import { readInReverse, visitItems, type BlockPlan } from './plan.ts'
import { isCreation, isShadow, repeatable, type Definition, type Obstacle } from './repeatable.ts'
import { shadowsOfArguments } from './reverse-call.ts'
import { shadowOf } from './shadows.ts'

export interface Sources {
  /** Kept by the forward sweep: in a tape, a residual, or a variable that outlives its branch. */
  readonly kept: ReadonlySet<string>
  /** Computed again at the head of the reversed block that declares it. */
  readonly again: ReadonlySet<string>
  /** What stands in the way of computing a kept value again; a kept value that is not here could be, from others that would have to be kept. */
  readonly obstacles: ReadonlyMap<string, Obstacle>
}

/** `parameters` are values from outside that must be kept too when they are needed; `cheap` are values that cost almost nothing to keep. */
export function chooseSources(
  plan: BlockPlan,
  joined: boolean,
  context: Context,
  early: ReadonlySet<string>,
  parameters: readonly string[] = [],
  cheap: ReadonlySet<string> = new Set(),
): Sources {
  const { definitions, writtenAfter } = survey(plan, context)
  const needed = readInReverse(plan)
  const obstacles = new Map<string, Obstacle>()
  const inScope = (definition: Definition): boolean => joined && definition.top
  const values = definitions
    .filter((definition) => !inScope(definition))
    .map((definition): Value => {
      const again = repeatable(definition, writtenAfter, context, early)
      if ('obstacle' in again) obstacles.set(definition.name, again.obstacle)
      const cost = cheap.has(definition.name) ? ALMOST_NOTHING : costOf(definition.name, context)
      return { name: definition.name, cost, inputs: 'value' in again ? [...variablesIn(again.value)] : undefined }
    })
    .concat(parameters.map((name) => ({ name, cost: costOf(name, context), inputs: undefined })))
  for (const name of parameters) obstacles.set(name, { kind: 'given' })
  const kept = cheapestCut(values, needed)
  return { kept, again: behindTheCut(values, needed, kept), obstacles }
}

function survey(
  plan: BlockPlan,
  context: Context,
): { definitions: readonly Definition[]; writtenAfter: (region: Region, position: number) => boolean } {
  const definitions: Definition[] = []
  const lastWrite = new Map<Region, number>()
  let position = 0
  visitItems(plan, (item, top) => {
    position++
    const name = item.kind === 'branch' ? undefined : declaredBy(item.source)
    if (name !== undefined) definitions.push({ name, source: item.source, top, position })
    if (item.kind === 'branch') return
    visitStatements([item.source], (statement) => {
      for (const region of context.writes.changedBy(statement)) lastWrite.set(region, position)
      // What a callee does to references, its derivative does to those of the shadows.
      if (statement.kind === 'call' && context.writes.by(statement).length > 0)
        for (const region of shadowsOfArguments(statement, context)) lastWrite.set(region, position)
    })
  })
  return { definitions, writtenAfter: (region, at) => (lastWrite.get(region) ?? 0) > at }
}

const ALMOST_NOTHING = 1e-3

/** A number or a truth value fits in a tape; a reference needs an array of objects. */
function costOf(name: string, context: Context): number {
  const { kind } = context.scope.typeOf(name)
  return kind === 'number' || kind === 'boolean' ? 1 : 2
}

function behindTheCut(values: readonly Value[], needed: ReadonlySet<string>, kept: ReadonlySet<string>): Set<string> {
  const byName = new Map(values.map((value) => [value.name, value]))
  const again = new Set<string>()
  const visit = (name: string): void => {
    const value = byName.get(name)
    if (!value || kept.has(name) || again.has(name)) return
    again.add(name)
    for (const input of value.inputs ?? []) visit(input)
  }
  for (const name of needed) visit(name)
  return again
}

/**
 * The shadows that must be made in the forward sweep, because their references are passed on there: stored, assigned to a variable,
 * given to a call or `passedOn` to the caller. All others can be made when the reverse sweep first needs them.
 */
export function findEarlyShadows(block: readonly Statement[], context: Context, passedOn: ReadonlySet<string> = new Set()): Set<string> {
  const early = new Set<string>(passedOn)
  const aliases = new Map<string, Set<string>>()
  const note = (expression: Expression): void =>
    visitExpression(expression, (node) => {
      if (node.kind === 'variable' && isShadow(context.variableOf.get(node.name) ?? node.name, context)) early.add(node.name)
    })
  visitStatements(block, (statement) => {
    if (statement.kind === 'declare' && statement.value) {
      const isAlias = !isCreation(statement.value) && !context.scope.isMutable(statement.name)
      if (isAlias) aliases.set(statement.name, variablesIn(statement.value))
      else note(statement.value)
    } else if (statement.kind === 'assign') {
      note(statement.target)
      note(statement.value)
    } else if (statement.kind === 'push' || statement.kind === 'truncate') {
      note(statement.array)
      if (statement.kind === 'push') note(statement.value)
    } else if (statement.kind === 'reserve') note({ kind: 'variable', name: statement.tape })
    else if (statement.kind === 'call') {
      for (const argument of statement.arguments)
        if (isStorage(typeOf(argument, context.scope.variables)) && isActive(argument, context)) note(shadowOf(argument, context.bars))
    }
    if (statement.kind === 'return' && statement.value) note(statement.value)
  })
  for (let before = -1; before !== early.size;) {
    before = early.size
    for (const [alias, names] of aliases) if (early.has(alias)) for (const name of names) early.add(name)
  }
  return early
}
