/**
 * What only an adjoint makes happen stands in the branch that gives it a value: elsewhere it is zero, and adds nothing to anything.
 *
 *     let d_bar = 0
 *     if (d < best) d_bar += best_bar          becomes          if (d < best) {
 *     x_bar += 2 * x * d_bar                                      const d_bar = best_bar
 *                                                                 x_bar += 2 * x * d_bar
 *                                                               }
 *
 * A loop that computes what is seldom used is then seldom reversed, and what is infinite on a path that was not taken makes no NaN: the value did not
 * depend on it.
 *
 * Needs: unique names. Promises: the same values where zero times what is read is zero. Costs: a look at each statement for each branch before it.
 */

import type { Assign, Expression, FunctionNode, Statement } from '../ir/nodes.ts'
import { sameExpression } from '../ir/same.ts'
import { expressionsOf, leaves, mapBlocksOf, someExpression, variablesIn, variablesMentioned } from '../ir/walk.ts'

type If = Statement & { readonly kind: 'if' }

export function sinkAdjoints(fn: FunctionNode, isAdjoint: (name: string) => boolean): FunctionNode {
  return { ...fn, body: inBlock(fn.body, isAdjoint) }
}

function inBlock(given: readonly Statement[], isAdjoint: (name: string) => boolean): readonly Statement[] {
  let block = given
  for (let sunk = sinkOne(block, isAdjoint); sunk; sunk = sinkOne(block, isAdjoint)) block = sunk
  return block.map((statement) => mapBlocksOf(statement, (inner) => inBlock(inner, isAdjoint)))
}

/** The block with what follows one of its branches in that branch, or nothing where nothing can be moved. */
function sinkOne(block: readonly Statement[], isAdjoint: (name: string) => boolean): readonly Statement[] | undefined {
  const untouched = new Set<string>()
  for (const [at, statement] of block.entries()) {
    if (statement.kind === 'if') {
      for (const arm of ['then', 'else'] as const) {
        const zeros = zeroUnless(statement, arm, untouched)
        const end = zeros.size === 0 || leaves(statement[arm]) ? at + 1 : endOfIdle(block, at + 1, zeros)
        if (end > at + 1) return moved(block, at, end, arm, zeros)
      }
    }
    for (const name of untouched) if (mentions(statement, name)) untouched.delete(name)
    if (statement.kind === 'declare' && isAdjoint(statement.name) && statement.value && isZero(statement.value, new Set()))
      untouched.add(statement.name)
  }
  return undefined
}

/** The adjoints that are zero after a branch, unless one of its arms ran. */
function zeroUnless(branch: If, arm: 'then' | 'else', untouched: ReadonlySet<string>): ReadonlySet<string> {
  const elsewhere = variablesMentioned(branch[arm === 'then' ? 'else' : 'then'])
  variablesIn(branch.test, elsewhere)
  const inside = variablesMentioned(branch[arm])
  return new Set([...untouched].filter((name) => inside.has(name) && !elsewhere.has(name)))
}

/** Where the statements end that do nothing while these adjoints are zero. */
function endOfIdle(block: readonly Statement[], from: number, zeros: ReadonlySet<string>): number {
  const known = new Set(zeros)
  let end = from
  let effects = from
  for (; end < block.length && isIdle(block[end]!, known); end++) if (!isOnlyNaming(block[end]!)) effects = end + 1
  // A name that is read later stays where that can read it.
  for (end = from; end < effects; end++) {
    const statement = block[end]!
    if (statement.kind === 'declare' && block.slice(effects).some((later) => mentions(later, statement.name))) break
  }
  while (end > from && isOnlyNaming(block[end - 1]!)) end--
  return end
}

const isOnlyNaming = ({ kind }: Statement): boolean => kind === 'declare' || kind === 'comment'

/** Whether a statement changes nothing while some variables are zero. Those that are zero because of them are added. */
function isIdle(statement: Statement, zeros: Set<string>): boolean {
  if (!expressionsOf(statement).every(isPure)) return false
  switch (statement.kind) {
    case 'comment':
      return true
    case 'declare':
      if (statement.value && isZero(statement.value, zeros)) zeros.add(statement.name)
      return true
    case 'assign':
      return isIdleAssignment(statement, zeros)
    case 'if':
      return [statement.then, statement.else].every((arm) => isIdleBlock(arm, zeros))
    case 'loop':
      return statement.counter !== undefined && statement.exit === undefined && isIdleBlock(statement.body, zeros)
    default:
      return false
  }
}

function isIdleBlock(block: readonly Statement[], zeros: ReadonlySet<string>): boolean {
  const inside = new Set(zeros)
  return block.every((statement) => isIdle(statement, inside))
}

/** `x += 0`, and a zero that stays one. */
function isIdleAssignment({ target, value }: Assign, zeros: ReadonlySet<string>): boolean {
  if (target.kind === 'variable' && zeros.has(target.name)) return isZero(value, zeros)
  if (value.kind !== 'operation' || (value.operator !== '+' && value.operator !== '-')) return false
  const [kept, added] = value.operands
  return sameExpression(kept!, target) && isZero(added!, zeros)
}

function isZero(expression: Expression, zeros: ReadonlySet<string>): boolean {
  if (expression.kind === 'number') return expression.value === 0
  if (expression.kind === 'variable') return zeros.has(expression.name)
  if (expression.kind !== 'operation') return false
  const [first, ...others] = expression.operands
  switch (expression.operator) {
    case '*':
      return expression.operands.some((operand) => isZero(operand, zeros))
    case '/':
    case 'negate':
      return isZero(first!, zeros)
    case '+':
    case '-':
      return expression.operands.every((operand) => isZero(operand, zeros))
    case 'select':
      return others.every((operand) => isZero(operand, zeros))
    default:
      return false
  }
}

/** Reads and arithmetic: nothing that runs text or makes storage. */
const isPure = (expression: Expression): boolean =>
  !someExpression(expression, ({ kind }) => !['number', 'boolean', 'variable', 'operation', 'element', 'field', 'length'].includes(kind))

function moved(
  block: readonly Statement[],
  at: number,
  end: number,
  arm: 'then' | 'else',
  zeros: ReadonlySet<string>,
): readonly Statement[] {
  const branch = block[at] as If
  const after = block.slice(end)
  const isOwn = (name: string): boolean => zeros.has(name) && !after.some((later) => mentions(later, name))
  const isDeclared = (statement: Statement): boolean => statement.kind === 'declare' && isOwn(statement.name)
  const before = block.slice(0, at)
  const inside = [...before.filter(isDeclared), ...branch[arm], ...block.slice(at + 1, end)]
  return [...before.filter((statement) => !isDeclared(statement)), { ...branch, [arm]: inside }, ...after]
}

/** Statements are asked for many names. */
const named = new WeakMap<Statement, ReadonlySet<string>>()

function mentions(statement: Statement, name: string): boolean {
  const known = named.get(statement) ?? variablesMentioned([statement])
  named.set(statement, known)
  return known.has(name)
}
