/**
 * Names what the reverse sweep will read: operands of non-linear operations, results that a rule uses again (`out` of `Math.exp`),
 * and tests and indices that could have changed by then. Sums and what is linear stay in their trees, so that the code keeps its shape.
 *
 * Needs: activity. Promises: every operand that a partial derivative reads is a name, a literal or a place in storage.
 */

import type { Activity } from '../2-analyze/activity.ts'
import { differentiableOperands } from '../2-analyze/marks.ts'
import { LENGTH, type Regions } from '../2-analyze/regions.ts'
import type { Writes } from '../2-analyze/writes.ts'
import { isOperation, termOf, variable } from '../ir/build.ts'
import { isHook } from '../ir/hook.ts'
import type { Expression, Opaque, Operation, Statement } from '../ir/nodes.ts'
import { costOf } from '../ir/operators.ts'
import { isOutside, rootOfPlace } from '../ir/outside.ts'
import type { Scope } from '../ir/scope.ts'
import { isTextLiteral } from '../ir/text-type.ts'
import { typeOf } from '../ir/types.ts'
import { mapBlocksOf, mapChildren, mapExpressionsOf, someExpression } from '../ir/walk.ts'
import { needs } from '../rules/partials.ts'

export interface Naming {
  readonly scope: Scope
  readonly activity: Activity
  readonly regions: Regions
  readonly writes: Writes
}

export function nameOperands(block: readonly Statement[], naming: Naming): readonly Statement[] {
  return block.flatMap((statement) => {
    const names = new Names(naming)
    const rewritten = rewrite(statement, names, naming)
    return [...names.taken(), mapBlocksOf(rewritten, (inner) => nameOperands(inner, naming))]
  })
}

/** Collects the declarations that go before a statement. */
class Names {
  readonly naming: Naming
  #declared: Statement[] = []

  constructor(naming: Naming) {
    this.naming = naming
  }

  give(expression: Expression, base = baseName(expression)): Expression {
    const name = this.naming.scope.numbered(base, typeOf(expression, this.naming.scope.variables))
    this.#declared.push({ kind: 'declare', name, value: expression })
    return variable(name)
  }

  taken(): readonly Statement[] {
    return this.#declared
  }
}

function rewrite(statement: Statement, names: Names, naming: Naming): Statement {
  const steady = mapExpressionsOf(statement, (expression) => settleIndices(expression, names))
  switch (steady.kind) {
    case 'declare':
      return steady.value && naming.activity.isVaried(steady.value) ? { ...steady, value: whole(steady.value, names) } : steady
    case 'assign': {
      if (!naming.activity.isVaried(steady.value)) return steady
      return { ...steady, value: steady.target.kind === 'variable' ? whole(steady.value, names) : linear(steady.value, names) }
    }
    case 'push':
    case 'fill':
      return { ...steady, value: linear(steady.value, names) }
    case 'return':
      return steady.value ? { ...steady, value: linear(steady.value, names) } : steady
    case 'call':
      return { ...steady, arguments: steady.arguments.map((argument) => linear(argument, names)) }
    case 'if':
      return isSteady(steady.test, naming) ? steady : { ...steady, test: names.give(steady.test, 'test') }
    case 'loop': {
      const { counter } = steady
      if (!counter) return steady
      const settle = (bound: Expression): Expression => (isSteady(bound, naming) ? bound : names.give(bound, 'end'))
      return { ...steady, counter: { ...counter, from: settle(counter.from), to: settle(counter.to) } }
    }
    default:
      return steady
  }
}

/** The value of a variable: its own name serves as `out`, so its outermost operation needs none. */
function whole(value: Expression, names: Names): Expression {
  return value.kind === 'operation' ? operationIn(value, names) : linear(value, names)
}

/** An expression whose value itself the reverse sweep does not read. */
function linear(expression: Expression, names: Names): Expression {
  if (!names.naming.activity.isVaried(expression)) return expression
  if (expression.kind === 'list' || expression.kind === 'record') return mapChildren(expression, (part) => linear(part, names))
  if (expression.kind !== 'operation') return expression
  const inner = operationIn(expression, names)
  return readsOwnResult(inner, names) ? names.give(inner) : inner
}

function operationIn(expression: Operation, names: Names): Operation {
  const { activity } = names.naming
  const { operator, operands } = expression
  if (isHook(expression)) return expression
  if (operator === '*' || (operator === '/' && !activity.isVaried(operands[1]!)))
    return productIn(expression, names, activeFactors(expression, activity) > 1)
  if (operator === 'select') {
    const [test, a, b] = operands
    return {
      ...expression,
      operands: [isSteady(test!, names.naming) ? test! : names.give(test!, 'test'), linear(a!, names), linear(b!, names)],
    }
  }
  if (differentiableOperands(expression).length === 0) return expression
  const active = operands.flatMap((operand, i) => (activity.isVaried(operand) ? [i] : []))
  const read = new Set(needs(operator, operands, active).operands)
  return { ...expression, operands: operands.map((operand, i) => (read.has(i) ? simple(operand, names) : linear(operand, names))) }
}

