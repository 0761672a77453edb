import { canMeet, findGiven, relevant, type Given, type Root } from '../2-analyze/apart.ts'
import { isStorage, type SummaryOf } from '../2-analyze/regions.ts'
import { guardStatement } from '../ir/guard.ts'
import type { Expression, FunctionNode, Statement, Type } from '../ir/nodes.ts'

/** A buffer that the derivative writes besides the function's own arguments. */
export interface Buffer {
  readonly name: string
  readonly value: Expression
  readonly type: Type
}

interface GuardOptions {
  readonly buffers?: readonly Buffer[]
  /** What stands for a parameter where the check is made; by default the parameter itself. */
  readonly rootOf?: (parameter: string) => Root
  /** The function as the author calls it, where `fn` is one that was made from it. */
  readonly derived?: string
}

/** Checks, at the entry of a derivative of `fn`, that nothing written shares memory with another argument. None where nothing could. */
export function guardsOf(
  fn: FunctionNode,
  summaryOf: SummaryOf,
  { buffers = [], rootOf, derived = fn.name }: GuardOptions = {},
): readonly Statement[] {
  const asked = relevant([...buffers.flatMap(asWritten), ...findGiven(fn, summaryOf, rootOf)])
  return canMeet(asked) ? [{ ...guardStatement(derived, asked), ...(fn.origin && { origin: fn.origin }) }] : []
}

export const withGuards = (fn: FunctionNode, guards: readonly Statement[]): FunctionNode => ({ ...fn, body: [...guards, ...fn.body] })

function asWritten({ name, value, type }: Buffer): readonly Given[] {
  if (type.kind !== 'array') return []
  return [{ name, value, written: true, kind: isStorage(type.element) ? 'references' : type.storage === 'Array' ? 'numbers' : 'typed' }]
}
