/** What a list of statements does first to a variable or an array: whether the value that it had before can matter. */

import type { Expression, Statement } from '../ir/nodes.ts'
import { expressionsOf } from '../ir/walk.ts'

/** It is overwritten wholly before anything reads it, or may be read as it was, or neither. */
export type Use = 'overwritten' | 'read' | 'neither'

export interface Subject {
  /** Whether an expression reads it. */
  reads(expression: Expression): boolean
  /** What a statement does that writes it, or that is known to overwrite it. */
  written(statement: Statement): Use | undefined
}

/** Promises: on no path through the block is it read before it is overwritten, unless that is the answer. */
export function firstUse(block: readonly Statement[], subject: Subject): Use {
  for (const statement of block) {
    const use = ofStatement(statement, subject)
    if (use !== 'neither') return use
  }
  return 'neither'
}

function ofStatement(statement: Statement, subject: Subject): Use {
  const written = subject.written(statement)
  if (written !== undefined) return written
  if (expressionsOf(statement).some((expression) => subject.reads(expression))) return 'read'
  // A loop may run not once.
  if (statement.kind === 'loop') return firstUse(statement.body, subject) === 'read' ? 'read' : 'neither'
  if (statement.kind !== 'if') return 'neither'
  const uses = [firstUse(statement.then, subject), firstUse(statement.else, subject)]
  if (uses.includes('read')) return 'read'
  return uses.includes('neither') ? 'neither' : 'overwritten'
}
