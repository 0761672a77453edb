/**
 * Adjoints that are read once, in the same list, become part of what reads them, where that stays short: `const d_bar = 2 * d; x_bar[i] += d_bar` is
 * `x_bar[i] += 2 * d`. So do the names of other adjoints.
 *
 * Needs: names are unique. Promises: the same values but for the order of an adjoint's factors. Costs: for each such adjoint a look at the statements
 * up to its use.
 */

import { add, divide, multiply, negate, subtract } from '../ir/build.ts'
import type { Declare, Expression, FunctionNode, Statement } from '../ir/nodes.ts'
import { expressionsOf, mapBlocksOf, mapChildren, mapExpressionsOf, visitExpression, visitStatements } from '../ir/walk.ts'
import type { Storage } from './storage.ts'

/** Operations in one expression, beyond which a name helps the reader. */
const LONGEST = 6

export function substituteOnce(fn: FunctionNode, storage: Storage, isAdjoint: (name: string) => boolean): FunctionNode {
  const uses = countUses(fn.body)
  const inBlock = (block: readonly Statement[]): readonly Statement[] => {
    const rewritten = block.map((statement) => mapBlocksOf(statement, inBlock))
    for (let i = rewritten.length - 1; i >= 0; i--) {
      const statement = rewritten[i]!
      if (statement.kind !== 'declare' || !statement.value || !isShort(statement, fn, isAdjoint)) continue
      if (uses.get(statement.name) !== 1) continue
      const at = useOf(rewritten, i, statement, storage)
      if (at === undefined) continue
      rewritten[at] = mapExpressionsOf(rewritten[at]!, (expression) => substitute(expression, statement.name, statement.value!))
      rewritten.splice(i, 1)
    }
    return rewritten
  }
  return { ...fn, body: inBlock(fn.body) }
}

function isShort({ name, value }: Declare, fn: FunctionNode, isAdjoint: (name: string) => boolean): boolean {
  const info = fn.variables[name]!
  return isAdjoint(name) && !info.mutable && info.type.kind === 'number' && value!.kind !== 'opaque' && operationsIn(value!) < LONGEST
}

/** The statement after `at` in the list that reads the name, if its value is the same there. */
function useOf(block: readonly Statement[], at: number, { name, value }: Declare, storage: Storage): number | undefined {
  for (let i = at + 1; i < block.length; i++) {
    const statement = block[i]!
    const reading = expressionsOf(statement).find((expression) => countIn(expression, name) > 0)
    if (reading) {
      // A loop would compute it again in each iteration.
      if (statement.kind === 'loop' || (statement.kind === 'declare' && statement.value?.kind === 'opaque')) return undefined
      return operationsIn(reading) + operationsIn(value!) <= LONGEST ? i : undefined
    }
    if (!storage.isUntouched(value!, storage.effectsOf([statement]))) return undefined
  }
  return undefined
}

function countUses(block: readonly Statement[]): ReadonlyMap<string, number> {
  const uses = new Map<string, number>()
  visitStatements(block, (statement) => {
    for (const expression of expressionsOf(statement))
      visitExpression(expression, (node) => {
        if (node.kind === 'variable') uses.set(node.name, (uses.get(node.name) ?? 0) + 1)
      })
  })
  return uses
}

function countIn(expression: Expression, name: string): number {
  let count = 0
  visitExpression(expression, (node) => {
    if (node.kind === 'variable' && node.name === name) count++
  })
  return count
}

function operationsIn(expression: Expression): number {
  let count = 0
  visitExpression(expression, (node) => {
    if (node.kind === 'operation' && node.operands.length > 0) count++
  })
  return count
}

/** What surrounds the name is adjoint code too, and is folded with what comes in. */
function substitute(expression: Expression, name: string, value: Expression): Expression {
  if (expression.kind === 'variable') return expression.name === name ? value : expression
  if (countIn(expression, name) === 0) return expression
  const inner = mapChildren(expression, (child) => substitute(child, name, value))
  if (inner.kind !== 'operation') return inner
  const [a, b] = inner.operands
  switch (inner.operator) {
    case '+':
      return add(a!, b!)
    case '-':
      return subtract(a!, b!)
    case '*':
      return multiply(a!, b!)
    case '/':
      return divide(a!, b!)
    case 'negate':
      return negate(a!)
    default:
      return inner
  }
}
