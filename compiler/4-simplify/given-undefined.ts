/** What a function does with an argument that is left out, once it is known that it is: tests for `undefined` are decided, and their branches chosen. */

import { isMissingValue, missingText } from '../ir/missing.ts'
import type { Expression, Operation, Statement } from '../ir/nodes.ts'
import { mapBlocksOf } from '../ir/walk.ts'

/** `undefined === undefined`. */
export function decideMissing(expression: Expression): Expression {
  if (expression.kind === 'operation') return decideTest(expression)
  if (expression.kind !== 'opaque' || expression.parts.length !== 2) return expression
  const [value, test] = expression.parts
  const isDecided = typeof value === 'object' && isMissingValue(value) && test === ' === undefined'
  return isDecided ? { kind: 'boolean', value: true } : expression
}

function decideTest(test: Operation): Expression {
  const [first, second, third] = test.operands
  if (test.operator === '!' && first?.kind === 'operation' && first.operator === '!') return first.operands[0]!
  if (second?.kind === 'boolean' && ((test.operator === '&&' && second.value) || (test.operator === '||' && !second.value))) return first!
  if (first?.kind === 'boolean') {
    if (test.operator === '!') return { kind: 'boolean', value: !first.value }
    if (test.operator === '&&') return first.value ? second! : first
    if (test.operator === '||') return first.value ? first : second!
    if (test.operator === 'select') return first.value ? second! : third!
  }
  const text = test.operands.length === 1 ? missingText(test.operands[0]!) : undefined
  if (text === undefined) return test
  if (test.operator === 'isNullish') return { kind: 'boolean', value: true }
  if (test.operator === 'isUndefined') return { kind: 'boolean', value: text === 'undefined' }
  return test.operator === 'isNull' ? { kind: 'boolean', value: text === 'null' } : test
}

/** The branches of what is decided stand for themselves. */
export function chooseDecided(block: readonly Statement[]): readonly Statement[] {
  return block.flatMap((statement) => {
    if (statement.kind !== 'if' || statement.test.kind !== 'boolean') return [mapBlocksOf(statement, chooseDecided)]
    return chooseDecided(statement.test.value ? statement.then : statement.else)
  })
}
