/**
 * Which leaves of storage a function's statements write.
 *
 * Needs: regions. Promises: a leaf that is not listed keeps its content. Costs: one visit.
 */

import { onlyReads } from '../ir/guard.ts'
import type { Expression, FunctionNode, Statement } from '../ir/nodes.ts'
import { typeOf } from '../ir/types.ts'
import { childrenOf, visitExpression, visitStatements } from '../ir/walk.ts'
import { isStorage, LENGTH, type Region, type Regions, type SummaryOf } from './regions.ts'

export interface Writes {
  isWritten(leaf: Region): boolean
  /** The leaves that one statement writes itself, not those of nested statements. */
  by(statement: Statement): readonly Region[]
}

/** Without summaries, a callee may write whatever its arguments lead to. */
export function findWrites(fn: FunctionNode, regions: Regions, summaryOf?: SummaryOf): Writes {
  const by = (statement: Statement): readonly Region[] => writtenBy(statement, fn, regions, summaryOf)
  const written = new Set<Region>()
  visitStatements(fn.body, (statement) => {
    for (const region of by(statement)) written.add(region)
  })
  return { isWritten: (leaf) => written.has(leaf), by }
}

function writtenBy(statement: Statement, fn: FunctionNode, regions: Regions, summaryOf: SummaryOf | undefined): readonly Region[] {
  switch (statement.kind) {
    case 'assign':
      return statement.target.kind === 'variable' ? [] : all(regions.of(statement.target))
    case 'fill':
      return elementsOf(statement.array, regions)
    case 'copyInto':
      return elementsOf(statement.target, regions)
    case 'push':
    case 'truncate': {
      const region = regions.of(statement.array)
      return region ? [regions.child(region, '[]'), regions.child(region, LENGTH)] : []
    }
    case 'call':
      return statement.arguments.flatMap((argument, i) =>
        summaryOf === undefined || summaryOf(statement.callee).written[i] === true ? reached(argument, fn, regions) : [],
      )
    case 'effect':
      return unknownWrites(statement.expression, fn, regions)
    case 'declare':
      return statement.value?.kind === 'opaque' && statement.value.effects ? unknownWrites(statement.value, fn, regions) : []
    default:
      return []
  }
}

const all = (region: Region | undefined): readonly Region[] => (region ? [region] : [])

function elementsOf(array: Expression, regions: Regions): readonly Region[] {
  const region = regions.of(array)
  return region ? [regions.child(region, '[]')] : []
}

function reached(reference: Expression, fn: FunctionNode, regions: Regions): readonly Region[] {
  if (!isStorage(typeOf(reference, fn.variables))) return []
  const region = regions.of(reference)
  return region ? [...regions.reachable(region)] : []
}

/** Text that is not modelled may write any storage it mentions, but logging and guards do not. */
function unknownWrites(expression: Expression, fn: FunctionNode, regions: Regions): readonly Region[] {
  if (expression.kind !== 'opaque' || onlyReads(expression)) return []
  const written: Region[] = []
  for (const child of childrenOf(expression)) {
    visitExpression(child, (node) => {
      if (node.kind === 'variable') written.push(...reached(node, fn, regions))
    })
  }
  return written
}
