import type { FunctionNode } from '../ir/nodes.ts'
import { variablesMentioned } from '../ir/walk.ts'
import { identifiers } from './avoid-names.ts'

/**
 * Parameters that a function does not read get a name that begins with an underscore, which is how TypeScript is told that this is meant
 * (`noUnusedParameters`). A derivative has the parameters of its function, and may need fewer.
 */
export function markUnused(fn: FunctionNode, outside: ReadonlySet<string>): FunctionNode {
  const read = variablesMentioned(fn.body)
  const defaults = fn.parameters.flatMap(({ defaultText }) => defaultText?.match(identifiers) ?? [])
  const used = new Set([...read, ...outside, ...defaults])
  const nameOf = (name: string): string =>
    name.startsWith('_') || used.has(name) || Object.hasOwn(fn.variables, `_${name}`) ? name : `_${name}`
  const variables = { ...fn.variables }
  for (const { name } of fn.parameters) variables[nameOf(name)] = fn.variables[name]!
  return { ...fn, variables, parameters: fn.parameters.map((parameter) => ({ ...parameter, name: nameOf(parameter.name) })) }
}
