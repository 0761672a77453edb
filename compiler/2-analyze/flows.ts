/** What flows where by a statement. */

import type { Expression, Opaque, Statement } from '../ir/nodes.ts'
import { expressionsOf, visitExpression, visitStatements } from '../ir/walk.ts'
import type { Places } from './places.ts'
import { isStorage, RESULT } from './regions.ts'

export interface Flow {
  readonly to: Expression
  readonly from: Expression
}

/** What is asked of a statement in every round of an analysis, and stays the same. */
export interface Flowing {
  readonly statement: Statement
  readonly flows: readonly Flow[]
  /** Code in it that is not modelled and has an effect. */
  readonly effects: readonly Opaque[]
}

/** All statements, at any depth. */
export function flowingIn(block: readonly Statement[], values: Places): readonly Flowing[] {
  const list: Flowing[] = []
  visitStatements(block, (statement) => list.push({ statement, flows: flowsOf(statement, values), effects: effectsIn(statement) }))
  return list
}

function effectsIn(statement: Statement): readonly Opaque[] {
  const effects: Opaque[] = []
  for (const expression of expressionsOf(statement))
    visitExpression(expression, (node) => {
      if (node.kind === 'opaque' && node.effects) effects.push(node)
    })
  return effects
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
