/** What a function does with an argument that is left out, once it is known that it is: tests for `undefined` are decided, and their branches chosen. */

import { isMissingValue } from '../ir/build.ts'
import type { Expression, Statement } from '../ir/nodes.ts'
import { mapBlocksOf } from '../ir/walk.ts'

/** `undefined! === undefined`. */
export function decideMissing(expression: Expression): Expression {
  if (expression.kind !== 'opaque' || expression.parts.length !== 2) return expression
  const [value, test] = expression.parts
  const isDecided = typeof value === 'object' && isMissingValue(value) && test === ' === undefined'
  return isDecided ? { kind: 'boolean', value: true } : expression
}

/** The branches of what is decided stand for themselves. */
export function chooseDecided(block: readonly Statement[]): readonly Statement[] {
  return block.flatMap((statement) => {
    if (statement.kind !== 'if' || statement.test.kind !== 'boolean') return [mapBlocksOf(statement, chooseDecided)]
    return chooseDecided(statement.test.value ? statement.then : statement.else)
  })
}
