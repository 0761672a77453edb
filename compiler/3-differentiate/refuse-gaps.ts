/**
 * The shadow of an argument has the gaps of the argument. What the function itself puts into a place that may be such a gap has an adjoint, for which
 * there would be no place.
 *
 * Needs: activity, regions. Promises: a number that is written into an argument has a place in its shadow.
 */

import type { Activity } from '../2-analyze/activity.ts'
import type { Region, Regions } from '../2-analyze/regions.ts'
import { element, number } from '../ir/build.ts'
import { missingOf } from '../ir/missing.ts'
import type { Expression, FunctionNode, Statement } from '../ir/nodes.ts'
import { operatorInfo } from '../ir/operators.ts'
import { sameExpression } from '../ir/same.ts'
import { isStorage } from '../ir/shadow-type.ts'
import { typeOf } from '../ir/types.ts'
import { visitStatements } from '../ir/walk.ts'
import { Refusal } from './refusal.ts'

export function refuseGaps(fn: FunctionNode, regions: Regions, activity: Activity): void {
  const given = new Set<Region>()
  for (const { name } of fn.parameters) if (isStorage(fn.variables[name]!.type)) regions.reachable(regions.ofVariable(name), given)
  visitStatements(fn.body, (statement) => {
    const place = isChange(statement) ? undefined : placeWritten(statement)
    const type = place && typeOf(place, fn.variables)
    if (!place || type?.kind !== 'number' || missingOf(type) === undefined || !activity.isActive(place)) return
    // Where there is no number under a key, there is a zero in the shadow.
    if (place.kind === 'element' && typeOf(place.array, fn.variables).kind === 'keyed') return
    const region = regions.of(place)
    if (region && given.has(region)) throw new Refusal('CT2013', statement.origin, { text: nameOf(place), function: fn.name })
  })
}

/** `x.k += v`: what is changed was there. */
const isChange = (statement: Statement): boolean =>
  statement.kind === 'assign' &&
  statement.value.kind === 'operation' &&
  operatorInfo(statement.value.operator).operands === 'number' &&
  statement.value.operands.some((operand) => sameExpression(operand, statement.target))

function placeWritten(statement: Statement): Expression | undefined {
  if (statement.kind === 'assign' && statement.target.kind !== 'variable') return statement.target
  if (statement.kind === 'fill') return element(statement.array, number(0))
  return statement.kind === 'copyInto' ? element(statement.target, number(0)) : undefined
}

function nameOf(place: Expression): string {
  if (place.kind === 'variable') return place.name
  if (place.kind === 'field') return `${nameOf(place.record)}.${place.name}`
  return place.kind === 'element' ? `${nameOf(place.array)}[...]` : '...'
}