/** Within a product, only what multiplies an active factor is read again. */
function productIn(expression: Operation, names: Names, readActive: boolean): Operation {
  const operands = expression.operands.map((operand) => {
    if (isOperation(operand, '*') || (isOperation(operand, '/') && !names.naming.activity.isVaried(operand.operands[1]!)))
      return productIn(operand, names, readActive)
    return !readActive && names.naming.activity.isVaried(operand) ? linear(operand, names) : simple(operand, names)
  })
  return { ...expression, operands }
}

function activeFactors(expression: Operation, activity: Activity): number {
  return termOf(expression).factors.filter((factor) => activity.isVaried(factor)).length
}

function readsOwnResult(expression: Operation, names: Names): boolean {
  const { operator, operands } = expression
  if (operator === 'select' || isHook(expression) || differentiableOperands(expression).length === 0) return false
  const active = operands.flatMap((operand, i) => (names.naming.activity.isVaried(operand) ? [i] : []))
  return needs(operator, operands, active).out
}

/** A name, a literal, a place, or something cheap of these that carries no derivative. */
function simple(expression: Expression, names: Names): Expression {
  if (expression.kind !== 'operation' || expression.operands.length === 0)
    return isLost(expression, names.naming) ? names.give(expression) : expression
  if (isOperation(expression, 'negate')) return mapChildren(expression, (operand) => simple(operand, names))
  if (!names.naming.activity.isVaried(expression)) return isCheap(expression) ? expression : names.give(expression)
  return names.give(operationIn(expression, names))
}

const isCheap = (expression: Expression): boolean =>
  !someExpression(expression, (node) => node.kind === 'opaque' || (node.kind === 'operation' && costOf(node) !== 'cheap')) &&
  sizeOf(expression) <= 5

function sizeOf(expression: Expression): number {
  let size = 1
  mapChildren(expression, (child) => {
    size += sizeOf(child)
    return child
  })
  return size
}

/** Whether a number may be another one by the time of the reverse sweep, which can't put it back: text, or a place that text may change. */
function isLost(expression: Expression, { activity, regions, writes }: Naming): boolean {
  if (expression.kind === 'opaque') return !isName(expression) && !isTextLiteral(expression)
  if (expression.kind !== 'element' && expression.kind !== 'field') return false
  const root = rootOfPlace(expression)
  if (root.kind === 'opaque' && !isOutside(root)) return true
  return !activity.isVaried(expression) && placesOn(expression).some((place) => isLostPlace(place, regions, writes))
}

const isLostPlace = (place: Expression, regions: Regions, writes: Writes): boolean => {
  const region = regions.of(place)
  return region !== undefined && writes.isLost(region)
}

/** A place and those on the way to it. */
function placesOn(place: Expression): readonly Expression[] {
  if (place.kind === 'element') return [place, ...placesOn(place.array)]
  return place.kind === 'field' ? [place, ...placesOn(place.record)] : []
}

/** A constant, whose name says all of it. */
const isName = ({ parts: [name, more] }: Opaque): boolean => typeof name === 'string' && more === undefined && /^[\w$]+$/.test(name)

/** Indices are read again in the reverse sweep; what they are computed from must not have changed. */
function settleIndices(expression: Expression, names: Names): Expression {
  const settled = mapChildren(expression, (child) => settleIndices(child, names))
  if (settled.kind !== 'element' || isSteady(settled.index, names.naming)) return settled
  return { ...settled, index: names.give(settled.index, 'index') }
}

/** Whether an expression has the same value when it is evaluated again in the reverse sweep, given the same variables, and costs little. */
function isSteady(expression: Expression, { regions, writes }: Naming): boolean {
  return !someExpression(expression, (node) => {
    if (node.kind === 'opaque') return !isTextLiteral(node)
    if (node.kind === 'operation') return costOf(node) === 'dear'
    if (node.kind === 'length') {
      const array = regions.of(node.array)
      return array !== undefined && writes.mayChange(regions.child(array, LENGTH))
    }
    if (node.kind !== 'element' && node.kind !== 'field') return false
    const region = regions.of(node)
    return region !== undefined && writes.mayChange(region)
  })
}

function baseName(expression: Expression): string {
  if (expression.kind !== 'operation') return 'value'
  const named = /^Math\.([a-z]\w*)$/.exec(expression.operator)
  return named ? named[1]! : (operatorNames[expression.operator] ?? 'value')
}

const operatorNames: Readonly<Record<string, string>> = {
  '+': 'sum',
  '-': 'difference',
  '*': 'product',
  '/': 'quotient',
  '**': 'power',
  '%': 'remainder',
  negate: 'negated',
}
