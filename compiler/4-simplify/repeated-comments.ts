/** A primal line that a comment has just shown is not shown again: by several statements that reverse it, or in the branches of one. */

import type { FunctionNode, Statement } from '../ir/nodes.ts'
import { mapBlocksOf } from '../ir/walk.ts'

export function dropRepeatedComments(fn: FunctionNode): FunctionNode {
  return { ...fn, body: within(fn.body, undefined) }
}

/** `shown` is the comment that stands before the block. */
function within(block: readonly Statement[], shown: string | undefined): readonly Statement[] {
  let last = shown
  return block.flatMap((statement) => {
    if (statement.kind !== 'comment') {
      const made = mapBlocksOf(statement, (inner) => within(inner, last))
      // What a branch or a loop has shown is out of sight behind it.
      if (made.kind === 'if' || made.kind === 'loop') last = undefined
      return [made]
    }
    if (statement.text === last) return []
    last = statement.text
    return [statement]
  })
}
