import type { Summary } from '../../2-analyze/regions.ts'
import type { FunctionNode, Type } from '../../ir/nodes.ts'
import { Refusal } from '../refusal.ts'

/** The position of the argument of a matrix of derivatives: one, flat, and not written, because the function runs more than once. */
export function theArgument(
  operator: 'hvp' | 'hessian' | 'jacobian',
  fn: FunctionNode,
  { wrt, wrtIsList }: { readonly wrt: readonly number[]; readonly wrtIsList: boolean },
  { written }: Summary,
): number {
  const [index, ...more] = wrt
  const { name } = fn.parameters[index!]!
  const refuse = (reason: string): never => {
    throw new Refusal('CT1115', undefined, { operator, function: fn.name, reason })
  }
  if (more.length > 0 || wrtIsList) refuse('it is with respect to one argument, and `wrt` is a list')
  if (operator !== 'hvp' && !isFlat(fn.variables[name]!.type))
    refuse(`its argument \`${name}\` is neither a number nor a flat array of numbers`)
  if (operator === 'jacobian' && !isFlat(fn.result)) refuse('its result is neither a number nor a flat array of numbers')
  const overwritten = fn.parameters[written.findIndex(Boolean)]
  if (operator !== 'hvp' && overwritten) refuse(`the function runs more than once, and it writes its argument \`${overwritten.name}\``)
  return index!
}

const isFlat = (type: Type): boolean => type.kind === 'number' || (type.kind === 'array' && type.element.kind === 'number')
