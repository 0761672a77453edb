/**
 * Several additions to one adjoint in a list of statements become one: `a_bar -= e; ...; a_bar += f` is `a_bar += f - e`, where the second stood.
 * An adjoint then has one line, as one would write it, and storage is loaded and stored once.
 *
 * Needs: names are unique. Promises: the same values but for the order in which an adjoint's terms are added. Costs: for each statement a look at
 * those after it in its list.
 */

import { add, declare, negate } from '../ir/build.ts'
import type { Assign, Expression, FunctionNode, Statement } from '../ir/nodes.ts'
import { sameExpression } from '../ir/same.ts'
import { childrenOf, expressionsOf, mapBlocksOf, someExpression, someStatement, variablesIn } from '../ir/walk.ts'
import { rootOf } from './places.ts'
import type { Storage } from './storage.ts'

/** Longer sums read worse than two lines. */
const LONGEST = 8

export function mergeUpdates(fn: FunctionNode, storage: Storage, isAdjoint: (name: string) => boolean): FunctionNode {
  const inBlock = (block: readonly Statement[]): readonly Statement[] => {
    const merged: Statement[] = block.map((statement) => mapBlocksOf(statement, inBlock))
    for (let i = 0; i < merged.length; i++) {
      const update = updateOf(merged[i]!, isAdjoint)
      if (!update) continue
      const j = nextUpdate(merged, i, update, storage, isAdjoint)
      if (j === undefined) continue
      merged[j] = joined(merged[i]!, merged[j]!, update, updateOf(merged[j]!, isAdjoint)!)
      merged.splice(i, 1)
      i--
    }
    return merged
  }
  return { ...fn, body: inBlock(fn.body) }
}

interface Update {
  readonly target: Assign['target']
  /** What is added. */
  readonly term: Expression
}

/** `x_bar += term`, or the declaration of an adjoint that more is added to. */
function updateOf(statement: Statement, isAdjoint: (name: string) => boolean): Update | undefined {
  if (statement.kind === 'declare') {
    const { name, value } = statement
    return value && isAdjoint(name) && isArithmetic(value) ? { target: { kind: 'variable', name }, term: value } : undefined
  }
  if (statement.kind !== 'assign' || !isAdjoint(rootOf(statement.target))) return undefined
  const { target, value } = statement
  if (value.kind !== 'operation' || !sameExpression(value.operands[0]!, target)) return undefined
  const term = value.operands[1]!
  if (value.operator === '+') return { target, term }
  return value.operator === '-' ? { target, term: opposite(term) } : undefined
}

/** Whether an expression is a number that may stand in another place: no reference and no new storage. */
const isArithmetic = (expression: Expression): boolean =>
  expression.kind === 'operation' || expression.kind === 'element' || expression.kind === 'number' || expression.kind === 'variable'

/** The next statement that adds to the same adjoint, if the first may wait until then. */
function nextUpdate(
  block: readonly Statement[],
  at: number,
  { target, term }: Update,
  storage: Storage,
  isAdjoint: (name: string) => boolean,
): number | undefined {
  const place = storage.loadsOf(target)
  for (let i = at + 1; i < block.length; i++) {
    const statement = block[i]!
    const other = updateOf(statement, isAdjoint)
    if (statement.kind === 'assign' && other && sameExpression(other.target, target)) {
      if (reads(other.term, target, place, storage)) return undefined
      return termsOf(term) + termsOf(other.term) <= LONGEST ? i : undefined
    }
    if (someStatement([statement], ({ kind }) => kind === 'break' || kind === 'throw' || kind === 'return' || kind === 'call'))
      return undefined
    const effects = storage.effectsOf([statement])
    if (!storage.isUntouched(term, effects) || indicesOf(target).some((index) => !storage.isUntouched(index, effects))) return undefined
    // Another element may be added to in between, even if it is the same one; nothing may read it.
    if (statement.kind === 'assign' && other && statement.target.kind === 'element' && target.kind === 'element') {
      if (reads(other.term, target, place, storage) || reads(statement.target.index, target, place, storage)) return undefined
    } else if (someStatement([statement], (inner) => expressionsOf(inner).some((part) => reads(part, target, place, storage))))
      return undefined
    else if ([...effects.written].some((region) => place.has(region))) return undefined
  }
  return undefined
}

const indicesOf = (target: Assign['target']): readonly Expression[] => (target.kind === 'variable' ? [] : childrenOf(target))

/** Whether an expression mentions the variable, or loads from where the element is. */
function reads(expression: Expression, target: Assign['target'], place: ReadonlySet<unknown>, storage: Storage): boolean {
  if (target.kind === 'variable') return variablesIn(expression).has(target.name)
  return (
    [...storage.loadsOf(expression)].some((region) => place.has(region)) ||
    // A reference on its own may be read as a whole.
    someExpression(expression, ({ kind }) => kind === 'slice' || kind === 'opaque' || kind === 'convert')
  )
}

function termsOf(sum: Expression): number {
  return sum.kind === 'operation' && (sum.operator === '+' || sum.operator === '-')
    ? sum.operands.reduce((n, part) => n + termsOf(part), 0)
    : 1
}

function joined(first: Statement, second: Statement, early: Update, late: Update): Statement {
  const origin = second.origin ?? first.origin
  if (first.kind === 'declare') return declare(first.name, sumOf(early.term, late.term), origin)
  const { target } = late
  const sum = sumOf(early.term, late.term)
  // Two subtractions are one.
  const flipped = isNegative(early.term) && isNegative(late.term) ? sumOf(opposite(early.term), opposite(late.term)) : undefined
  const value: Expression = flipped
    ? { kind: 'operation', operator: '-', operands: [target, flipped] }
    : { kind: 'operation', operator: '+', operands: [target, sum] }
  return { kind: 'assign', target, value, ...(origin && { origin }) }
}

/** The sum, flat, so that it needs no parentheses. */
function sumOf(a: Expression, b: Expression): Expression {
  if (b.kind === 'operation' && b.operands.length === 2 && (b.operator === '+' || b.operator === '-')) {
    const [left, right] = b.operands
    return { kind: 'operation', operator: b.operator, operands: [sumOf(a, left!), right!] }
  }
  return add(a, b)
}

function opposite(sum: Expression): Expression {
  if (sum.kind !== 'operation' || sum.operands.length !== 2 || (sum.operator !== '+' && sum.operator !== '-')) return negate(sum)
  const [left, right] = sum.operands
  return sumOf(opposite(left!), sum.operator === '-' ? right! : opposite(right!))
}

function isNegative(term: Expression): boolean {
  if (term.kind === 'number') return term.value < 0
  if (term.kind !== 'operation') return false
  if (term.operator === 'negate') return true
  if (term.operator === '-' || term.operator === '+')
    return term.operands.every((part, i) => (i === 1 && term.operator === '-') || isNegative(part))
  return (term.operator === '*' || term.operator === '/') && isNegative(term.operands[0]!)
}
