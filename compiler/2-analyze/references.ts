/** Variables whose storage something else may come to refer to: of which more is done than reading and writing elements. */

import type { Expression, FunctionNode, Statement } from '../ir/nodes.ts'
import { childrenOf, expressionsOf, visitStatements } from '../ir/walk.ts'

export function referredTo(fn: Pick<FunctionNode, 'body' | 'parameters'>): ReadonlySet<string> {
  const referred = new Set(fn.parameters.map(({ name }) => name))
  const note = (expression: Expression): void => {
    if (expression.kind === 'variable') referred.add(expression.name)
    else for (const child of reads(expression)) note(child)
  }
  visitStatements(fn.body, (statement) => {
    for (const expression of directly(statement)) note(expression)
  })
  return referred
}

/** The subexpressions through which a reference may get out; reading an element, the length or a copy gives none away. */
function reads(expression: Expression): readonly Expression[] {
  const [array, ...rest] = childrenOf(expression)
  const readsOnly = ['element', 'length', 'slice', 'convert', 'zerosLike'].includes(expression.kind)
  return readsOnly && array?.kind === 'variable' ? rest : childrenOf(expression)
}

function directly(statement: Statement): readonly Expression[] {
  const isArray = (expression: Expression): boolean =>
    (statement.kind === 'fill' && expression === statement.array) ||
    (statement.kind === 'copyInto' && (expression === statement.target || expression === statement.source))
  // What makes a tape longer mentions it by name.
  if (statement.kind === 'reserve') return [statement.length]
  return expressionsOf(statement).filter((expression) => !(expression.kind === 'variable' && isArray(expression)))
}
