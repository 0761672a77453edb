/**
 * Elements of plain arrays that are read before it is known whether they are there: `const next = x[i + 1]`, and `next` is used in a branch. Beyond the
 * end such a read gives `undefined`, which changes nothing where nothing is made of it; but adding to the shadow there would make that longer. So what
 * reverses such a read looks first. A read whose number goes into the result in any case needs no look: with `undefined` all would be NaN.
 *
 * Needs: names that are unique. Promises: every read of a plain array that may be out of range and unused is found. Costs: one visit.
 */

import { isFlat } from '../2-analyze/marks.ts'
import { Ranges } from '../2-analyze/ranges.ts'
import { BOOLEAN, when } from '../ir/build.ts'
import type { Expression, Statement, Type } from '../ir/nodes.ts'
import { sameExpression } from '../ir/same.ts'
import type { Scope } from '../ir/scope.ts'
import { typeOf } from '../ir/types.ts'
import { blocksOf, childrenOf, expressionsOf, readsOf, someExpression, visitExpression } from '../ir/walk.ts'

interface Frame {
  readonly ranges: Ranges
  readonly typeOf: (expression: Expression) => Type
  /** The variable whose value a name is a snapshot of, or the name itself. */
  readonly variableOf: (name: string) => string
}

export const frameOf = (block: readonly Statement[], scope: Scope, variableOf: ReadonlyMap<string, string>): Frame => ({
  ranges: new Ranges(block),
  typeOf: (expression) => typeOf(expression, scope.variables),
  variableOf: (name) => variableOf.get(name) ?? name,
})

/** The statements that read such elements. */
export function findSpeculative(block: readonly Statement[], frame: Frame, found: Set<Statement> = new Set()): ReadonlySet<Statement> {
  const own = new Set(block.flatMap((statement) => (statement.kind === 'declare' ? [statement.name] : [])))
  /** Variables of this block whose numbers go on in any case. */
  const needed = new Set<string>()
  for (const statement of [...block].reverse()) {
    for (const inner of blocksOf(statement)) findSpeculative(inner, frame, found)
    if (isNeeded(statement, own, needed, frame)) for (const value of expressionsOf(statement)) collectNumbers(value, needed, frame)
    else if (missingIn(statement, frame).length > 0) found.add(statement)
  }
  return found
}

function isNeeded(statement: Statement, own: ReadonlySet<string>, needed: ReadonlySet<string>, { variableOf }: Frame): boolean {
  switch (statement.kind) {
    case 'declare':
      return needed.has(statement.name)
    case 'assign': {
      const { target, value } = statement
      if (target.kind !== 'variable') return true
      if (own.has(target.name)) return needed.has(target.name)
      // What a variable from outside becomes may never be read, unless it is a sum that goes on.
      return someExpression(value, (node) => node.kind === 'variable' && variableOf(node.name) === target.name)
    }
    case 'if':
    case 'loop':
      return false
    default:
      return true
  }
}

/** The variables whose numbers become part of an expression's number. */
function collectNumbers(expression: Expression, into: Set<string>, frame: Frame): void {
  if (expression.kind === 'variable') {
    into.add(expression.name)
    into.add(frame.variableOf(expression.name))
  }
  if (
    expression.kind === 'opaque' ||
    (expression.kind === 'operation' && (isFlat(expression.operator) || expression.operator === 'select'))
  )
    return
  for (const child of childrenOf(expression)) collectNumbers(child, into, frame)
}

/** The indices of the elements in a statement that may be out of range. */
function missingIn(statement: Statement, { ranges, typeOf }: Frame): readonly Expression[] {
  const found: Expression[] = []
  for (const value of readsOf(statement))
    visitExpression(value, (node) => {
      if (node.kind !== 'element') return
      const type = typeOf(node.array)
      if (type.kind === 'array' && type.storage === 'Array' && type.element.kind === 'number' && !ranges.isWithin(node))
        found.push(node.index)
    })
  return found
}

/** What reverses such a statement adds only to elements that are there. */
export function onlyWherePresent(source: Statement, backward: readonly Statement[], frame: Frame): readonly Statement[] {
  const indices = missingIn(source, frame)
  return backward.map((statement) => {
    if (statement.kind !== 'assign' || statement.target.kind !== 'element') return statement
    const { array, index } = statement.target
    if (!indices.some((one) => sameExpression(one, index))) return statement
    return when({ kind: 'opaque', parts: [index, ' in ', array], type: BOOLEAN, effects: false }, [statement])
  })
}
