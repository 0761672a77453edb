/**
 * Plans a list of statements: what each becomes in the forward and in the reverse sweep.
 */

import { operation, variable } from '../ir/build.ts'
import { isHook } from '../ir/hook.ts'
import type { Call, Expression, If, Loop, Statement } from '../ir/nodes.ts'
import { leaves, mapAllExpressions, mapExpression, mapExpressionsOf, visitStatements } from '../ir/walk.ts'
import type { Context } from './context.ts'
import { fuseBranch } from './fuse-branch.ts'
import { fuseCall } from './fuse-call.ts'
import { fuseLoop } from './fuse-loop.ts'
import { hasBackward, type Apart, type BlockPlan, type Branch, type Fused, type Item } from './plan.ts'
import { inParts } from './in-parts.ts'
import { planCall } from './reverse-call.ts'
import { reverseLoop } from './reverse-loop.ts'
import { reverseStatement } from './reverse-statement.ts'

/** Where a block stands. */
export interface Surroundings {
  /** Whether the frame's reverse sweep follows in the same scope. */
  readonly joined: boolean
  /** Whether this is the frame's own list, not a branch in it. */
  readonly top: boolean
  /** How many split loops enclose the block. */
  readonly depth: number
  /** The variable of the reverse sweep that holds the enclosing loop's exit code during its last iteration, 0 in all others. */
  readonly exiting?: string
  /** The shadows that the forward sweep makes; see `findEarlyShadows`. */
  readonly early: ReadonlySet<string>
  /** Whether names are visible where the frame's tapes are made: those from outside, and what stands before at the top level. */
  readonly visible: ReadonlySet<string>
}

/** Back to front, because whether a loop fuses depends on how what follows it reverses. */
export function planBlock(block: readonly Statement[], context: Context, where: Surroundings): BlockPlan {
  const items: Item[] = []
  const visibleAt = visibility(block, where)
  for (let i = block.length - 1; i >= 0; i--) {
    const statement = block[i]!
    const here = { ...where, visible: visibleAt[i]! }
    items.unshift(...planOne(statement, { block, i, later: items }, context, here))
  }
  return { items }
}

/** What stands around a statement in its list, and what becomes of the statements after it. */
interface Beside {
  readonly block: readonly Statement[]
  readonly i: number
  readonly later: readonly Item[]
}

/** Loops, branches and calls are reversed on the spot where that can be, and else later. */
function planOne(statement: Statement, beside: Beside, context: Context, where: Surroundings): readonly Item[] {
  const onTheSpot = where.joined && where.top
  const after = beside.block.slice(beside.i + 1)
  switch (statement.kind) {
    case 'loop': {
      const made: Fused | Apart = onTheSpot ? fuseLoop(statement, beside.later, after, context, where) : { kind: 'frame' }
      return made.kind === 'fused' ? [made] : reverseLoop(statement, after, context, where, made)
    }
    case 'if':
      return [
        (onTheSpot ? fuseBranch(statement, beside.later, after, context, where) : undefined) ?? planBranches(statement, context, where),
      ]
    case 'call': {
      const fused = onTheSpot ? fuseCall(statement, beside.later, after, context) : undefined
      return fused ? [fused] : planCall(statement, context)
    }
    default: {
      const item = planStatement(statement, beside, context)
      return onTheSpot ? inParts(item, context) : [item]
    }
  }
}

function visibility(block: readonly Statement[], where: Surroundings): readonly ReadonlySet<string>[] {
  const visible = new Set(where.visible)
  return block.map((statement) => {
    const before = new Set(visible)
    if (where.top && where.depth === 0 && statement.kind === 'declare') visible.add(statement.name)
    return before
  })
}

function planStatement(statement: Exclude<Statement, Loop | If | Call>, { block, i }: Beside, context: Context): Item {
  const backward = withComment(
    statement,
    context.guarded(
      statement,
      reverseStatement(statement, context, resultOf(statement, block[i + 1], context), savedBefore(statement, block[i - 1], context)),
    ),
    context,
  )
  // A hook changes no value.
  const forward = statement.kind === 'assign' && isHook(statement.value) ? [] : [forwardOf(statement, context)]
  return { kind: 'leaf', source: statement, setup: [], teardown: [], forward, backward }
}

