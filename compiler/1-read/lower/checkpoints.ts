/** An annotation `@checkpoint every=100` above a loop: what is kept of it for the reverse sweep. */

import ts from '#typescript'
import type { Checkpoint } from '../../ir/nodes.ts'
import { captured, emit, refuse, type Context } from './context.ts'

const TAG = 'checkpoint'

/** Reads a statement, and marks the loop that it becomes if it is annotated. */
export function withCheckpoint(c: Context, node: ts.Statement, lower: () => void): void {
  const checkpoint = ts.isIterationStatement(node, false) ? checkpointAbove(c, node) : undefined
  if (!checkpoint) return lower()
  const list = captured(c, lower)
  // What it goes over may be made by loops of its own, before it.
  const at = list.findLastIndex(({ kind }) => kind === 'loop' || kind === 'block')
  const loop = list[at]
  // Where each iteration is written out, those that it has within are not meant.
  if (loop?.kind === 'block') return refuse(c, node, 'CT1018', { reason: 'it is written out, as what it goes over is known' })
  list.forEach((statement, i) => emit(c, i === at && statement.kind === 'loop' ? { ...statement, checkpoint } : statement))
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
