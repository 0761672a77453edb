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
  const refuse = (what: string): never => {
    throw new Refusal('CT9002', fn.origin, { what })
  }
  if (more.length > 0 || wrtIsList) refuse(`\`${operator}\` with respect to several arguments`)
  if (operator !== 'hvp' && !isFlat(fn.variables[name]!.type))
    refuse(`\`${operator}\` with respect to \`${name}\`, which is neither a number nor a flat array,`)
  if (operator === 'jacobian' && !isFlat(fn.result))
    refuse(`\`jacobian\` of \`${fn.name}\`, whose result is neither a number nor a flat array,`)
  const overwritten = fn.parameters[written.findIndex(Boolean)]
  if (operator !== 'hvp' && overwritten) refuse(`\`${operator}\` of \`${fn.name}\`, which writes its argument \`${overwritten.name}\`,`)
  return index!
}

const isFlat = (type: Type): boolean => type.kind === 'number' || (type.kind === 'array' && type.element.kind === 'number')
