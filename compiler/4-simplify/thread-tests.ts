/**
 * A test that the branch before it has decided is made in that branch (jump threading): what is done with an object of a class stands where the object was made.
 *
 *     if (c) { ...; which = 0 } else { ...; which = 1 }
 *     if (which === 0) A else B          becomes          if (c) { ...; A } else { ...; B }
 *
 * No code is repeated: each branch takes what no other one takes. What it knows of the variables that it assigned is read there directly.
 *
 * Needs: unique names. Promises: the same values and effects. Costs: a visit for each pair of tests that follow one another.
 */

import type { Expression, FunctionNode, Statement } from '../ir/nodes.ts'
import {
  mapAllExpressions,
  mapBlocksOf,
  mapExpression,
  readsOf,
  leaves,
  variablesAssigned,
  variablesIn,
  visitStatements,
} from '../ir/walk.ts'

type If = Statement & { readonly kind: 'if' }

export function threadTests(fn: FunctionNode): FunctionNode {
  const touched = new Set<string>()
  const body = inBlock(fn.body, { fn, touched })
  return touched.size === 0 ? fn : withoutUnread({ ...fn, body }, touched)
}

interface Context {
  readonly fn: FunctionNode
  /** The variables that are read less than before. */
  readonly touched: Set<string>
}

function inBlock(block: readonly Statement[], context: Context): readonly Statement[] {
  const inner = block.map((statement) => mapBlocksOf(statement, (nested) => inBlock(nested, context)))
  for (const [i, first] of inner.entries()) {
    if (first.kind !== 'if') continue
    const j = inner.findIndex((statement, at) => at > i && !(statement.kind === 'declare' && !statement.value))
    const second = inner[j]
    const threaded = second?.kind === 'if' ? thread(first, second, context) : undefined
    if (threaded) return inBlock([...inner.slice(0, i), ...inner.slice(i + 1, j), threaded, ...inner.slice(j + 1)], context)
  }
  return inner
}

function thread(first: If, second: If, context: Context): If | undefined {
  const name = testedIn(second.test)?.name
  if (name === undefined) return undefined
  const branches = [first.then, first.else].map((branch) => {
    if (leaves(branch)) return { branch, arm: [] }
    const known = knownAfter(branch, context)
    const value = known.get(name)
    const arm = value?.kind === 'number' ? armFor(second, name, value.value) : undefined
    return arm && { branch, arm, known }
  })
  const [then, otherwise] = branches
  if (!then || !otherwise || (then.arm === otherwise.arm && then.arm.length > 0)) return undefined
  const joined = ({ branch, arm, known }: typeof then): readonly Statement[] => [
    ...branch,
    ...(known ? readingDirectly(arm, known, context) : arm),
  ]
  context.touched.add(name)
  return { ...first, then: joined(then), else: joined(otherwise) }
}

/** `name === value` */
function testedIn(test: Expression): { readonly name: string; readonly value: number } | undefined {
  if (test.kind !== 'operation' || test.operator !== '===') return undefined
  const [a, b] = test.operands
  return a?.kind === 'variable' && b?.kind === 'number' ? { name: a.name, value: b.value } : undefined
}

/** What a chain of tests does for a value. */
function armFor(chain: If, name: string, value: number): readonly Statement[] | undefined {
  const tested = testedIn(chain.test)
  if (tested?.name !== name) return undefined
  if (tested.value === value) return chain.then
  const [next] = chain.else
  const isChain = chain.else.length === 1 && next?.kind === 'if' && testedIn(next.test)?.name === name
  return isChain ? armFor(next, name, value) : chain.else
}

/** The numbers and constants that variables hold at the end of a list which assigns them at its top. */
function knownAfter(block: readonly Statement[], { fn }: Context): ReadonlyMap<string, Expression> {
  const known = new Map<string, Expression>()
  const literals = new Map<string, Expression>()
  for (const statement of block) {
    if (statement.kind === 'declare' && statement.value?.kind === 'number') literals.set(statement.name, statement.value)
    for (const name of variablesAssigned([statement])) known.delete(name)
    if (statement.kind !== 'assign' || statement.target.kind !== 'variable') continue
    const { value } = statement
    const isConstant = value.kind === 'variable' && !fn.variables[value.name]!.mutable
    if (value.kind === 'number') known.set(statement.target.name, value)
    else if (isConstant) known.set(statement.target.name, literals.get(value.name) ?? value)
  }
  return known
}

/** An arm that reads what is known itself, where it does not assign it. */
function readingDirectly(arm: readonly Statement[], known: ReadonlyMap<string, Expression>, { touched }: Context): readonly Statement[] {
  const assigned = variablesAssigned(arm)
  return mapAllExpressions(arm, (expression) =>
    mapExpression(expression, (node) => {
      const value = node.kind === 'variable' && !assigned.has(node.name) ? known.get(node.name) : undefined
      if (!value || node.kind !== 'variable') return node
      touched.add(node.name)
      return value
    }),
  )
}

/** Without the variables among these that nobody reads. */
function withoutUnread(fn: FunctionNode, names: ReadonlySet<string>): FunctionNode {
  const read = new Set<string>()
  visitStatements(fn.body, (statement) => {
    for (const expression of readsOf(statement)) variablesIn(expression, read)
    if (statement.kind === 'loop' && statement.exit !== undefined) read.add(statement.exit)
  })
  const isGone = (name: string): boolean => names.has(name) && !read.has(name) && fn.variables[name]!.type.kind === 'number'
  const isParameter = (name: string): boolean => fn.parameters.some((parameter) => parameter.name === name)
  const gone = new Set([...names].filter((name) => isGone(name) && !isParameter(name)))
  // What has effects is done nevertheless.
  visitStatements(fn.body, (statement) => {
    if (statement.kind === 'declare' && statement.value?.kind === 'opaque') gone.delete(statement.name)
    if (statement.kind === 'assign' && statement.target.kind === 'variable' && statement.value.kind === 'opaque')
      gone.delete(statement.target.name)
  })
  const isKept = (statement: Statement): boolean => {
    if (statement.kind === 'declare') return !gone.has(statement.name)
    if (statement.kind !== 'assign' || statement.target.kind !== 'variable') return true
    return !gone.has(statement.target.name)
  }
  const without = (block: readonly Statement[]): readonly Statement[] =>
    block.filter(isKept).map((statement) => mapBlocksOf(statement, without))
  return { ...fn, body: without(fn.body) }
}
