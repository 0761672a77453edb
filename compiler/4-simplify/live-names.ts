/**
 * Which variables are still needed after each statement: mentioned on some path before they are given something else.
 *
 * Needs: structured exits. Promises: never too few. Costs: loops are visited twice for each loop around them.
 */

import type { Statement } from '../ir/nodes.ts'
import { declaredBy, readsOf, variablesIn } from '../ir/walk.ts'

export function liveNames(body: readonly Statement[]): ReadonlyMap<Statement, ReadonlySet<string>> {
  const after = new Map<Statement, ReadonlySet<string>>()
  before(body, new Set(), { after, afterLoop: new Set() })
  return after
}

interface Context {
  readonly after: Map<Statement, ReadonlySet<string>>
  /** What is needed where a `break` goes. */
  readonly afterLoop: ReadonlySet<string>
}

/** What is needed before a list, given what is needed after it. */
function before(block: readonly Statement[], live: ReadonlySet<string>, context: Context): ReadonlySet<string> {
  return block.reduceRight((needed, statement) => {
    context.after.set(statement, new Set([...needed, ...(context.after.get(statement) ?? [])]))
    return beforeOne(statement, needed, context)
  }, live)
}

function beforeOne(statement: Statement, live: ReadonlySet<string>, context: Context): ReadonlySet<string> {
  if (statement.kind === 'break') return context.afterLoop
  if (statement.kind === 'if') {
    const needed = new Set([...before(statement.then, live, context), ...before(statement.else, live, context)])
    return variablesIn(statement.test, needed)
  }
  if (statement.kind === 'loop') {
    const inner = { ...context, afterLoop: live }
    const own = new Set(live)
    for (const expression of readsOf(statement)) variablesIn(expression, own)
    if (statement.exit !== undefined) own.add(statement.exit)
    // What an iteration needs, the one before it must leave alone.
    const once = before(statement.body, own, inner)
    return new Set([...own, ...before(statement.body, new Set([...own, ...once]), inner)])
  }
  const needed = new Set(live)
  const declared = statement.kind === 'assign' && statement.target.kind === 'variable' ? statement.target.name : declaredBy(statement)
  if (declared !== undefined) needed.delete(declared)
  for (const expression of readsOf(statement)) variablesIn(expression, needed)
  return needed
}
