/**
 * Reads of a constant that only copies a variable become reads of the variable, where that still has the value.
 *
 * Needs: IR. Promises: the same values. Costs: one visit and one rewriting.
 */

import { variable } from '../ir/build.ts'
import type { Expression, FunctionNode, Statement } from '../ir/nodes.ts'
import { blocksOf, mapAllExpressions, mapExpression, variablesAssigned } from '../ir/walk.ts'

export function propagateCopies(fn: FunctionNode): FunctionNode {
  const replacements = new Map<string, string>()
  const apart = new Set<string>()
  const position = positions(fn.body)
  visit(fn.body, [], (statement, loops) => {
    if (statement.kind !== 'declare') return
    if (statement.value?.kind !== 'variable') return void apart.add(statement.name)
    if (fn.variables[statement.name]?.mutable !== false) return
    const source = statement.value.name
    const here = position.order.get(statement)!
    const changes = position.assigned.get(source) ?? []
    // Within a loop, an assignment before the copy comes again after it.
    const inLoops = loops.some((loop) => variablesAssigned(loop).has(source))
    if (changes.every((at) => at < here) && !inLoops) replacements.set(statement.name, source)
  })
  // The two sweeps may use one name each in its own scope: a copy in the one, and off a tape in the other.
  for (const name of apart) replacements.delete(name)
  if (replacements.size === 0) return fn
  const resolve = (name: string): string => {
    const next = replacements.get(name)
    return next === undefined ? name : resolve(next)
  }
  const read = (expression: Expression): Expression =>
    mapExpression(expression, (node) => (node.kind === 'variable' && replacements.has(node.name) ? variable(resolve(node.name)) : node))
  return { ...fn, body: mapAllExpressions(fn.body, read) }
}

function positions(block: readonly Statement[]): { order: Map<Statement, number>; assigned: Map<string, number[]> } {
  const order = new Map<Statement, number>()
  const assigned = new Map<string, number[]>()
  visit(block, [], (statement) => {
    const at = order.size
    order.set(statement, at)
    const name =
      statement.kind === 'assign' && statement.target.kind === 'variable'
        ? statement.target.name
        : statement.kind === 'reserve'
          ? statement.tape
          : undefined
    if (name !== undefined) assigned.set(name, [...(assigned.get(name) ?? []), at])
  })
  return { order, assigned }
}

function visit(
  block: readonly Statement[],
  loops: readonly (readonly Statement[])[],
  f: (statement: Statement, loops: readonly (readonly Statement[])[]) => void,
): void {
  for (const statement of block) {
    f(statement, loops)
    for (const inner of blocksOf(statement)) visit(inner, statement.kind === 'loop' ? [...loops, inner] : loops, f)
  }
}
