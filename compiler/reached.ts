import type { FunctionNode, Statement } from './ir/nodes.ts'
import { visitStatements } from './ir/walk.ts'

/** The functions that are called by name, by their keys. */
export function calledIn(block: readonly Statement[]): ReadonlySet<string> {
  const called = new Set<string>()
  visitStatements(block, (statement) => {
    if (statement.kind === 'call') called.add(statement.callee)
  })
  return called
}

/** A function and all that it leads to, by key. */
export function reachedFrom(callee: string, functionOf: (key: string) => FunctionNode): ReadonlyMap<string, FunctionNode> {
  const reached = new Map<string, FunctionNode>()
  const visit = (key: string): void => {
    if (reached.has(key)) return
    const fn = functionOf(key)
    reached.set(key, fn)
    calledIn(fn.body).forEach(visit)
  }
  visit(callee)
  return reached
}

/** Whether something that a function leads to has a rule of its author's. */
export const hasRules = (fn: FunctionNode, callees: { function(key: string): FunctionNode }): boolean =>
  [...calledIn(fn.body)].some((key) =>
    [...reachedFrom(key, (one) => callees.function(one)).values()].some(({ reversed }) => reversed?.by === 'rule'),
  )
