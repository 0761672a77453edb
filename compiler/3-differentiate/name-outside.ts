/**
 * Storage around a function gets a name in it: an array of the module that it writes, so that what it holds at the end is put back after the reverse sweep
 * as with an argument; and whatever a backward half reads that runs apart from its forward half, because by then it may hold something else.
 *
 * Needs: names that are unique in the function. Promises: what is declared as a name for storage around the function is all that leads there, save what
 * nobody writes. Of an object that nothing in the function changes only the parts are named that it reads.
 */

import { findRegions, type Regions, type SummaryOf } from '../2-analyze/regions.ts'
import { findWrites, type Writes } from '../2-analyze/writes.ts'
import { declare, variable } from '../ir/build.ts'
import type { Expression, FunctionNode, Opaque, Statement } from '../ir/nodes.ts'
import { isOutside, nameOf } from '../ir/outside.ts'
import { Scope } from '../ir/scope.ts'
import { typeOf } from '../ir/types.ts'
import { childrenOf, expressionsOf, mapAllExpressions, mapBlocksOf, mapChildren, visitStatements } from '../ir/walk.ts'

/** `apart`: whether the reverse sweep runs at another time than the forward sweep. */
export function nameOutside(original: FunctionNode, summaryOf: SummaryOf, apart: boolean): FunctionNode {
  const fn = withoutAliases(original)
  const regions = findRegions(fn, summaryOf)
  const writes = findWrites(fn, regions, summaryOf)
  const named = new Map<string, string>()
  const heads: Statement[] = []
  const scope = Scope.of(fn)
  for (const place of placesToName(fn, regions, writes, apart)) {
    const type = typeOf(place, fn.variables)
    const name = scope.fresh(wordsOf(place).at(-1)!, type)
    named.set(keyOf(place)!, name)
    heads.push(declare(name, place))
  }
  if (heads.length === 0) return original
  const body = mapAllExpressions(fn.body, (expression) => withNames(expression, named))
  return { ...fn, body: [...heads, ...body], variables: scope.variables }
}

/** The names that `nameOutside` gave to whole storage. */
export const outsideNames = (body: readonly Statement[]): readonly { readonly name: string; readonly place: Opaque }[] =>
  body.flatMap((statement) =>
    statement.kind === 'declare' && statement.value && isOutside(statement.value) ? [{ name: statement.name, place: statement.value }] : [],
  )

/** A constant that only stands for such storage is that storage. */
function withoutAliases(fn: FunctionNode): FunctionNode {
  const aliases = new Map<string, Opaque>()
  visitStatements(fn.body, (statement) => {
    if (statement.kind !== 'declare' || !statement.value || !isOutside(statement.value)) return
    if (fn.variables[statement.name]?.mutable === false) aliases.set(statement.name, statement.value)
  })
  if (aliases.size === 0) return fn
  const plain = (expression: Expression): Expression =>
    expression.kind === 'variable' ? (aliases.get(expression.name) ?? expression) : mapChildren(expression, plain)
  const without = (block: readonly Statement[]): readonly Statement[] =>
    block
      .filter((statement) => statement.kind !== 'declare' || !aliases.has(statement.name))
      .map((statement) => mapBlocksOf(statement, without))
  return { ...fn, body: mapAllExpressions(without(fn.body), plain) }
}

/** The storage, or the parts of it, in the order in which they are met; none is part of another. */
function placesToName(fn: FunctionNode, regions: Regions, writes: Writes, apart: boolean): readonly Expression[] {
  const found = new Map<string, Expression>()
  const visit = (expression: Expression): void => {
    // What only text reads has its value there.
    if (expression.kind === 'opaque' && !isOutside(expression)) return
    const root = rootOfFields(expression)
    if (!root) return childrenOf(expression).forEach(visit)
    if (root.fixed) return
    const inside = [...regions.reachable(regions.of(root)!)]
    const isWritten = inside.some((region) => writes.isWritten(region))
    if (!apart && !isWritten) return
    const place = inside.some((region) => writes.mayChange(region)) ? root : expression
    found.set(keyOf(place)!, place)
  }
  visitStatements(fn.body, (statement) => expressionsOf(statement).forEach(visit))
  const keys = [...found.keys()]
  return [...found].filter(([key]) => !keys.some((other) => key.startsWith(`${other}.`))).map(([, place]) => place)
}

function withNames(expression: Expression, named: ReadonlyMap<string, string>): Expression {
  const key = keyOf(expression)
  const name = key === undefined ? undefined : named.get(key)
  if (name !== undefined) return variable(name)
  if (expression.kind === 'opaque' && !isOutside(expression)) return expression
  return mapChildren(expression, (child) => withNames(child, named))
}

/** `cfg` in `cfg.rates.first`. */
function rootOfFields(place: Expression): Opaque | undefined {
  if (place.kind === 'field') return rootOfFields(place.record)
  return isOutside(place) ? place : undefined
}

function keyOf(place: Expression): string | undefined {
  if (place.kind === 'field') {
    const record = keyOf(place.record)
    return record === undefined ? undefined : `${record}.${place.name}`
  }
  return isOutside(place) ? nameOf(place) : undefined
}

const wordsOf = (place: Expression): readonly string[] => keyOf(place)!.split('.')
