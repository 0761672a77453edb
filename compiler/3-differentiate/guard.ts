import { canMeet, findGiven, relevant, type Given, type Root } from '../2-analyze/apart.ts'
import { isStorage, type Region, type Regions, type SummaryOf } from '../2-analyze/regions.ts'
import { guardStatement } from '../ir/guard.ts'
import type { Call, Expression, FunctionNode, Statement, Type } from '../ir/nodes.ts'
import { typeOf } from '../ir/types.ts'
import type { Surroundings } from './prepare.ts'

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

/**
 * Before a call of a function of the program whose tangent takes what it writes to be apart from all else that it is given. None where that is certain: of
 * what its own parameters are, each caller makes sure in turn.
 */
export function guardsAtCall(call: Call, { variables }: FunctionNode, regions: Regions, around: Surroundings): readonly Statement[] {
  const { callees, summaryOf } = around
  if (callees.isMade(call.callee)) return []
  const reached = call.arguments.flatMap((argument) => {
    const region = isStorage(typeOf(argument, variables)) ? regions.of(argument) : undefined
    return region ? [regions.reachable(region)] : []
  })
  const meet = (a: ReadonlySet<Region>, b: ReadonlySet<Region>): boolean => [...a].some((region) => b.has(region))
  if (!reached.some((one, i) => reached.slice(i + 1).some((other) => meet(one, other)))) return []
  const callee = callees.function(call.callee)
  const values = new Map(callee.parameters.map(({ name }, i) => [name, call.arguments[i]!]))
  return guardsOf(callee, summaryOf, { rootOf: (name) => ({ name, value: values.get(name)! }) })
}
