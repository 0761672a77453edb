/** An annotation `@checkpoint every=100` above a loop: what is kept of it for the reverse sweep. */

import ts from '#typescript'
import type { Checkpoint } from '../../ir/nodes.ts'
import { innerLists, type RawStatement } from '../exits/raw.ts'
import { captured, emit, refuse, type Context } from './context.ts'

const TAG = 'checkpoint'

/** Reads a statement, and marks the loop that it becomes if it is annotated. */
export function withCheckpoint(c: Context, node: ts.Statement, lower: () => void): void {
  const checkpoint = ts.isIterationStatement(node, false) ? checkpointAbove(c, node) : undefined
  if (!checkpoint) return lower()
  const list = captured(c, lower)
  const marked = marking(list, checkpoint)
  if (!marked && list.some((statement) => innerLists(statement).length > 0))
    return refuse(c, node, 'CT1018', { reason: 'it is no loop when it is read' })
  for (const statement of marked ?? list) emit(c, statement)
}

/** The first loop of a list, or of a block in it, is the one that was written. */
function marking(list: readonly RawStatement[], checkpoint: Checkpoint): readonly RawStatement[] | undefined {
  const at = list.findIndex(({ kind }) => kind === 'loop' || kind === 'block')
  const statement = list[at]
  if (statement?.kind === 'loop') return list.with(at, { ...statement, checkpoint })
  const body = statement?.kind === 'block' ? marking(statement.body, checkpoint) : undefined
  return body && statement?.kind === 'block' ? list.with(at, { ...statement, body }) : undefined
}

function checkpointAbove(c: Context, node: ts.Statement): Checkpoint | undefined {
  const tag = ts.getJSDocTags(node).find(({ tagName }) => tagName.text === TAG)
  if (!tag) return undefined
  const words = (typeof tag.comment === 'string' ? tag.comment : (ts.getTextOfJSDocComment(tag.comment) ?? '')).trim()
  const [, kind, count] = /^(every|binomial)(?:=(\d+))?$/.exec(words) ?? []
  const size = count === undefined ? 0 : Number(count)
  if (kind === undefined || (count === undefined ? kind === 'every' : size < 1)) return refuse(c, node, 'CT1019', { words })
  return kind === 'every' ? { every: size } : { binomial: size }
}
