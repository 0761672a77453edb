/** What flows where by a statement. */

import type { Expression, Statement } from '../ir/nodes.ts'
import type { Places } from './places.ts'
import { isStorage, RESULT } from './regions.ts'

export interface Flow {
  readonly to: Expression
  readonly from: Expression
}

/** Where a statement's value goes. A creation goes into the parts of the new storage, so that one active field does not taint the others. */
export function flowsOf(statement: Statement, values: Places): readonly Flow[] {
  switch (statement.kind) {
    case 'declare':
      return statement.value ? partsOf({ kind: 'variable', name: statement.name }, statement.value, values) : []
    case 'assign':
      return partsOf(statement.target, statement.value, values)
    case 'fill':
      return [{ to: elementOf(statement.array), from: statement.value }]
    case 'push':
      return partsOf(elementOf(statement.array), statement.value, values)
    case 'copyInto':
      return [{ to: elementOf(statement.target), from: elementOf(statement.source) }]
    case 'return':
      return statement.value ? partsOf({ kind: 'variable', name: RESULT }, statement.value, values) : []
    default:
      return []
  }
}

const elementOf = (array: Expression): Expression => ({ kind: 'element', array, index: { kind: 'number', value: 0 } })

function partsOf(to: Expression, from: Expression, values: Places): readonly Flow[] {
  if (from.kind === 'record')
    return from.type.fields.flatMap(({ name }, i) => partsOf({ kind: 'field', record: to, name }, from.values[i]!, values))
  if (from.kind === 'list') return from.elements.flatMap((value) => partsOf(elementOf(to), value, values))
  // References share their regions already.
  return isStorage(values.typeOf(to)) && (from.kind === 'variable' || from.kind === 'element' || from.kind === 'field')
    ? []
    : [{ to, from }]
}
