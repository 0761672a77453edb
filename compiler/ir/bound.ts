import type { FunctionNode, Statement } from './nodes.ts'
import { declaredBy, visitStatements } from './walk.ts'

/** The variable that a statement assigns. */
export const assignedBy = (statement: Statement): string | undefined =>
  statement.kind === 'assign' && statement.target.kind === 'variable' ? statement.target.name : undefined

/** Every name that a block gives to something, at any depth: what it declares, results of calls, and counters. */
export function boundIn(block: readonly Statement[]): ReadonlySet<string> {
  const names = new Set<string>()
  visitStatements(block, (statement) => {
    const name = declaredBy(statement)
    if (name !== undefined) names.add(name)
    if (statement.kind === 'loop' && statement.counter) names.add(statement.counter.name)
  })
  return names
}

/** Without the variables that nothing declares any more. */
export function withoutUnbound(fn: FunctionNode): FunctionNode {
  const bound = new Set([...boundIn(fn.body), ...fn.parameters.map(({ name }) => name)])
  return { ...fn, variables: Object.fromEntries(Object.entries(fn.variables).filter(([name]) => bound.has(name))) }
}
