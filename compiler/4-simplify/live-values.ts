/**
 * Drops assignments of numbers and truth values that are never read: the variable is assigned again, or not mentioned any more, on every path.
 *
 * Needs: structured exits. Promises: the same results and effects. Costs: one visit backwards.
 */

import type { Expression, FunctionNode, Statement } from '../ir/nodes.ts'
import { declaredBy, expressionsOf, readsOf, someExpression, variablesIn, visitStatements } from '../ir/walk.ts'

export function dropDeadAssignments(fn: FunctionNode): FunctionNode {
  const isPlain = (name: string): boolean => ['number', 'boolean'].includes(fn.variables[name]?.type.kind ?? '')
  return { ...fn, body: sweep(fn.body, new Set(), { isPlain, afterLoop: new Set() }).block }
}

interface Context {
  readonly isPlain: (name: string) => boolean
  /** What is read after the loop around, where a `break` goes. */
  readonly afterLoop: ReadonlySet<string>
}

interface Swept {
  readonly block: readonly Statement[]
  /** The variables whose values before the block are read. */
  readonly live: ReadonlySet<string>
}

function sweep(block: readonly Statement[], after: ReadonlySet<string>, context: Context): Swept {
  const kept: Statement[] = []
  let live = new Set(after)
  for (const statement of block.toReversed()) {
    if (isDead(statement, live, context)) continue
    const { made, before } = step(statement, live, context)
    kept.unshift(made)
    live = before
  }
  return { block: kept, live }
}

function isDead(statement: Statement, live: ReadonlySet<string>, { isPlain }: Context): boolean {
  if (statement.kind !== 'assign' || statement.target.kind !== 'variable') return false
  const { name } = statement.target
  return isPlain(name) && !live.has(name) && !hasEffects(statement.value)
}

const hasEffects = (expression: Expression): boolean => someExpression(expression, (node) => node.kind === 'opaque' && node.effects)

function step(statement: Statement, live: ReadonlySet<string>, context: Context): { made: Statement; before: Set<string> } {
  switch (statement.kind) {
    case 'if': {
      const [then, otherwise] = [sweep(statement.then, live, context), sweep(statement.else, live, context)]
      const before = new Set([...then.live, ...otherwise.live])
      variablesIn(statement.test, before)
      return { made: { ...statement, then: then.block, else: otherwise.block }, before }
    }
    case 'loop': {
      // Whatever an iteration reads of variables from outside, the one before may have assigned.
      const around = new Set<string>()
      collectReads(statement, around)
      for (const name of declaredIn(statement.body)) around.delete(name)
      for (const name of live) around.add(name)
      // How the last iteration ended is said by its code.
      const afterLoop = statement.exit === undefined ? live : new Set([...live, statement.exit])
      if (statement.exit !== undefined) around.add(statement.exit)
      const body = sweep(statement.body, around, { ...context, afterLoop })
      return { made: { ...statement, body: body.block }, before: new Set([...around, ...body.live]) }
    }
    case 'break':
      return { made: statement, before: new Set(context.afterLoop) }
    default: {
      const before = new Set(live)
      if (statement.kind === 'assign' && statement.target.kind === 'variable') before.delete(statement.target.name)
      if (statement.kind === 'declare') before.delete(statement.name)
      for (const expression of readsOf(statement)) variablesIn(expression, before)
      return { made: statement, before }
    }
  }
}

function declaredIn(block: readonly Statement[]): ReadonlySet<string> {
  const names = new Set<string>()
  visitStatements(block, (statement) => {
    const name = declaredBy(statement)
    if (name !== undefined) names.add(name)
  })
  return names
}

function collectReads(statement: Statement, into: Set<string>): void {
  visitStatements([statement], (inner) => {
    for (const expression of inner.kind === 'assign' ? readsOf(inner) : expressionsOf(inner)) variablesIn(expression, into)
    if (inner.kind === 'loop' && inner.exit !== undefined) into.add(inner.exit)
    if (inner.kind === 'reserve' || inner.kind === 'release') into.add(inner.tape)
  })
}
