/** What requests of `hvp`, `hessian` and `jacobian` are made of, and in how many directions at once. */

import { theArgument } from './3-differentiate/higher/argument.ts'
import { directionsAtOnce } from './3-differentiate/higher/directions-at-once.ts'
import type { Library } from './4-simplify/inline-calls.ts'
import type { FunctionNode } from './ir/nodes.ts'
import type { Around } from './pass.ts'
import * as pipeline from './pipeline.ts'
import type { DerivativeRequest } from './pipeline.ts'
import { hasRules } from './reached.ts'
import { movesOnly, type Halves } from './request-keys.ts'

export type Higher = 'hvp' | 'hessian' | 'jacobian'

interface Parts {
  readonly around: Around
  readonly library: Library
  /** Whether a differentiated function asks: one direction at a time leaves less to differentiate in turn. */
  readonly isNested: boolean
  makeTangent(callee: string, active: readonly boolean[], directions: number): void
  /** Makes the gradient that is known by this key. */
  gradient(key: string, request: DerivativeRequest): FunctionNode
  /** Makes the halves of a pullback. */
  halves(id: string, request: DerivativeRequest): Halves
}

export function higherDerivative(operator: Higher, fn: FunctionNode, request: DerivativeRequest, parts: Parts): FunctionNode {
  const { function: key, uses } = request
  const { around, library, isNested } = parts
  const wrt = theArgument(operator, fn, request, around.summaryOf(key))
  const { type } = fn.variables[fn.parameters[wrt]!.name]!
  const directionsOf = (one: FunctionNode): number => (isNested || operator === 'hvp' ? 1 : directionsAtOnce(one, type))
  if (operator === 'jacobian') {
    const isOfArray = type.kind === 'array'
    const directions = directionsOf(fn)
    // Rules know no tangents.
    const mode = request.mode ?? (isOfArray && hasRules(fn, around.callees) ? 'reverse' : undefined)
    if (mode !== 'reverse' || !isOfArray) parts.makeTangent(key, movesOnly(fn, wrt), directions)
    const halves = (): Halves => parts.halves(`${key}|root vjp:rows:wrt=${String(wrt)}`, { ...request, operator: 'vjp', atOnce: true })
    return pipeline.jacobian(fn, { key, wrt, directions, halves, ...(mode && { mode }) }, around, library)
  }
  const gradient = `${key}|grad:wrt=${String(wrt)}`
  const made = parts.gradient(gradient, { operator: 'grad', function: key, wrt: [wrt], wrtIsList: false, hasAux: false, uses })
  const directions = directionsOf(made)
  parts.makeTangent(gradient, movesOnly(fn, wrt), directions)
  return pipeline.second(fn, operator, { gradient, wrt, directions }, around, library)
}
