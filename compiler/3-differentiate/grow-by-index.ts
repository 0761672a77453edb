/**
 * An array that starts empty may be filled by index: `a[i] = x` where `i` is its length makes it longer. Its shadow has to grow with it, so such a store
 * becomes `if (i === a.length) a.push(x); else a[i] = x`.
 *
 * Needs: regions. Promises: an array that starts empty becomes longer by `push` alone. Costs: two visits.
 */

import { LENGTH, type Regions } from '../2-analyze/regions.ts'
import { element, length, operation, push, when } from '../ir/build.ts'
import type { Expression, FunctionNode, Statement } from '../ir/nodes.ts'
import { typeOf } from '../ir/types.ts'
import { mapBlocksOf, visitStatements } from '../ir/walk.ts'

export function growByIndex(fn: FunctionNode, regions: Regions): readonly Statement[] {
  const lengths = emptyAtFirst(fn, regions)
  if (lengths.size === 0) return fn.body
  const rewrite = (block: readonly Statement[]): readonly Statement[] =>
    block.map((statement) => {
      if (statement.kind !== 'assign' || statement.target.kind !== 'element') return mapBlocksOf(statement, rewrite)
      const { array, index } = statement.target
      const type = typeOf(array, fn.variables)
      if (type.kind !== 'array' || type.storage !== 'Array') return statement
      const region = regions.of(array)
      if (!region || !lengths.has(regions.child(region, LENGTH))) return statement
      return when(operation('===', index, length(array)), [push(array, statement.value, statement.origin)], [statement])
    })
  return rewrite(fn.body)
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
