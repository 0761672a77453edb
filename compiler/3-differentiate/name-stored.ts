/**
 * Gives a name to storage that is made where it is put into other storage: `a[i] = [x, y]` becomes `const made = [x, y]; a[i] = made`, and so does
 * what is pushed. The reverse sweep takes the reference out of its place before it comes to what the parts were made from, and reads their adjoints by
 * the name.
 *
 * Needs: unique names. Promises: no new storage is assigned to an element or a field, or pushed.
 */

import { isStorage } from '../2-analyze/regions.ts'
import { declare, variable } from '../ir/build.ts'
import type { Expression, Statement } from '../ir/nodes.ts'
import type { Scope } from '../ir/scope.ts'
import { typeOf } from '../ir/types.ts'
import { mapBlocksOf } from '../ir/walk.ts'

export function nameStored(block: readonly Statement[], scope: Scope): readonly Statement[] {
  return block.flatMap((statement) => {
    const inner = mapBlocksOf(statement, (nested) => nameStored(nested, scope))
    const isStore = inner.kind === 'push' || (inner.kind === 'assign' && inner.target.kind !== 'variable')
    if (!isStore || isPlace(inner.value)) return [inner]
    const type = typeOf(inner.value, scope.variables)
    if (!isStorage(type)) return [inner]
    const name = scope.fresh('made', type)
    return [declare(name, inner.value, inner.origin), { ...inner, value: variable(name) }]
  })
}

const isPlace = (value: Expression): boolean => ['variable', 'element', 'field'].includes(value.kind)
