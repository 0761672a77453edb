/**
 * Tests of literals, which inlined calls and unrolled loops leave behind: of such a branch only the arm that runs stays.
 *
 * In printed text it is enough to decide what TypeScript would complain of: `2 === 0`.
 *
 * Needs: nothing. Promises: the same values and effects. Costs: a visit.
 */

import { number } from '../ir/build.ts'
import type { Expression, FunctionNode, Statement } from '../ir/nodes.ts'
import { mapBlocksOf, mapExpression, mapExpressionsOf, someStatement } from '../ir/walk.ts'

/** Whether two literals are the same. All else stays as it was written. */
export function decideTests(fn: FunctionNode): FunctionNode {
  const isDecided = (statement: Statement): boolean => statement.kind === 'if' && equated(statement.test).kind === 'boolean'
  if (!someStatement(fn.body, isDecided)) return fn
  const inBlock = (block: readonly Statement[]): readonly Statement[] =>
    block.flatMap((original): readonly Statement[] => {
      const statement = mapBlocksOf(original, inBlock)
      const test = statement.kind === 'if' ? equated(statement.test) : undefined
      if (statement.kind !== 'if' || test?.kind !== 'boolean') return [statement]
      return test.value ? statement.then : statement.else
    })
  return { ...fn, body: inBlock(fn.body) }
}

/** With integers counted, and tests of literals decided. */
export function decided(block: readonly Statement[]): readonly Statement[] {
  return block.flatMap((original): readonly Statement[] => {
    const statement = mapBlocksOf(
      mapExpressionsOf(original, (expression) => mapExpression(expression, folded)),
      decided,
    )
    if (statement.kind !== 'if' || statement.test.kind !== 'boolean') return [statement]
    return statement.test.value ? statement.then : statement.else
  })
}

/** Integers only, so that nothing is rounded; and no zero, which may have a sign. */
function folded(expression: Expression): Expression {
  if (expression.kind !== 'operation') return expression
  const { operator, operands } = expression
  if (operator === 'select' && operands[0]!.kind === 'boolean') return operands[0].value ? operands[1]! : operands[2]!
  if (operator === '!' && operands[0]!.kind === 'boolean') return { kind: 'boolean', value: !operands[0].value }
  const [a, b] = operands
  if (operands.length !== 2 || a?.kind !== 'number' || b?.kind !== 'number' || !isCount(a.value) || !isCount(b.value)) return expression
  const counted = COUNTED[operator]?.(a.value, b.value)
  if (counted !== undefined) return isCount(counted) && !Object.is(counted, -0) ? number(counted) : expression
  return compared(expression)
}

const equated = (test: Expression): Expression => (test.kind === 'operation' && /^[!=]==$/.test(test.operator) ? compared(test) : test)

function compared(expression: Expression): Expression {
  if (expression.kind !== 'operation') return expression
  const [a, b] = expression.operands
  if (a?.kind !== 'number' || b?.kind !== 'number' || expression.operands.length !== 2) return expression
  const value = COMPARED[expression.operator]?.(a.value, b.value)
  return value === undefined ? expression : { kind: 'boolean', value }
}

const isCount = (value: number): boolean => Number.isInteger(value) && Math.abs(value) < 1000 && !Object.is(value, -0)

const COUNTED: Readonly<Record<string, (a: number, b: number) => number>> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '%': (a, b) => a % b,
}

const COMPARED: Readonly<Record<string, (a: number, b: number) => boolean>> = {
  '<': (a, b) => a < b,
  '<=': (a, b) => a <= b,
  '>': (a, b) => a > b,
  '>=': (a, b) => a >= b,
  '===': (a, b) => a === b,
  '!==': (a, b) => a !== b,
}
