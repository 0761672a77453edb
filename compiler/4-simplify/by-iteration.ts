/**
 * A truth value that says one thing before a counted loop and another one from the end of its first iteration on says which iteration it is: where the loop reads
 * it, `i > 0` says the same, and nothing has to be kept of it.
 *
 * Needs: unique names. Promises: the same values. Costs: a visit for each such variable.
 */

import { operation, variable } from '../ir/build.ts'
import type { Counter, Expression, FunctionNode, Statement } from '../ir/nodes.ts'
import { mapAllExpressions, mapBlocksOf, mapChildren, readsOf, variablesAssigned, variablesIn, visitStatements } from '../ir/walk.ts'

/** For the truth values named, of which those that nobody reads vanish. */
export function byIteration(fn: FunctionNode, names: ReadonlySet<string>): FunctionNode {
  const body = [...names].reduce((done, name) => inBlock(done, name), fn.body)
  return withoutUnread({ ...fn, body }, names)
}

function inBlock(block: readonly Statement[], name: string): readonly Statement[] {
  let known: boolean | undefined
  return block.map((statement) => {
    const before = known
    const given = literalGiven(statement, name)
    if (given !== undefined || variablesAssigned([statement]).has(name)) known = given
    return (before !== undefined && inLoop(statement, name, before)) || mapBlocksOf(statement, (inner) => inBlock(inner, name))
  })
}

/** The loop by its counter, where it gives the variable a literal once in every iteration. */
function inLoop(statement: Statement, name: string, before: boolean): Statement | undefined {
  if (statement.kind !== 'loop' || !statement.counter) return undefined
  const { body, counter } = statement
  const { from } = counter
  const at = body.findIndex((one) => literalGiven(one, name) !== undefined)
  const after = at < 0 ? undefined : literalGiven(body[at]!, name)
  const assigned = variablesAssigned([...body.slice(0, at), ...body.slice(at + 1)])
  const isFixed = from.kind === 'number' || (from.kind === 'variable' && !variablesAssigned(body).has(from.name))
  if (after !== !before || assigned.has(name) || !isFixed) return undefined
  const literal = (value: boolean): Expression => ({ kind: 'boolean', value })
  return {
    ...statement,
    body: [
      ...replaced(body.slice(0, at), name, (wanted) => iterationTest(counter, wanted === after)),
      body[at]!,
      ...replaced(body.slice(at + 1), name, (wanted) => literal(wanted === after)),
    ],
  }
}

/** Whether it is a later iteration than the first one, or whether it is that one. */
const iterationTest = ({ name, from, step }: Counter, isLater: boolean): Expression =>
  operation(isLater ? (step > 0 ? '>' : '<') : '===', variable(name), from)

function literalGiven(statement: Statement, name: string): boolean | undefined {
  const isGiven =
    (statement.kind === 'declare' && statement.name === name) ||
    (statement.kind === 'assign' && statement.target.kind === 'variable' && statement.target.name === name)
  return isGiven && statement.value?.kind === 'boolean' ? statement.value.value : undefined
}

/** With what says that the variable is true, or that it is false, in its place. */
function replaced(block: readonly Statement[], name: string, test: (wanted: boolean) => Expression): readonly Statement[] {
  const isIt = (expression: Expression | undefined): boolean => expression?.kind === 'variable' && expression.name === name
  const read = (expression: Expression): Expression => {
    if (isIt(expression)) return test(true)
    const isNegated = expression.kind === 'operation' && expression.operator === '!' && isIt(expression.operands[0])
    return isNegated ? test(false) : mapChildren(expression, read)
  }
  return mapAllExpressions(block, read)
}

function withoutUnread(fn: FunctionNode, names: ReadonlySet<string>): FunctionNode {
  const read = new Set<string>()
  visitStatements(fn.body, (statement) => {
    for (const expression of readsOf(statement)) variablesIn(expression, read)
  })
  const unread = [...names].filter((name) => !read.has(name))
  if (unread.length === 0) return fn
  const gone = new Set(unread)
  const isGone = (statement: Statement): boolean =>
    (statement.kind === 'declare' && gone.has(statement.name)) ||
    (statement.kind === 'assign' && statement.target.kind === 'variable' && gone.has(statement.target.name))
  const without = (block: readonly Statement[]): readonly Statement[] =>
    block.filter((statement) => !isGone(statement)).map((statement) => mapBlocksOf(statement, without))
  const variables = Object.fromEntries(Object.entries(fn.variables).filter(([name]) => !gone.has(name)))
  // What only these read is not read any more.
  return withoutUnread({ ...fn, body: without(fn.body), variables }, new Set([...names].filter((name) => !gone.has(name))))
}
