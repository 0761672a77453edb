/**
 * Objects that never leave the function become variables, one for each field: `let p = { x, y }; p.x += 1` is `let p_x = x; let p_y = y; p_x += 1`.
 * No object is made, and the tapes of the reverse sweep hold numbers.
 *
 * An object can be taken apart when all that is done with it is reading and writing its fields, copying the reference to a variable of which the
 * same holds, and returning it. Where copies could show a write under another name that is still needed, objects that are written stay whole.
 *
 * Needs: unique names. Promises: the same values. Costs: a few visits for each level of nesting.
 */

import { assign, declare, field, variable } from '../ir/build.ts'
import type { Expression, Field, FunctionNode, RecordType, Statement } from '../ir/nodes.ts'
import { Scope } from '../ir/scope.ts'
import { mapBlocksOf, mapChildren, mapExpressionsOf, variablesAssigned, variablesIn } from '../ir/walk.ts'
import { forwardReferences } from './forward-references.ts'
import { mergeVariants } from './merge-variants.ts'
import { missingRecords } from './missing-records.ts'
import { findSeparable } from './separable.ts'

export function scalarRecords(whole: FunctionNode): FunctionNode {
  const fn = missingRecords(mergeVariants(whole))
  const { separable, shared } = findSeparable(fn)
  if (separable.size === 0) {
    const direct = forwardReferences(fn, shared)
    return direct !== fn && findSeparable(direct).separable.size > 0 ? scalarRecords(direct) : fn
  }
  const scope = Scope.of(fn)
  const parts = new Map([...separable].map(([name, type]) => [name, new Parts(name, type, scope)]))
  const body = rewrite(fn.body, { parts, scope })
  const assigned = variablesAssigned(body)
  const kept = Object.entries(scope.variables).filter(([name]) => !parts.has(name))
  const variables = Object.fromEntries(kept.map(([name, info]) => [name, { ...info, mutable: assigned.has(name) }]))
  // What the fields held may come apart now.
  return scalarRecords({ ...fn, body, variables })
}

/** The variables that an object becomes. */
class Parts {
  readonly type: RecordType
  readonly #names: ReadonlyMap<string, string>

  constructor(name: string, type: RecordType, scope: Scope) {
    this.type = type
    this.#names = new Map(type.fields.map((part) => [part.name, scope.fresh(partName(name, part), part.type)]))
  }

  of(name: string): string {
    return this.#names.get(name)!
  }
}

const partName = (name: string, part: Field): string => `${name}_${part.name.replace(/[^\w$]/g, '')}`

interface Known {
  readonly parts: ReadonlyMap<string, Parts>
  readonly scope: Scope
}

function rewrite(block: readonly Statement[], known: Known): readonly Statement[] {
  return block.flatMap((statement) =>
    rewriteOne(
      mapBlocksOf(statement, (inner) => rewrite(inner, known)),
      known,
    ),
  )
}

function rewriteOne(statement: Statement, known: Known): readonly Statement[] {
  const { parts } = known
  if (statement.kind === 'declare') {
    const made = parts.get(statement.name)
    if (!made) return [read(statement, known)]
    const { value, origin } = statement
    return made.type.fields.map(({ name }) => declare(made.of(name), value && partOf(value, name, known), origin))
  }
  if (statement.kind === 'assign' && statement.target.kind === 'variable') {
    const made = parts.get(statement.target.name)
    return made ? assignParts(made, statement.value, known, statement) : [read(statement, known)]
  }
  if (statement.kind === 'assign' && statement.target.kind === 'field' && statement.target.record.kind === 'variable') {
    const made = parts.get(statement.target.record.name)
    if (made) return [assign(variable(made.of(statement.target.name)), readIn(statement.value, known), statement.origin)]
  }
  if (statement.kind === 'return' && statement.value?.kind === 'variable') {
    const made = parts.get(statement.value.name)
    if (made) {
      const values = made.type.fields.map(({ name }) => variable(made.of(name)))
      return [{ ...statement, value: { kind: 'record', type: made.type, values } }]
    }
  }
  return [read(statement, known)]
}

/** All new values are there before the first is assigned, as far as that makes a difference. */
function assignParts(made: Parts, value: Expression, known: Known, { origin }: Statement): readonly Statement[] {
  const changes = made.type.fields
    .map(({ name }) => ({ target: made.of(name), value: partOf(value, name, known) }))
    .filter((change) => change.value.kind !== 'variable' || change.value.name !== change.target)
  const before: Statement[] = []
  const after: Statement[] = []
  changes.forEach((change, i) => {
    const isReadLater = changes.slice(i + 1).some((later) => variablesIn(later.value).has(change.target))
    if (!isReadLater) return after.push(assign(variable(change.target), change.value, origin))
    const next = known.scope.fresh(`${change.target}_next`, known.scope.typeOf(change.target))
    before.push(declare(next, change.value, origin))
    return after.push(assign(variable(change.target), variable(next), origin))
  })
  // What is assigned at once stands where nothing reads the old value any more.
  const isKept = (statement: Statement): boolean =>
    statement.kind === 'assign' && before.some((one) => one.kind === 'declare' && isVariable(statement.value, one.name))
  return [...before, ...after.filter((statement) => !isKept(statement)), ...after.filter(isKept)]
}

const isVariable = (expression: Expression, name: string): boolean => expression.kind === 'variable' && expression.name === name

/** The value of one field of new storage or of another object that is taken apart. */
function partOf(value: Expression, name: string, known: Known): Expression {
  if (value.kind === 'record') return readIn(value.values[value.type.fields.findIndex((one) => one.name === name)]!, known)
  return readIn(field(value, name), known)
}

const read = (statement: Statement, known: Known): Statement => mapExpressionsOf(statement, (expression) => readIn(expression, known))

function readIn(expression: Expression, known: Known): Expression {
  if (expression.kind === 'field' && expression.record.kind === 'variable') {
    const made = known.parts.get(expression.record.name)
    if (made) return variable(made.of(expression.name))
  }
  return mapChildren(expression, (child) => readIn(child, known))
}
