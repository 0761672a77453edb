/** One request's journey, from the function as it was read to the functions that are emitted. Read this first. */

import { findMeetings } from './2-analyze/regions.ts'
import { gradientOf, type GradientOptions } from './3-differentiate/gradient.ts'
import { Refusal } from './3-differentiate/refusal.ts'
import { simplify } from './4-simplify/index.ts'
import type { FunctionNode, Program, Statement } from './ir/nodes.ts'

/** What the pipeline needs to know of a request. */
export interface DerivativeRequest {
  readonly operator: 'grad' | 'valueAndGrad'
  readonly function: string
  readonly wrt: readonly number[]
  readonly wrtIsList: boolean
  readonly hasAux: boolean
  readonly uses: { readonly direct: boolean; readonly into: boolean }
}

export interface Derivative {
  readonly role: 'direct' | 'into'
  readonly fn: FunctionNode
}

export type LineOf = (statement: Statement) => string | undefined

export function derive(program: Program, request: DerivativeRequest, lineOf: LineOf): readonly Derivative[] {
  const fn = program.functions.get(request.function)!
  const meetings = findMeetings(program)
  const around = {
    callees: refuseCalls,
    meetingsOf: (callee: string) => ({ meetings: meetings.get(callee) ?? [], parameters: 0 }),
    lineOf,
  }
  const options = (into: boolean): GradientOptions => ({
    wrt: request.wrt,
    asList: request.wrtIsList,
    hasAux: request.hasAux,
    withValue: request.operator === 'valueAndGrad',
    into,
    name: `${fn.name}_${request.operator}${into ? 'Into' : ''}`,
  })
  const roles = [...(request.uses.direct ? [false] : []), ...(request.uses.into && canBeWrittenInto(fn, request) ? [true] : [])]
  return roles.map((into) => ({ role: into ? 'into' : 'direct', fn: simplify(gradientOf(fn, options(into), around)) }))
}

/** A gradient that is a single number, or made of objects, has no buffer to be written into. */
function canBeWrittenInto(fn: FunctionNode, { wrt, wrtIsList, uses }: DerivativeRequest): boolean {
  const types = wrt.map((index) => fn.variables[fn.parameters[index]!.name]!.type)
  const flat = types.every((type) => (type.kind === 'array' && type.element.kind === 'number') || (wrtIsList && type.kind === 'number'))
  if (!flat && !uses.direct) throw new Refusal('CT9002', undefined, { what: '`.into` for a gradient that is not made of flat arrays' })
  return flat
}

const refuseCalls = {
  tangent: () => unsupported(),
  pair: () => unsupported(),
  function: () => unsupported(),
}

function unsupported(): never {
  throw new Refusal('CT9002', undefined, { what: 'a call that is not inlined' })
}
