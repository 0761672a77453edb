/** Counted loops with as many iterations as literals say, as one list of statements. */

import { number, variable } from '../ir/build.ts'
import type { Expression, Statement } from '../ir/nodes.ts'
import type { Scope } from '../ir/scope.ts'
import { mapBlocksOf, mapExpression, mapExpressionsOf } from '../ir/walk.ts'
import type { CountedLoop } from './loop-product.ts'
import { rename } from './rename.ts'

/** The iterations one after the other, each with names of its own but for the first. What only counted is computed. */
export function unrolled({ counter, body }: CountedLoop, times: number, scope: Scope): readonly Statement[] {
  return Array.from({ length: times }, (_, i) => {
    const own = (name: string): Expression => variable(i === 0 ? name : scope.fresh(name, scope.typeOf(name), scope.isMutable(name)))
    return decided(rename(body, new Map([[counter.name, number(i)]]), own))
  }).flat()
}

/** With tests of literals decided. */
function decided(block: readonly Statement[]): readonly Statement[] {
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
  const compared = COMPARED[operator]?.(a.value, b.value)
  return compared === undefined ? expression : { kind: 'boolean', value: compared }
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
