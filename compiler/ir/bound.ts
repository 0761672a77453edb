import type { Statement } from './nodes.ts'
import { declaredBy, visitStatements } from './walk.ts'

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
