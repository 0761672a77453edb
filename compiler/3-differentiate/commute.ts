/** Whether two pieces of a reverse sweep may run in either order: neither reads or overwrites what the other one changes; both may add to the same. */

import { isStorage, type Region } from '../2-analyze/regions.ts'
import { variable } from '../ir/build.ts'
import type { Assign, Expression, Statement } from '../ir/nodes.ts'
import { sameExpression } from '../ir/same.ts'
import { typeOf } from '../ir/types.ts'
import { expressionsOf, visitExpression, visitStatements } from '../ir/walk.ts'
import type { Context } from './context.ts'
import { freeNames } from './plan.ts'

type Place = Region | string

/** What statements do to what lies around them. */
export interface Effects {
  readonly reads: ReadonlySet<Place>
  readonly adds: ReadonlySet<Place>
  readonly writes: ReadonlySet<Place>
  /** Whether something is done of which the places are not known. */
  readonly more: boolean
}

export const commute = (a: Effects, b: Effects): boolean => !a.more && !b.more && isApartFrom(a, b) && isApartFrom(b, a)

const isApartFrom = (one: Effects, { reads, adds, writes }: Effects): boolean =>
  ![...one.writes].some((place) => reads.has(place) || adds.has(place) || writes.has(place)) &&
  ![...one.adds].some((place) => reads.has(place) || writes.has(place))

export function effectsOf(block: readonly Statement[], context: Context): Effects {
  const outside = new Set([...freeNames(block)].map((name) => context.variableOf.get(name) ?? name))
  const [reads, adds, writes] = [new Set<Place>(), new Set<Place>(), new Set<Place>()]
  let more = false
  const placeOf = (expression: Expression): Place | undefined => {
    if (expression.kind === 'variable') {
      const name = context.variableOf.get(expression.name) ?? expression.name
      return outside.has(name) ? name : undefined
    }
    const region = context.regions.of(expression)
    if (!region) more = true
    return region
  }
  const note = (into: Set<Place>, expression: Expression): void => {
    const place = placeOf(expression)
    if (place !== undefined) into.add(place)
  }
  const read = (expression: Expression): void =>
    visitExpression(expression, (node) => {
      if (node.kind === 'opaque' && node.effects) more = true
      if (node.kind === 'variable' || node.kind === 'element' || node.kind === 'field') note(reads, node)
    })
  const reachable = (expression: Expression): ReadonlySet<Region> => {
    const region = context.regions.of(expression)
    if (!region) more = true
    return region ? context.regions.reachable(region) : new Set()
  }
  const taken = (argument: Expression): void => {
    read(argument)
    if (isStorage(typeOf(argument, context.scope.variables))) for (const region of reachable(argument)) reads.add(region)
  }
  const addedTo = (shadow: Expression): void => {
    read(shadow)
    for (const region of reachable(shadow)) adds.add(region)
  }
  visitStatements(block, (statement) => {
    if (statement.kind === 'assign') {
      const { target } = statement
      const added = addedBy(statement)
      note(added ? adds : writes, target)
      if (target.kind === 'element') [target.array, target.index].forEach(read)
      if (target.kind === 'field') read(target.record)
      read(added ?? statement.value)
    } else if (statement.kind === 'release') note(writes, variable(statement.tape))
    else if (statement.kind === 'call') {
      const shadows = context.callees.shadowsOf(statement.callee)
      if (shadows === undefined) more = true
      else statement.arguments.forEach((argument, i) => (i < statement.arguments.length - shadows ? taken(argument) : addedTo(argument)))
    } else if (['declare', 'if', 'loop', 'comment'].includes(statement.kind)) expressionsOf(statement).forEach(read)
    else more = true
  })
  return { reads, adds, writes, more }
}

/** What `x += rest` adds. */
export function addedBy({ target, value }: Assign): Expression | undefined {
  if (value.kind !== 'operation' || (value.operator !== '+' && value.operator !== '-')) return undefined
  const [first, rest] = value.operands
  return sameExpression(first!, target) ? rest : undefined
}
