/**
 * Puts the two sweeps of a frame together, once it is known where each value comes from.
 */

import { assign, declare, number, operation, variable } from '../ir/build.ts'
import type { Expression, Statement, Type } from '../ir/nodes.ts'
import { placeholder } from '../ir/placeholder.ts'
import type { Scope } from '../ir/scope.ts'
import { declaredBy } from '../ir/walk.ts'
import { isActive, type Context } from './context.ts'
import { freeNames, hasBackward, type BlockPlan, type Branch, type Item } from './plan.ts'
import type { Sources } from './sources.ts'

/** How a frame keeps a value between the sweeps. */
export interface Keeping {
  /** After the value was computed: what stores it, or nothing when the declaration itself is replaced. */
  save(name: string): readonly Statement[]
  /** At the head of the reversed block: what brings it back. */
  load(name: string): readonly Statement[]
  /** Whether a kept value lives in a variable declared at the frame's top level, so that its own declaration becomes an assignment. */
  isHoisted(name: string): boolean
}

export interface Sweeps {
  readonly forward: readonly Statement[]
  readonly backward: readonly Statement[]
}

export function assemble(plan: BlockPlan, sources: Sources, keeping: Keeping, context: Context): Sweeps {
  return {
    forward: plan.items.flatMap((item) => forwardOfItem(item, sources, keeping, context)),
    backward: backwardOfBlock(plan, sources, keeping, context),
  }
}

function forwardOfItem(item: Item, sources: Sources, keeping: Keeping, context: Context): readonly Statement[] {
  if (item.kind === 'fused') return item.whole
  if (item.kind === 'branch') {
    const inner = (block: BlockPlan): readonly Statement[] =>
      block.items.flatMap((nested) => forwardOfItem(nested, sources, keeping, context))
    return [{ ...item.source, test: item.forwardTest, then: inner(item.then), else: inner(item.else) }]
  }
  const name = declaredBy(item.source)
  if (name === undefined || !sources.kept.has(name)) return item.forward
  if (!keeping.isHoisted(name)) return [...item.forward, ...keeping.save(name)]
  return item.forward.flatMap((statement) => intoHoisted(statement, name, context))
}

function intoHoisted(statement: Statement, name: string, { scope }: Context): readonly Statement[] {
  if (statement.kind === 'declare' && statement.name === name && statement.value)
    return [assign(variable(name), statement.value, statement.origin)]
  if (statement.kind !== 'call' || statement.result !== name) return [statement]
  const result = scope.fresh(name, scope.typeOf(name))
  return [{ ...statement, result }, assign(variable(name), variable(result), statement.origin)]
}

/** The adjoints that a block declares, the values it brings back, then its statements from the last to the first. */
function backwardOfBlock(plan: BlockPlan, sources: Sources, keeping: Keeping, context: Context): readonly Statement[] {
  const reversed = plan.items.toReversed().flatMap((item) => backwardOfItem(item, sources, keeping, context))
  const values = plan.items.flatMap((item) => broughtBack(item, sources, keeping))
  return [...adjointsOf(plan, [...values, ...reversed], context), ...values, ...reversed]
}

function broughtBack(item: Item, sources: Sources, keeping: Keeping): readonly Statement[] {
  const name = item.kind === 'branch' ? undefined : declaredBy(item.source)
  if (name === undefined || item.kind === 'branch') return []
  if (sources.kept.has(name)) return keeping.load(name)
  return sources.again.has(name) ? [{ ...item.source }] : []
}

function backwardOfItem(item: Item, sources: Sources, keeping: Keeping, context: Context): readonly Statement[] {
  if (item.kind === 'leaf') return item.backward
  if (item.kind === 'fused' || !hasBackward(item)) return []
  return reverseBranch(item, sources, keeping, context)
}

function reverseBranch(item: Branch, sources: Sources, keeping: Keeping, context: Context): readonly Statement[] {
  const then = backwardOfBlock(item.then, sources, keeping, context)
  const otherwise = backwardOfBlock(item.else, sources, keeping, context)
  const { origin } = item.source
  const at = origin && { origin }
  if (then.length === 0) return [{ kind: 'if', test: inverted(item.reverseTest), then: otherwise, else: [], ...at }]
  return [{ kind: 'if', test: item.reverseTest, then, else: otherwise, ...at }]
}

export function inverted(test: Expression): Expression {
  if (test.kind === 'operation' && test.operator === '!') return test.operands[0]!
  if (test.kind === 'operation' && test.operator === '===') return { ...test, operator: '!==' }
  if (test.kind === 'operation' && test.operator === '!==') return { ...test, operator: '===' }
  return operation('!', test)
}

/** Adjoints of the numbers that a block declares start at zero where its reversal begins. */
export function adjointsOf(plan: BlockPlan, backward: readonly Statement[], context: Context): readonly Statement[] {
  const used = freeNames(backward)
  return plan.items.flatMap((item) => {
    const name = item.kind === 'branch' ? undefined : declaredBy(item.source)
    if (
      name === undefined ||
      context.variableOf.has(name) ||
      context.scope.typeOf(name).kind !== 'number' ||
      !isActive(variable(name), context)
    )
      return []
    const bar = context.bars.of(name)
    return used.has(bar) ? [declare(bar, number(0))] : []
  })
}

/** The declaration, at the top of a frame, of a value that is computed in a branch. */
export function hoisted(name: string, scope: Scope): Statement {
  scope.setMutable(name, true)
  const value = placeholder(scope.typeOf(name), emptyOf)
  return value ? declare(name, value) : declare(name)
}

/** A list or map that is declared before its value is known is empty. */
function emptyOf(type: Type): Expression | undefined {
  if (type.kind === 'array') return { kind: 'list', type, elements: [] }
  return type.kind === 'keyed' ? { kind: 'keyed', type } : undefined
}