function planBranches(statement: If, context: Context, where: Surroundings): Branch {
  const inner = { ...where, top: false }
  const [then, otherwise] = [planBlock(statement.then, context, inner), planBlock(statement.else, context, inner)]
  const nested = [...then.items, ...otherwise.items]
  return {
    kind: 'branch',
    source: statement,
    setup: nested.flatMap((item) => item.setup),
    teardown: nested.flatMap((item) => item.teardown),
    forwardTest: inForward(statement.test, context),
    reverseTest: reverseTestOf(statement, where.exiting),
    then,
    else: otherwise,
  }
}

/** A branch that always leaves the loop ran in the last iteration, and only if the exit code says so. */
function reverseTestOf(statement: If, exiting: string | undefined): Expression {
  if (exiting === undefined) return statement.test
  const isOneOf = (codes: readonly Expression[]): Expression =>
    codes.map((code) => operation('===', variable(exiting), code)).reduce((any, test) => operation('||', any, test))
  const [thenCodes, elseCodes] = [exitCodes(statement.then), exitCodes(statement.else)]
  if (leaves(statement.then) && thenCodes.length > 0) return isOneOf(thenCodes)
  if (leaves(statement.else) && elseCodes.length > 0) return operation('!', isOneOf(elseCodes))
  return statement.test
}

/** The codes that are set directly before a `break` of the loop around this block. */
function exitCodes(block: readonly Statement[]): readonly Expression[] {
  return block.flatMap((statement, i) => {
    if (statement.kind === 'if') return [...exitCodes(statement.then), ...exitCodes(statement.else)]
    const next = block.slice(i + 1).find(({ kind }) => kind !== 'declare')
    return statement.kind === 'assign' && next?.kind === 'break' ? [statement.value] : []
  })
}

/** The name that holds a statement's own result: the constant it declares, or the snapshot taken right after it. */
function resultOf(statement: Statement, next: Statement | undefined, context: Context): Expression | undefined {
  const target =
    statement.kind === 'declare'
      ? statement.name
      : statement.kind === 'assign' && statement.target.kind === 'variable'
        ? statement.target.name
        : undefined
  if (target === undefined) return undefined
  if (next?.kind === 'declare' && context.variableOf.get(next.name) === target) return variable(next.name)
  return statement.kind === 'declare' ? variable(statement.name) : undefined
}

/** The name under which the statement before has saved what this one overwrites. */
function savedBefore(statement: Statement, previous: Statement | undefined, context: Context): string | undefined {
  return context.mustRestore(statement) && previous?.kind === 'declare' ? previous.name : undefined
}

/** The forward sweep reads variables themselves, not their snapshots. */
export function inForward(expression: Expression, context: Context): Expression {
  return mapExpression(expression, (node) => (node.kind === 'variable' ? variable(context.variableOf.get(node.name) ?? node.name) : node))
}

export function forwardOf(statement: Statement, context: Context): Statement {
  return mapExpressionsOf(statement, (expression) => inForward(expression, context))
}

export function allInForward(block: readonly Statement[], context: Context): readonly Statement[] {
  return mapAllExpressions(block, (expression) => inForward(expression, context))
}

/** Puts the primal line above the statements that reverse it. */
export function withComment(statement: Statement, backward: readonly Statement[], context: Context): readonly Statement[] {
  const text = backward.length === 0 ? undefined : context.lineOf(statement)
  return text === undefined
    ? backward
    : [{ kind: 'comment', text, ...(statement.origin && { origin: statement.origin }) }, ...withOrigin(backward, statement)]
}

function withOrigin(block: readonly Statement[], from: Statement): readonly Statement[] {
  return from.origin ? block.map((statement) => (statement.origin ? statement : { ...statement, origin: from.origin! })) : block
}

/** Whether a block's reverse sweep has anything to do. */
export const reverses = (plan: BlockPlan): boolean => plan.items.some(hasBackward)

/** The variables of numbers and references that a block declares, for their adjoints. */
export function declaredIn(block: readonly Statement[]): ReadonlySet<string> {
  const names = new Set<string>()
  visitStatements(block, (statement) => {
    if (statement.kind === 'declare') names.add(statement.name)
  })
  return names
}
