import { assign, declare, element, NUMBER, number, variable } from '../ir/build.ts'
import type { FunctionNode, Statement } from '../ir/nodes.ts'
import { visitStatements } from '../ir/walk.ts'
import type { Context } from './context.ts'

/** An argument that the function writes, and that the reverse sweep restores, ends as the function left it. */
export function finalContent(
  fn: FunctionNode,
  restores: ReadonlySet<Statement>,
  context: Context,
): { before: readonly Statement[]; after: readonly Statement[] } {
  const before: Statement[] = []
  const after: Statement[] = []
  const undone = [...restores]
  // A reversed call leaves storage as it was before the call.
  visitStatements(fn.body, (statement) => {
    if (statement.kind === 'call') undone.push(statement)
  })
  for (const { name } of fn.parameters) {
    const type = context.scope.typeOf(name)
    if (type.kind !== 'array') continue
    const region = context.regions.child(context.regions.ofVariable(name), '[]')
    if (!undone.some((statement) => context.writes.by(statement).includes(region))) continue
    const final = context.scope.fresh(`${name}_final`, type)
    const k = context.scope.fresh('k', NUMBER)
    before.push(declare(final, { kind: 'slice', array: variable(name) }))
    after.push({
      kind: 'loop',
      counter: { name: k, from: number(0), to: { kind: 'length', array: variable(final) }, comparison: '<', step: 1 },
      body: [assign(element(variable(name), variable(k)), element(variable(final), variable(k)))],
    })
  }
  return { before, after }
}
