/** Regions of types that contain themselves, of what a forward half keeps, and of storage around the function that it writes. */

import { isNamed, partsOf, someType } from '../ir/named-type.ts'
import type { Expression, FunctionNode, Path, Statement, Type } from '../ir/nodes.ts'
import { showType } from '../ir/parse-type.ts'
import { isStorage } from '../ir/shadow-type.ts'
import { expressionsOf, someStatement, visitExpression, visitStatements } from '../ir/walk.ts'
import type { Region, Regions } from './regions.ts'

/** What is reached through a type that contains itself is one region at every depth, so that regions have an end. */
export function tieNamed(regions: Regions, roots: readonly { readonly name: string; readonly type: Type }[]): void {
  for (const { name, type } of roots)
    if (isStorage(type) && someType(type, isNamed)) tie(regions, regions.ofVariable(name), type, new Map())
}

function tie(regions: Regions, region: Region, type: Type, above: ReadonlyMap<string, Region>): void {
  const own = isNamed(type) ? above.get(type.name) : undefined
  if (own) return regions.join(own, region)
  const inside = isNamed(type) ? new Map([...above, [type.name, region]]) : above
  for (const [key, inner] of partsOf(type)) if (isStorage(inner)) tie(regions, regions.child(region, key), inner, inside)
}

/** Whether a function is the backward half of another, or made of one. */
export function takesResiduals(fn: FunctionNode): boolean {
  return fn.parameters.some(({ name }) => someType(fn.variables[name]!.type, isResiduals))
}

const isResiduals = (type: Type): boolean => isNamed(type) && /_Residuals(_\d+)?(_Shape)*(_Shadow)?$/.test(type.name)

/**
 * What was kept at several depths of a recursion may be the same storage, and may be a view of a shadow that is given beside it. Nothing tells a backward
 * half, so all that it is given of one type is taken to be the same.
 */
export function meetAll(regions: Regions, fn: FunctionNode): void {
  const first = new Map<string, Region>()
  const visit = (region: Region, type: Type, above: ReadonlySet<string>): void => {
    if (!isStorage(type) || (isNamed(type) && above.has(type.name))) return
    const key = showType(type)
    const known = first.get(key)
    if (known) regions.join(known, region)
    else first.set(key, region)
    const inside = isNamed(type) ? new Set([...above, type.name]) : above
    for (const [part, inner] of partsOf(type)) visit(regions.child(region, part), inner, inside)
  }
  for (const { name } of fn.parameters) visit(regions.ofVariable(name), fn.variables[name]!.type, new Set())
}

/** A function that anybody may call: whatever it is given could be the same, by names of whatever types, where it is storage of one kind. */
export function givenAnyhow(fn: FunctionNode): FunctionNode {
  const paths = new Map<string, Path[]>()
  const visit = (path: Path, type: Type, above: ReadonlySet<string>): void => {
    if (!isStorage(type) || (isNamed(type) && above.has(type.name))) return
    const kind = kindOf(type)
    paths.set(kind, [...(paths.get(kind) ?? []), path])
    const inside = isNamed(type) ? new Set([...above, type.name]) : above
    for (const [part, inner] of partsOf(type)) visit({ root: path.root, keys: [...path.keys, part] }, inner, inside)
  }
  fn.parameters.forEach(({ name }, i) => visit({ root: String(i), keys: [] }, fn.variables[name]!.type, new Set()))
  const meetings = [...paths.values()].filter((same) => same.length > 1)
  return meetings.length > 0 ? { ...fn, meetings } : fn
}

function kindOf(type: Type): string {
  if (type.kind !== 'array') return type.kind
  return type.storage !== 'Array' ? 'typed' : isStorage(type.element) ? 'references' : 'numbers'
}

/** Whether a statement writes storage that is known by a name from around the function. */
export function writesOutside(regions: Regions, { body }: FunctionNode): boolean {
  const outside = regions.outside()
  if (outside.size === 0) return false
  return someStatement(body, (statement) => {
    const place = writtenPlace(statement)
    const region = place && regions.of(place)
    return region !== undefined && outside.has(region)
  })
}

function writtenPlace(statement: Statement): Expression | undefined {
  if (statement.kind === 'assign') return statement.target.kind === 'element' ? statement.target.array : recordOf(statement.target)
  if (statement.kind === 'copyInto') return statement.target
  return statement.kind === 'fill' || statement.kind === 'push' || statement.kind === 'truncate' ? statement.array : undefined
}

const recordOf = (target: Expression): Expression | undefined => (target.kind === 'field' ? target.record : undefined)

/** Every part of storage that is mentioned is there before it is asked what leads to what. */
export function enterAll(regions: Regions, { body }: FunctionNode): void {
  visitStatements(body, (statement) => {
    for (const expression of expressionsOf(statement))
      visitExpression(expression, (node) => {
        if (node.kind === 'element' || node.kind === 'field') regions.of(node)
        const array = node.kind === 'length' ? regions.of(node.array) : undefined
        if (array) regions.child(array, 'length')
      })
  })
}
