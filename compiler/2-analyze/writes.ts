/**
 * Which leaves of storage a function's statements write.
 *
 * What a statement of the IR writes can be undone in a reverse sweep. What code does that nobody reads, a function of a package, say, can't: it is
 * *lost*, and who wants to read it later has to keep it.
 *
 * Needs: regions. Promises: a leaf that may not change keeps its content. Costs: a visit.
 */

import { onlyReads } from '../ir/guard.ts'
import type { Expression, FunctionNode, Opaque, Statement } from '../ir/nodes.ts'
import { typeOf } from '../ir/types.ts'
import { childrenOf, someExpression, visitExpression, visitStatements } from '../ir/walk.ts'
import { isStorage, LENGTH, type Region, type Regions, type SummaryOf } from './regions.ts'

export interface Writes {
  /** Whether a statement writes the leaf, or is text that mentions storage which leads to it. */
  isWritten(leaf: Region): boolean
  /** Whether the leaf may get another content in the course of the function, in whatever way. */
  mayChange(leaf: Region): boolean
  /** Whether the leaf may be changed in a way that can't be undone. */
  isLost(leaf: Region): boolean
  /** The leaves that one statement writes itself, not those of nested statements. */
  by(statement: Statement): readonly Region[]
  /** The same with those that it may change out of sight. */
  changedBy(statement: Statement): readonly Region[]
  /** Whether anything that the function was not given may change. */
  readonly leaves: boolean
}

/** Without summaries, a callee may write whatever its arguments lead to. */
export function findWrites(fn: FunctionNode, regions: Regions, summaryOf?: SummaryOf): Writes {
  const by = (statement: Statement): readonly Region[] => writtenBy(statement, fn, regions, summaryOf)
  const lostBy = (statement: Statement): readonly Region[] => lost(statement, fn, regions, summaryOf)
  const written = new Set<Region>()
  const gone = new Set<Region>()
  const outOfSight: Statement[] = []
  visitStatements(fn.body, (statement) => {
    for (const region of by(statement)) written.add(region)
    for (const region of lostBy(statement)) gone.add(region)
    if (isOutOfSight(statement, summaryOf)) outOfSight.push(statement)
  })
  return {
    isWritten: (leaf) => written.has(leaf),
    mayChange: (leaf) => written.has(leaf) || gone.has(leaf),
    isLost: (leaf) => gone.has(leaf),
    by,
    changedBy: (statement) => [...by(statement), ...lostBy(statement)],
    leaves: outOfSight.length > 0 || [...regions.outside()].some((region) => written.has(region) || gone.has(region)),
  }
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
    default:
      return mentionedBy(statement, fn, regions)
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
function mentionedBy(statement: Statement, fn: FunctionNode, regions: Regions): readonly Region[] {
  const text = textOf(statement)
  if (!text || onlyReads(text)) return []
  const written: Region[] = []
  for (const child of childrenOf(text)) {
    visitExpression(child, (node) => {
      if (node.kind === 'variable') written.push(...reached(node, fn, regions))
    })
  }
  return written
}

/** What runs text that has effects. */
function textOf(statement: Statement): Opaque | undefined {
  const value =
    statement.kind === 'effect'
      ? statement.expression
      : statement.kind === 'declare' || statement.kind === 'assign'
        ? statement.value
        : undefined
  return value?.kind === 'opaque' && (value.effects || statement.kind === 'effect') ? value : undefined
}

function isOutOfSight(statement: Statement, summaryOf: SummaryOf | undefined): boolean {
  if (statement.kind === 'call') return summaryOf?.(statement.callee).outside === true
  const text = textOf(statement)
  return text !== undefined && someExpression(text, (part) => part.kind === 'opaque' && part.anywhere === true)
}

/** What is unseen may be done to the storage around the function, and to what the function was given. */
function lost(statement: Statement, fn: FunctionNode, regions: Regions, summaryOf: SummaryOf | undefined): readonly Region[] {
  const mentioned = statement.kind === 'call' ? [] : mentionedBy(statement, fn, regions)
  if (!isOutOfSight(statement, summaryOf)) return mentioned
  const reached = new Set([...mentioned, ...regions.outside()])
  if (statement.kind !== 'call')
    for (const { name } of fn.parameters) if (isStorage(fn.variables[name]!.type)) regions.reachable(regions.ofVariable(name), reached)
  return [...reached]
}
