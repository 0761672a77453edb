/** Which statements of an emitted function belong to which sweep. */

import { isDualName } from '../4-simplify/adjoint-names.ts'
import type { FunctionNode, Statement } from '../ir/nodes.ts'
import { blocksOf, declaredBy, expressionsOf, variablesIn, visitStatements } from '../ir/walk.ts'
import type { DerivativeNode } from './program-graph.ts'

export type SweepName = DerivativeNode['sweep']

export interface SweepKind {
  readonly mode: 'reverse' | 'forward'
  readonly half: 'forward' | 'backward' | undefined
  /** Whether the iterations of a loop are reversed on the spot. */
  readonly isFused: (statement: Statement) => boolean
}

/**
 * Halves of a pair are one sweep each. Otherwise the reverse sweep begins where a comment
 * shows the line that is reversed, in each list of statements for itself: a loop that is reversed on the spot has both in it. Adjoints may be made before
 * that, and what is read from a tape is read by the reverse sweep.
 */
export function sweepsOf(fn: FunctionNode, { mode, half, isFused }: SweepKind): ReadonlyMap<Statement, SweepName> {
  const found = new Map<Statement, SweepName>()
  const tapes = tapesOf(fn)
  const isMarked = (statement: Statement): boolean => isDual(statement) || readsTape(statement, tapes)
  const visit = (block: readonly Statement[], around: boolean): boolean => {
    let isReverse = around
    for (const statement of block) {
      if (statement.kind === 'comment') isReverse = mode === 'reverse'
      const inner = blocksOf(statement)
      if (isFused(statement)) {
        inner.forEach((one) => visit(one, false))
        found.set(statement, 'forward')
        isReverse = true
        continue
      }
      const within = inner.map((one) => visit(one, isReverse))
      // A list with nothing of the forward sweep in it belongs to the reverse sweep with its head.
      const isWhole = within.length > 0 && within.some(Boolean) && !someForward(inner.flat(), found)
      found.set(statement, isReverse || isMarked(statement) || isWhole ? 'reverse' : 'forward')
      if (isWhole) isReverse = true
    }
    return isReverse || block.some((statement) => found.get(statement) === 'reverse')
  }
  if (half === 'forward') visitStatements(fn.body, (statement) => found.set(statement, 'forward'))
  else if (mode === 'reverse') visit(fn.body, half === 'backward')
  else visitStatements(fn.body, (statement) => found.set(statement, isDual(statement) ? 'tangent' : 'forward'))
  return found
}

function someForward(block: readonly Statement[], found: ReadonlyMap<Statement, SweepName>): boolean {
  let some = false
  visitStatements(block, (statement) => {
    some ||= found.get(statement) === 'forward'
  })
  return some
}

function isDual(statement: Statement): boolean {
  const names = new Set<string>()
  for (const expression of expressionsOf(statement)) variablesIn(expression, names)
  const declared = declaredBy(statement)
  return [...names, ...(declared === undefined ? [] : [declared])].some(isDualName)
}

function readsTape(statement: Statement, tapes: ReadonlySet<string>): boolean {
  if (statement.kind === 'release') return tapes.has(statement.tape)
  if (statement.kind !== 'declare' || statement.value?.kind !== 'element') return false
  return statement.value.array.kind === 'variable' && tapes.has(statement.value.array.name)
}

/** Storage of the function's own that is given back, or that grows. */
function tapesOf({ body }: FunctionNode): ReadonlySet<string> {
  const tapes = new Set<string>()
  visitStatements(body, (statement) => {
    if (statement.kind === 'reserve' || (statement.kind === 'release' && !statement.exact)) tapes.add(statement.tape)
  })
  return tapes
}
