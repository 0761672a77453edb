/**
 * What reverses a statement, one addition at a time: where `return a + g(b)` adds to two adjoints, one of them may be needed early, before the other one can
 * be computed.
 */

import type { Statement } from '../ir/nodes.ts'
import { addedBy, commute, effectsOf } from './commute.ts'
import type { Context } from './context.ts'
import type { Item, Leaf } from './plan.ts'

/** Needs: an item of a joined frame's own list. Promises: in the reverse order, the same statements as before; each but the last stands for nothing else. */
export function inParts(item: Item, context: Context): readonly Item[] {
  if (item.kind !== 'leaf' || item.loop || item.setup.length > 0 || item.teardown.length > 0) return [item]
  const comments = item.backward.filter(({ kind }) => kind === 'comment')
  const statements = item.backward.filter(({ kind }) => kind !== 'comment')
  // What is assigned has no adjoint before that: it is cleared when all else is done.
  const additions = isClearing(statements.at(-1)) ? statements.slice(0, -1) : statements
  const [first, ...more] = additions
  if (!first || statements.length === 1 || !additions.every(isAddition) || !areApart(additions, context)) return [item]
  const part = (backward: readonly Statement[]): Leaf => ({ ...item, source: NOTHING, forward: [], backward })
  const rest = [...more, ...statements.slice(additions.length)]
  const [whole, ...parts] = [[...comments, first], ...rest.map((statement) => [statement])].toReversed()
  return [{ ...item, backward: whole! }, ...parts.map(part)]
}

const NOTHING: Statement = { kind: 'comment', text: '' }

const isAddition = (statement: Statement): boolean => statement.kind === 'assign' && addedBy(statement) !== undefined

const isClearing = (statement: Statement | undefined): boolean =>
  statement?.kind === 'assign' && statement.target.kind === 'variable' && statement.value.kind === 'number'

function areApart(statements: readonly Statement[], context: Context): boolean {
  const effects = statements.map((statement) => effectsOf([statement], context))
  return effects.every((one, i) => effects.slice(i + 1).every((other) => commute(one, other)))
}
