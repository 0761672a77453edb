/**
 * Storage under `stopGradient` is read as constants through that reference, while the storage itself stays what it is. Here the mark moves from the
 * reference to the numbers that are read: `stopGradient(x)[i]` becomes `stopGradient(x[i])`, and a variable that holds such a reference holds the plain
 * one, with the mark on every read through it.
 *
 * Needs: structured statements. Promises: under `stopGradient` stand numbers, and references where they are passed on or copied.
 */

import { operation } from '../../ir/build.ts'
import type { Expression, FunctionNode, Statement } from '../../ir/nodes.ts'
import { isStorage } from '../../ir/shadow-type.ts'
import {
  childrenOf,
  expressionsOf,
  mapAllExpressions,
  mapBlocksOf,
  mapChildren,
  mapExpressionsOf,
  someExpression,
  someStatement,
  visitExpression,
  visitStatements,
} from '../../ir/walk.ts'
import { typeOfExpression, type Variables } from './type-of.ts'

/** Called where a variable holds what is followed at one time and what is not at another, or where constants are to be written. */
export type Refuse = (name: string, statement: Statement) => never

type Body = FunctionNode['body']

export function freezeReads(body: Body, variables: Variables, refuse: Refuse): Body {
  if (!mentionsStops(body)) return body
  const lifted = mapAllExpressions(body, (expression) => lift(expression, new Set(), variables))
  const frozen = findFrozen(lifted, variables)
  return rewrite(lifted, { frozen, variables, refuse })
}

const mentionsStops = (body: Body): boolean =>
  someStatement(body, (statement) => expressionsOf(statement).some((expression) => someExpression(expression, isStop)))

const isStop = (expression: Expression): expression is Expression & { kind: 'operation' } =>
  expression.kind === 'operation' && expression.operator === 'stopGradient'

const stop = (expression: Expression): Expression => (isStop(expression) ? expression : operation('stopGradient', expression))

/** Bottom up: the mark rises through places to the numbers, and is left on names of `frozen`. */
function lift(expression: Expression, frozen: ReadonlySet<string>, variables: Variables): Expression {
  const node = mapChildren(expression, (child) => lift(child, frozen, variables))
  switch (node.kind) {
    case 'variable':
      return frozen.has(node.name) ? stop(node) : node
    case 'element':
    case 'view':
      return isStop(node.array) ? stop({ ...node, array: node.array.operands[0]! }) : node
    case 'field':
      return isStop(node.record) ? stop({ ...node, record: node.record.operands[0]! }) : node
    case 'length':
      return isStop(node.array) ? { ...node, array: node.array.operands[0]! } : node
    case 'operation':
      return isStop(node) && isStop(node.operands[0]!) ? node.operands[0] : node
    default:
      return node
  }
}

/** Variables that hold marked references only. */
function findFrozen(body: Body, variables: Variables): ReadonlySet<string> {
  const frozen = new Set<string>()
  const isFrozen = (value: Expression): boolean => isStorage(typeOfExpression(variables, value)) && isStop(lift(value, frozen, variables))
  for (let before = -1; before !== frozen.size;) {
    before = frozen.size
    visitStatements(body, (statement) => {
      const value = givenTo(statement)
      if (value && isFrozen(value.value)) frozen.add(value.name)
    })
  }
  return frozen
}

function givenTo(statement: Statement): { name: string; value: Expression } | undefined {
  if (statement.kind === 'declare' && statement.value) return { name: statement.name, value: statement.value }
  if (statement.kind === 'assign' && statement.target.kind === 'variable') return { name: statement.target.name, value: statement.value }
  return undefined
}

interface Known {
  readonly frozen: ReadonlySet<string>
  readonly variables: Variables
  readonly refuse: Refuse
}

function rewrite(body: Body, known: Known): Body {
  return body.map((statement) => mapBlocksOf(rewriteOne(statement, known), (inner) => rewrite(inner, known)))
}

function rewriteOne(statement: Statement, { frozen, variables, refuse }: Known): Statement {
  const read = (expression: Expression): Expression => lift(expression, frozen, variables)
  const root = rootOf(writtenBy(statement))
  if (root !== undefined && frozen.has(root)) return refuse(root, statement)
  const given = givenTo(statement)
  if (given && frozen.has(given.name)) {
    const value = read(given.value)
    if (!isStop(value)) return refuse(given.name, statement)
    return mapExpressionsOf(statement, () => value.operands[0]!)
  }
  const changed = mapExpressionsOf(statement, read)
  const isMarkedReference = (value: Expression): boolean => isStop(value) && isStorage(typeOfExpression(variables, value))
  const held = changed.kind === 'push' || (changed.kind === 'assign' && changed.target.kind !== 'variable') ? [changed.value] : []
  const parts = [...held, ...creationsIn(changed).flatMap(childrenOf)]
  const lost = parts.find(isMarkedReference)
  return lost ? refuse(rootOf((lost as Expression & { kind: 'operation' }).operands[0]) ?? 'a part', statement) : changed
}

const writtenBy = (statement: Statement): Expression | undefined =>
  statement.kind === 'assign' && statement.target.kind !== 'variable'
    ? statement.target
    : statement.kind === 'fill' || statement.kind === 'push' || statement.kind === 'truncate'
      ? statement.array
      : statement.kind === 'copyInto'
        ? statement.target
        : undefined

/** New storage in which references are kept. */
function creationsIn(statement: Statement): readonly Expression[] {
  const found: Expression[] = []
  for (const expression of expressionsOf(statement))
    visitExpression(expression, (node) => {
      if (node.kind === 'list' || node.kind === 'record') found.push(node)
    })
  return found
}

function rootOf(place: Expression | undefined): string | undefined {
  if (place?.kind === 'element' || place?.kind === 'view') return rootOf(place.array)
  if (place?.kind === 'field') return rootOf(place.record)
  return place?.kind === 'variable' ? place.name : undefined
}
