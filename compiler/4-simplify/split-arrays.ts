/**
 * An array of objects that never leave the function becomes an array for each of their fields (a structure of arrays): `points[i].x` is `points_x[i]`. No object
 * is made, and where it is known beforehand how many there are, the arrays are of doubles.
 *
 * All objects are made for the array, one for each place, and only their fields are read and written, at places that are known to be there.
 *
 * Needs: unique names. Promises: the same values and errors. Costs: a visit for each such array.
 */

import { assign, declare, element, FLOAT64, field, length, NUMBER, push, variable } from '../ir/build.ts'
import type { Expression, Field, FunctionNode, Statement } from '../ir/nodes.ts'
import { Scope } from '../ir/scope.ts'
import { mapBlocksOf, mapChildren, mapExpressionsOf } from '../ir/walk.ts'
import { forwardReferences } from './forward-references.ts'
import { isUpwards, type CountedLoop } from './loop-product.ts'
import { findSplittable, isArrayOfObjects, type Splittable } from './splittable.ts'

export function splitArrays(fn: FunctionNode): FunctionNode {
  const arrays = Object.entries(fn.variables).filter(([, { type }]) => isArrayOfObjects(type))
  if (arrays.length === 0) return fn
  const direct = forwardReferences(fn, new Set(arrays.map(([name]) => name)))
  const found = findSplittable(direct)
  return found ? splitArrays(split(direct, found)) : fn
}

function split(fn: FunctionNode, { array, fields, items, counted }: Splittable): FunctionNode {
  const scope = Scope.of(fn)
  const type = counted ? FLOAT64 : ({ kind: 'array', storage: 'Array', element: NUMBER } as const)
  const parts = new Map(fields.map(({ name }: Field) => [name, scope.fresh(`${array}_${name.replace(/[^\w$]/g, '')}`, type)]))
  const place = (name: string, index: Expression): Expression & { kind: 'element' } => element(variable(parts.get(name)!), index)
  const isArray = (expression: Expression): boolean => expression.kind === 'variable' && expression.name === array
  const read = (expression: Expression): Expression => {
    if (expression.kind === 'length' && isArray(expression.array)) return length(variable(parts.get(fields[0]!.name)!))
    if (expression.kind === 'field') {
      const { record, name } = expression
      const index = record.kind === 'variable' ? items.get(record.name) : undefined
      if (index) return place(name, read(index))
      if (record.kind === 'element' && isArray(record.array)) return place(name, read(record.index))
    }
    return mapChildren(expression, read)
  }
  const room = ({ counter }: CountedLoop): readonly Statement[] =>
    [...parts.values()].map((name) => declare(name, { kind: 'zeros', type: FLOAT64, length: counter.to }))
  const rewrite = (block: readonly Statement[], around?: CountedLoop): readonly Statement[] =>
    block.flatMap((statement): readonly Statement[] => {
      if (statement.kind === 'declare' && items.has(statement.name)) return []
      if (statement.kind === 'declare' && statement.name === array)
        return counted ? [] : [...parts.values()].map((name) => declare(name, { kind: 'list', type, elements: [] }, statement.origin))
      if (statement.kind === 'push' && isArray(statement.array)) {
        const value = (name: string): Expression => field(statement.value, name)
        return [...parts].map(([name, part]) =>
          counted && around
            ? assign(element(variable(part), variable(around.counter.name)), value(name), statement.origin)
            : push(variable(part), value(name), statement.origin),
        )
      }
      const inner = mapBlocksOf(statement, (nested) => rewrite(nested, isUpwards(statement) ? statement : around))
      const made = mapExpressionsOf(inner, read)
      const target = made.kind === 'assign' && made.target.kind === 'field' ? read(made.target) : undefined
      const done = made.kind === 'assign' && target?.kind === 'element' ? { ...made, target } : made
      return counted && statement === counted ? [...room(counted), done] : [done]
    })
  const body = rewrite(fn.body)
  const gone = (name: string): boolean => name === array || items.has(name)
  return { ...fn, body, variables: Object.fromEntries(Object.entries(scope.variables).filter(([name]) => !gone(name))) }
}
