/**
 * Instances that nothing outside their class can make (it has `#` fields, or is not exported) are plain objects in the derivative. That is the same as
 * long as nobody sees them: they come from nowhere but `new` within the function, and go nowhere but to places of their own type.
 */

import { someType } from '../../../ir/named-type.ts'
import type { Expression, FunctionNode, Statement, Type } from '../../../ir/nodes.ts'
import { childrenOf, expressionsOf, visitExpression, visitStatements } from '../../../ir/walk.ts'
import { typeOfExpression } from '../type-of.ts'

/** The name of a class whose instances are seen, and the statement that shows them; that is absent where the function's head does. */
export interface Seen {
  readonly name: string
  readonly statement?: Statement
}

export function sealedInstancesSeen(fn: Omit<FunctionNode, 'name'>): Seen | undefined {
  const heads = [fn.result, ...fn.parameters.map(({ name }) => fn.variables[name]!.type)]
  const head = heads.map(sealedIn).find((name) => name !== undefined)
  if (head !== undefined) return { name: head }
  if (!Object.values(fn.variables).some(({ type }) => sealedIn(type) !== undefined)) return undefined
  let seen: Seen | undefined
  visitStatements(fn.body, (statement) => {
    const name = seen ? undefined : shownBy(statement, fn.variables)
    if (name !== undefined) seen = { name, statement }
  })
  return seen
}

function shownBy(statement: Statement, variables: FunctionNode['variables']): string | undefined {
  const typeOf = (expression: Expression): Type => typeOfExpression(variables, expression)
  const found: (string | undefined)[] = []
  // Under another type it could be seen where the class is no longer known.
  const flows = (value: Expression, into: Type): void => {
    const name = sealedIn(typeOf(value))
    if (name !== undefined && sealedIn(into) !== name) found.push(name)
  }
  if (statement.kind === 'declare' && statement.value) flows(statement.value, variables[statement.name]!.type)
  if (statement.kind === 'assign') flows(statement.value, typeOf(statement.target))
  if (statement.kind === 'throw') flows(statement.value, { kind: 'void' })
  if (statement.kind === 'push' || statement.kind === 'fill') {
    const array = typeOf(statement.array)
    flows(statement.value, array.kind === 'array' ? array.element : array)
  }
  for (const expression of expressionsOf(statement))
    visitExpression(expression, (node) => {
      if (node.kind === 'opaque') found.push(sealedIn(node.type), ...childrenOf(node).map((part) => sealedIn(typeOf(part))))
      if (node.kind === 'record') node.type.fields.forEach(({ type }, i) => flows(node.values[i]!, type))
      if (node.kind === 'list') for (const part of node.elements) flows(part, node.type.element)
    })
  return found.find((name) => name !== undefined)
}

function sealedIn(type: Type): string | undefined {
  let name: string | undefined
  someType(type, (inner) => {
    if (inner.kind === 'record' && inner.class?.sealed) name = inner.class.name
    return name !== undefined
  })
  return name
}
