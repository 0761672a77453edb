/**
 * A truth value that says one thing before a counted loop and another one from the end of its first iteration on says which iteration it is: where the loop reads
 * it, `i > 0` says the same, and nothing has to be kept of it.
 *
 * Needs: unique names, structured exits. Promises: the same values. Costs: a visit for each such variable.
 */

import { assignedBy } from '../ir/bound.ts'
import { operation, variable } from '../ir/build.ts'
import type { Counter, Expression, FunctionNode, Loop, Statement } from '../ir/nodes.ts'
import { typeOf } from '../ir/types.ts'
import {
  declaredBy,
  mapBlocksOf,
  mapChildren,
  mapExpressionsOf,
  readsOf,
  variablesAssigned,
  variablesIn,
  visitStatements,
} from '../ir/walk.ts'

/** For the truth values named, of which those that nobody reads any more vanish. */
export function byIteration(fn: FunctionNode, names: ReadonlySet<string>): FunctionNode {
  const body = [...names].reduce((done, name) => inBlock(done, name, fn), fn.body)
  return withoutUnread({ ...fn, body }, names)
}

function inBlock(block: readonly Statement[], name: string, fn: FunctionNode): readonly Statement[] {
  let known: boolean | undefined
  return block.map((statement) => {
    const before = known
    if (givenIn(statement) === name || variablesAssigned([statement]).has(name)) known = literalIn(statement)
    const made = statement.kind === 'loop' && before !== undefined ? inLoop(statement, { name, before }, fn) : undefined
    return made ?? mapBlocksOf(statement, (inner) => inBlock(inner, name, fn))
  })
}

/** What a truth value is at a point of an iteration: what it was when that began, a literal, or not known. Nothing where control does not come. */
type Value = 'as before' | boolean | 'unknown' | undefined

interface Walk {
  readonly name: string
  /** Says that the value which an iteration began with is this one. */
  readonly began: (as: boolean) => Expression
}

/** A truth value and what it is before a loop. */
interface Begun {
  readonly name: string
  readonly before: boolean
}

/** The loop by its counter, where every iteration leaves the variable as it was not before the first one. */
function inLoop(loop: Loop, { name, before }: Begun, fn: FunctionNode): Statement | undefined {
  const { body, counter } = loop
  if (!counter || !variablesAssigned(body).has(name)) return undefined
  if (!isFixed(counter.from, fn, body)) return undefined
  const made = walk(body, 'as before', { name, began: (as) => iterationTest(counter, as !== before) })
  return made.end === !before ? { ...loop, body: made.block } : undefined
}

/** Whether an expression has the same value throughout a loop: one of literals, lengths that do not change, and variables that are not assigned there. */
function isFixed(expression: Expression, fn: FunctionNode, body: readonly Statement[]): boolean {
  if (expression.kind === 'variable') return !variablesAssigned(body).has(expression.name)
  if (expression.kind === 'length') {
    const type = typeOf(expression.array, fn.variables)
    return expression.array.kind === 'variable' && type.kind === 'array' && type.storage !== 'Array' && isFixed(expression.array, fn, body)
  }
  return expression.kind === 'number' || (expression.kind === 'operation' && expression.operands.every((part) => isFixed(part, fn, body)))
}

/** Whether it is a later iteration than the first one, or whether it is that one. */
const iterationTest = ({ name, from, step }: Counter, isLater: boolean): Expression =>
  operation(isLater ? (step > 0 ? '>' : '<') : '===', variable(name), from)

function walk(block: readonly Statement[], start: Value, context: Walk): { readonly block: readonly Statement[]; readonly end: Value } {
  let now = start
  const made = block.map((statement) => {
    const read = mapExpressionsOf(statement, (expression) => replaced(expression, now, context))
    if (statement.kind === 'if' && read.kind === 'if') {
      const [then, otherwise] = [true, false].map((outcome) =>
        walk(outcome ? statement.then : statement.else, valueWhen(statement.test, outcome, context.name) ?? now, context),
      )
      // What a branch knows by the test alone is forgotten after it, unless only one of them comes there.
      const isAssigned = variablesAssigned([statement]).has(context.name)
      now = isAssigned || then!.end === undefined || otherwise!.end === undefined ? either(then!.end, otherwise!.end) : now
      return { ...read, then: then!.block, else: otherwise!.block }
    }
    if (statement.kind === 'loop' && read.kind === 'loop') {
      if (!variablesAssigned(statement.body).has(context.name)) return { ...read, body: walk(statement.body, now, context).block }
      now = 'unknown'
      return statement
    }
    if (givenIn(statement) === context.name) now = literalIn(statement) ?? 'unknown'
    if (statement.kind === 'break' || statement.kind === 'throw' || statement.kind === 'return') now = undefined
    return read
  })
  return { block: made, end: now }
}

/** What a test that has come out like this says of the variable. */
function valueWhen(test: Expression, outcome: boolean, name: string): boolean | undefined {
  if (test.kind === 'operation' && test.operator === '!') return valueWhen(test.operands[0]!, !outcome, name)
  return test.kind === 'variable' && test.name === name ? outcome : undefined
}

function either(a: Value, b: Value): Value {
  if (a === undefined || b === undefined) return a ?? b
  return a === b ? a : 'unknown'
}

/** With what says the same in the place of the variable. */
function replaced(expression: Expression, now: Value, context: Walk): Expression {
  const { name, began } = context
  if (now === 'unknown' || now === undefined) return expression
  const says = (wanted: boolean): Expression => (now === 'as before' ? began(wanted) : { kind: 'boolean', value: now === wanted })
  const isIt = (part: Expression | undefined): boolean => part?.kind === 'variable' && part.name === name
  const read = (part: Expression): Expression => {
    if (isIt(part)) return says(true)
    const isNegated = part.kind === 'operation' && part.operator === '!' && isIt(part.operands[0])
    return isNegated ? says(false) : mapChildren(part, read)
  }
  return read(expression)
}

const givenIn = (statement: Statement): string | undefined => declaredBy(statement) ?? assignedBy(statement)

const literalIn = (statement: Statement): boolean | undefined =>
  (statement.kind === 'declare' || statement.kind === 'assign') && statement.value?.kind === 'boolean' ? statement.value.value : undefined

function withoutUnread(fn: FunctionNode, names: ReadonlySet<string>): FunctionNode {
  const read = new Set<string>()
  visitStatements(fn.body, (statement) => {
    for (const expression of readsOf(statement)) variablesIn(expression, read)
  })
  const gone = new Set([...names].filter((name) => !read.has(name)))
  if (gone.size === 0) return fn
  const isGone = (statement: Statement): boolean => gone.has(givenIn(statement) ?? '')
  const without = (block: readonly Statement[]): readonly Statement[] =>
    block.filter((statement) => !isGone(statement)).map((statement) => mapBlocksOf(statement, without))
  const variables = Object.fromEntries(Object.entries(fn.variables).filter(([name]) => !gone.has(name)))
  // What only these read is not read any more.
  return withoutUnread({ ...fn, body: without(fn.body), variables }, new Set([...names].filter((name) => !gone.has(name))))
}
