/**
 * An array that starts empty may be filled by index: `a[i] = x` where `i` is its length makes it longer. Its shadow has to grow with it, so such a store
 * becomes `if (i === a.length) a.push(x); else a[i] = x`. A table of numbers may be filled from its far end: the places between are filled up first,
 * with nothing.
 *
 * Needs: regions. Promises: an array that starts empty becomes longer by `push` alone. Costs: two visits.
 */

import { Ranges } from '../2-analyze/ranges.ts'
import { LENGTH, type Regions } from '../2-analyze/regions.ts'
import { element, isNumber, length, NUMBER, operation, push, when } from '../ir/build.ts'
import { missing } from '../ir/missing.ts'
import type { Scope } from '../ir/scope.ts'
import type { Expression, FunctionNode, Statement } from '../ir/nodes.ts'
import { typeOf } from '../ir/types.ts'
import { mapBlocksOf, visitStatements } from '../ir/walk.ts'

export function growByIndex(fn: FunctionNode, regions: Regions, scope: Scope): readonly Statement[] {
  const lengths = emptyAtFirst(fn, regions)
  if (lengths.size === 0) return fn.body
  const ranges = new Ranges(fn.body)
  /** `counter` is that of the loop whose body this list is. */
  const rewrite = (block: readonly Statement[], counter: string | undefined): readonly Statement[] =>
    block.flatMap((statement) => {
      if (statement.kind === 'loop') return [{ ...statement, body: rewrite(statement.body, statement.counter?.name) }]
      if (statement.kind !== 'assign' || statement.target.kind !== 'element')
        return [mapBlocksOf(statement, (inner) => rewrite(inner, undefined))]
      const { array, index } = statement.target
      const type = typeOf(array, fn.variables)
      if (type.kind !== 'array' || type.storage !== 'Array') return [statement]
      const region = regions.of(array)
      if (!region || !lengths.has(regions.child(region, LENGTH))) return [statement]
      // A counter from 0 leaves no gap.
      const isNext = index.kind === 'variable' && index.name === counter && ranges.counterFromZero(index) !== undefined
      const grown = when(operation('===', index, length(array)), [push(array, statement.value, statement.origin)], [statement])
      return isNext || isNumber(index, 0) || type.element.kind !== 'number' ? [grown] : [padded(array, index, scope), grown]
    })
  return rewrite(fn.body, undefined)
}

/** `for (let k = array.length; k < index; k++) array.push(undefined!)` */
function padded(array: Expression, index: Expression, scope: Scope): Statement {
  const name = scope.fresh('k', NUMBER)
  return {
    kind: 'loop',
    counter: { name, from: length(array), to: index, comparison: '<', step: 1 },
    body: [push(array, missing(NUMBER, 'left-out'))],
  }
}

/** The lengths of the arrays that some empty literal becomes. */
function emptyAtFirst(fn: FunctionNode, regions: Regions): ReadonlySet<object> {
  const lengths = new Set<object>()
  const note = (place: Expression, value: Expression): void => {
    if (value.kind === 'list' && value.elements.length > 0)
      for (const part of value.elements) note(element(place, { kind: 'number', value: 0 }), part)
    if (value.kind === 'record') value.type.fields.forEach(({ name }, i) => note({ kind: 'field', record: place, name }, value.values[i]!))
    if (value.kind !== 'list' || value.elements.length > 0 || value.type.storage !== 'Array') return
    const region = regions.of(place)
    if (region) lengths.add(regions.child(region, LENGTH))
  }
  visitStatements(fn.body, (statement) => {
    if (statement.kind === 'declare' && statement.value) note({ kind: 'variable', name: statement.name }, statement.value)
    if (statement.kind === 'assign') note(statement.target, statement.value)
  })
  return lengths
}
