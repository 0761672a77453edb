/**
 * The type of what several `return`s give, where the type checker knows it only as one thing or another: what all of them give in common, with `null` or
 * `undefined` where some give that.
 */

import { fitting } from '../../ir/missing.ts'
import { mergeTypes } from '../../ir/merge-records.ts'
import type { Type } from '../../ir/nodes.ts'
import { mapInner, type RawStatement } from '../exits/raw.ts'

/** Nothing where they have nothing in common. */
export function commonType([first, ...others]: readonly Type[]): Type | undefined {
  return others.reduce<Type | undefined>((common, type) => common && mergeTypes(common, type), first)
}

/** `null`, where the result is given it, becomes one of the result's type. */
export function fitResults(list: readonly RawStatement[], result: string, type: Type): readonly RawStatement[] {
  return list.map((statement) =>
    statement.kind === 'assign' && statement.target.kind === 'variable' && statement.target.name === result
      ? { ...statement, value: fitting(statement.value, type) }
      : mapInner(statement, (inner) => fitResults(inner, result, type)),
  )
}
