/**
 * A constant that only stands for another variable, as the parameter of an inlined function does, becomes that variable: as long as the constant is mentioned,
 * the variable holds the same.
 *
 * Needs: unique names. Promises: the same values. Costs: one visit, and one of what follows each such constant.
 */

import { variable } from '../ir/build.ts'
import type { FunctionNode, Statement } from '../ir/nodes.ts'
import { blocksOf, mapAllExpressions, mapExpression, mapBlocksOf, variablesAssigned, variablesMentioned } from '../ir/walk.ts'

/** Numbers and truth values that only stand for another variable. */
export function forwardCopies(fn: FunctionNode): FunctionNode {
  const plain = Object.entries(fn.variables).filter(([, { type }]) => (type.kind === 'number' && !type.missing) || type.kind === 'boolean')
  return forwardReferences(fn, new Set(plain.map(([name]) => name)))
}

/** Of the variables named. */
export function forwardReferences(fn: FunctionNode, names: ReadonlySet<string>): FunctionNode {
  const sources = new Map<string, string>()
  const visit = (block: readonly Statement[]): void =>
    block.forEach((statement, i) => {
      if (statement.kind === 'declare' && statement.value?.kind === 'variable' && names.has(statement.name)) {
        const source = statement.value.name
        const isConstant = !fn.variables[statement.name]!.mutable
        if (isConstant && names.has(source) && stays(source, statement.name, block.slice(i + 1))) sources.set(statement.name, source)
      }
      for (const inner of blocksOf(statement)) visit(inner)
    })
  visit(fn.body)
  if (sources.size === 0) return fn
  // A constant that another one stands for is mentioned longer once it stands for that one: it is looked at again after that.
  for (const source of [...sources.values()]) sources.delete(source)
  const without = (block: readonly Statement[]): readonly Statement[] =>
    block
      .filter((statement) => statement.kind !== 'declare' || !sources.has(statement.name))
      .map((statement) => mapBlocksOf(statement, without))
  const renamed = mapAllExpressions(without(fn.body), (expression) =>
    mapExpression(expression, (node) => (node.kind === 'variable' && sources.has(node.name) ? variable(sources.get(node.name)!) : node)),
  )
  const variables = Object.fromEntries(Object.entries(fn.variables).filter(([name]) => !sources.has(name)))
  return forwardReferences({ ...fn, body: renamed, variables }, names)
}

/** Whether `source` is assigned nothing else before the last mention of `name`. The last one may assign it, from what it reads before. */
function stays(source: string, name: string, rest: readonly Statement[]): boolean {
  const last = rest.findLastIndex((statement) => variablesMentioned([statement]).has(name))
  return rest
    .slice(0, last + 1)
    .every((statement, i) => !variablesAssigned([statement]).has(source) || (i === last && statement.kind === 'assign'))
}
