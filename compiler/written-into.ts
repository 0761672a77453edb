/** Whether a request can be answered by a function that writes into the caller's buffers. */

import { Refusal } from './3-differentiate/refusal.ts'
import { missingOf } from './ir/missing.ts'
import type { FunctionNode, Type } from './ir/nodes.ts'
import type { DerivativeRequest } from './pipeline.ts'

/** A gradient that is a single number, or made of objects, has no buffer to be written into. */
export function canBeWrittenInto(fn: FunctionNode, { wrt, wrtIsList, uses }: DerivativeRequest): boolean {
  const types = wrt.map((index) => fn.variables[fn.parameters[index]!.name]!.type)
  const isFlat = (type: Type): boolean =>
    type.kind === 'array' && type.element.kind === 'number' && missingOf(type) === undefined && missingOf(type.element) === undefined
  const flat = types.every((type) => isFlat(type) || (wrtIsList && type.kind === 'number'))
  if (!flat && !uses.direct)
    throw new Refusal('CT1112', undefined, { function: fn.name, names: wrt.map((index) => fn.parameters[index]!.name).join('`, `') })
  return flat
}
