/** Locals that would hide what their function means by a name of the file get other names. */

import { variable } from '../ir/build.ts'
import type { Expression, FunctionNode, Statement } from '../ir/nodes.ts'
import { expressionsOf, mapBlocksOf, mapExpression, mapExpressionsOf, visitExpression, visitStatements } from '../ir/walk.ts'

/** Identifiers of a text that are not the names of properties; `...rest` begins with dots too. */
export const identifiers = /(?<![\w$]|(?<!\.\.)\.)[A-Za-z_$][\w$]*/g

/** What the function mentions of its file: the functions it calls, and every name in text that is kept as it is. */
export function namesOutside(fn: FunctionNode, nameOf: (key: string) => string): Set<string> {
  const names = new Set<string>()
  const note = (text: string): void => {
    for (const [name] of text.matchAll(identifiers)) names.add(name)
  }
  visitStatements(fn.body, (statement) => {
    if (statement.kind === 'call') names.add(nameOf(statement.callee))
    for (const expression of expressionsOf(statement)) {
      visitExpression(expression, (node) => {
        if (node.kind !== 'opaque') return
        for (const part of node.parts) if (typeof part === 'string') note(part)
      })
    }
  })
  return names
}

/** Gives the function, and what each of its variables is called in it. */
export function avoidNames(
  fn: FunctionNode,
  outside: ReadonlySet<string>,
): { readonly fn: FunctionNode; readonly nameOf: (name: string) => string } {
  const hiding = Object.keys(fn.variables).filter((name) => outside.has(name))
  if (hiding.length === 0) return { fn, nameOf: (name) => name }
  const names = new Map<string, string>()
  const taken = new Set([...Object.keys(fn.variables), ...outside])
  for (const old of hiding) {
    let name = old
    for (let i = 2; taken.has(name); i++) name = `${old}_${String(i)}`
    taken.add(name)
    names.set(old, name)
  }
  const nameOf = (name: string): string => names.get(name) ?? name
  const avoiding: FunctionNode = {
    ...fn,
    parameters: fn.parameters.map((parameter) => ({
      ...parameter,
      name: nameOf(parameter.name),
      // A default value is the author's text, and may mention the parameters before it.
      ...(parameter.defaultText !== undefined && { defaultText: parameter.defaultText.replace(identifiers, nameOf) }),
    })),
    variables: Object.fromEntries(Object.entries(fn.variables).map(([name, info]) => [nameOf(name), info])),
    body: renamed(fn.body, nameOf),
  }
  return { fn: avoiding, nameOf }
}

function renamed(block: readonly Statement[], nameOf: (name: string) => string): readonly Statement[] {
  const read = (expression: Expression): Expression =>
    mapExpression(expression, (node) => (node.kind === 'variable' ? variable(nameOf(node.name)) : node))
  return block.map((original) => {
    const statement = mapBlocksOf(mapExpressionsOf(original, read), (inner) => renamed(inner, nameOf))
    switch (statement.kind) {
      case 'declare':
        return { ...statement, name: nameOf(statement.name) }
      case 'call':
        return statement.result === undefined ? statement : { ...statement, result: nameOf(statement.result) }
      case 'assign':
        return statement.target.kind === 'variable' ? { ...statement, target: variable(nameOf(statement.target.name)) } : statement
      case 'reserve':
      case 'release':
        return { ...statement, tape: nameOf(statement.tape) }
      case 'loop': {
        const { counter, exit } = statement
        return {
          ...statement,
          ...(counter && { counter: { ...counter, name: nameOf(counter.name) } }),
          ...(exit !== undefined && { exit: nameOf(exit) }),
        }
      }
      default:
        return statement
    }
  })
}
