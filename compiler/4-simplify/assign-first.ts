/**
 * A gradient that is cleared and then added to, element by element, is assigned instead: `x_bar.fill(0); for (...) x_bar[i] += e` is
 * `for (...) x_bar[i] = e`. Only where the loop reaches every element but some first ones, which are cleared before it.
 *
 * Needs: names are unique; regions; a caller's buffer is as long as what it is the gradient of. Promises: the same values but for the sign of zero. Costs:
 * for each buffer that is cleared a look at what follows up to its first use.
 */

import { assign, element, isNumber, negate, number, variable } from '../ir/build.ts'
import type { Counter, Element, Expression, Fill, FunctionNode, Loop, Statement } from '../ir/nodes.ts'
import { sameExpression } from '../ir/same.ts'
import { childrenOf, expressionsOf, someStatement } from '../ir/walk.ts'
import { affineOf, combine } from '../ir/affine.ts'
import type { Storage } from './storage.ts'

/** More elements than these are cleared by `fill`. */
const MOST_BEFORE = 2

export function assignFirst(fn: FunctionNode, storage: Storage): FunctionNode {
  const body = fn.body.reduce<readonly Statement[]>((rest, statement) => {
    const primal = statement.kind === 'fill' ? clearedFor(statement, fn) : undefined
    return primal === undefined ? rest : withoutFill(rest, statement as Fill, primal, storage)
  }, fn.body)
  return { ...fn, body }
}

/** The parameter whose gradient a statement clears. What the author clears has an origin. */
function clearedFor({ array, value, start, end, origin }: Fill, fn: FunctionNode): string | undefined {
  if (origin || start || end || !isNumber(value, 0) || array.kind !== 'variable') return undefined
  const shadow = array.name
  const name = fn.parameters.find((parameter) => shadow === `${parameter.name}_bar`)?.name
  return name !== undefined && isSteady(name, fn) && isSteady(shadow, fn) ? name : undefined
}

function isSteady(name: string, { variables }: FunctionNode): boolean {
  const { type, mutable } = variables[name]!
  return !mutable && type.kind === 'array' && /^Float(?:32|64)Array$/.test(type.storage)
}

function withoutFill(body: readonly Statement[], fill: Fill, primal: string, storage: Storage): readonly Statement[] {
  const from = body.indexOf(fill)
  const place = element(fill.array, number(0))
  const at = body.findIndex((statement, i) => i > from && touches(statement, place, storage))
  const loop = body[at]
  if (loop?.kind !== 'loop' || !loop.counter || someStatement(body.slice(from + 1, at + 1), mayLeave)) return body
  const first = firstAddition(loop.body, loop.counter, place, storage)
  const low = first && firstReached(loop.counter, first.offset, primal)
  if (low === undefined || low > MOST_BEFORE) return body
  const assigned: Loop = { ...loop, body: loop.body.map((statement, i) => (i === first!.at ? first!.assignment : statement)) }
  const before = Array.from({ length: low }, (_, i): Statement => assign(element(fill.array, number(i)), number(0)))
  return [...body.slice(0, from), ...before, ...body.slice(from + 1, at), assigned, ...body.slice(at + 1)]
}

/** What may end an iteration early, or run code that reads the gradient. */
const mayLeave = ({ kind }: Statement): boolean => ['throw', 'return', 'call', 'break'].includes(kind)

function touches(statement: Statement, place: Element, storage: Storage): boolean {
  return someStatement([statement], (inner) => expressionsOf(inner).some((expression) => mentions(expression, place, storage).length > 0))
}

/** Where an expression reads an element that may be in the array, or refers to what it may be reached from. */
function mentions(expression: Expression, place: Element, storage: Storage): readonly Expression[] {
  if (expression.kind === 'length') return []
  const region = isPath(expression) ? storage.regions.of(expression) : undefined
  const own = region && storage.regions.reachable(region).has(storage.regions.of(place)!) ? [expression] : []
  return [...own, ...inner(expression).flatMap((child) => mentions(child, place, storage))]
}

/** The subexpressions, but for the references on the way to an element or a field. */
function inner(expression: Expression): readonly Expression[] {
  if (expression.kind === 'variable') return []
  if (expression.kind === 'element') return [...(isPath(expression.array) ? inner(expression.array) : [expression.array]), expression.index]
  if (expression.kind === 'field') return isPath(expression.record) ? inner(expression.record) : [expression.record]
  return childrenOf(expression)
}

const isPath = ({ kind }: Expression): boolean => kind === 'variable' || kind === 'element' || kind === 'field'

interface First {
  readonly at: number
  /** How far the element is from the counter. */
  readonly offset: number
  readonly assignment: Statement
}

/** The addition that in each iteration is the first to an element that no earlier iteration has reached. */
function firstAddition(body: readonly Statement[], { name, step }: Counter, place: Element, storage: Storage): First | undefined {
  if (Math.abs(step) !== 1) return undefined
  let first: { at: number; offset: number } | undefined
  for (const [at, statement] of body.entries()) {
    for (const offset of offsetsIn(statement, name, place, storage)) {
      if (offset === undefined) return undefined
      if (!first || (offset - first.offset) * step > 0) first = { at, offset }
    }
  }
  if (!first) return undefined
  const statement = body[first.at]!
  if (statement.kind !== 'assign' || statement.value.kind !== 'operation') return undefined
  const { target, value } = statement
  const [self, term] = value.operands
  // Nothing else in the statement mentions the array: not the term, not the index.
  if (!self || !term || !sameExpression(self, target) || offsetsIn(statement, name, place, storage).length !== 2) return undefined
  if (value.operator !== '+' && value.operator !== '-') return undefined
  return { ...first, assignment: { ...statement, value: value.operator === '-' ? negate(term) : term } }
}

/** How far from the counter the elements are that a statement mentions; undefined where it is not by a literal. */
function offsetsIn(statement: Statement, counter: string, place: Element, storage: Storage): readonly (number | undefined)[] {
  const offsets: (number | undefined)[] = []
  someStatement([statement], (part) => {
    for (const node of expressionsOf(part).flatMap((expression) => mentions(expression, place, storage))) {
      const isOwn = node.kind === 'element' && sameExpression(node.array, place.array)
      const { constant, terms } = isOwn
        ? combine(affineOf(node.index), affineOf(variable(counter)), -1)
        : { constant: NaN, terms: new Map() }
      offsets.push(terms.size === 0 && Number.isInteger(constant) ? constant : undefined)
    }
    return false
  })
  return offsets
}

/** The first element that the loop reaches, if it then reaches all up to the length of the parameter. */
function firstReached({ from, to, comparison, step }: Counter, offset: number, primal: string): number | undefined {
  const size = affineOf({ kind: 'length', array: variable(primal) })
  const [low, end] = step > 0 ? [from, to] : [to, from]
  const isAfter = comparison === '<=' || step < 0 ? 1 : 0
  const distance = combine(affineOf(end), size, -1)
  if (distance.terms.size > 0 || distance.constant + isAfter + offset !== 0) return undefined
  if (low.kind !== 'number' || !Number.isInteger(low.value)) return undefined
  const reached = low.value + offset + (comparison === '>' ? 1 : 0)
  return reached >= 0 ? reached : undefined
}
