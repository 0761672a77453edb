/** One function's journey, from how it was read to how it is emitted. Read this first; `requests.ts` says which functions make it. */

import { tangentOf } from './3-differentiate/forward.ts'
import { gradientOf, type GradientOptions } from './3-differentiate/gradient.ts'
import { gradientByTangents } from './3-differentiate/gradient-by-tangents.ts'
import { guardsOf, withGuards } from './3-differentiate/guard.ts'
import { jvpOf } from './3-differentiate/jvp.ts'
import { pairOf, type Pair } from './3-differentiate/pair.ts'
import type { Surroundings } from './3-differentiate/prepare.ts'
import { unpooled } from './3-differentiate/split-frame.ts'
import { retainedOf, vjpOf } from './3-differentiate/vjp.ts'
import { hessianOf, hvpOf, type Second } from './3-differentiate/higher/hessian.ts'
import { jacobianOf, type JacobianOptions } from './3-differentiate/higher/jacobian.ts'
import { separateNames } from './4-simplify/separate-names.ts'
import { inlineCalls, type Library } from './4-simplify/inline-calls.ts'
import { simplify } from './4-simplify/index.ts'
import { scalarRecords } from './4-simplify/scalar-records.ts'
import { polish } from './4-simplify/polish.ts'
import { printType } from './5-emit/print-type.ts'
import { hookParts, hooksOf } from './ir/hook.ts'
import type { FunctionNode, Statement } from './ir/nodes.ts'

/** What the pipeline needs to know of a request. */
export interface DerivativeRequest {
  readonly operator: 'grad' | 'valueAndGrad' | 'vjp' | 'jvp' | 'hvp' | 'hessian' | 'jacobian'
  readonly function: string
  readonly wrt: readonly number[]
  readonly wrtIsList: boolean
  readonly hasAux: boolean
  readonly mode?: 'forward' | 'reverse'
  readonly uses: { readonly direct: boolean; readonly into: boolean }
}

export type LineOf = (statement: Statement) => string | undefined

/** Before anything else: derivatives that a function calls become part of it, and objects that stay in it come apart. */
export const inlined = (fn: FunctionNode, library: Library): FunctionNode => separateNames(scalarRecords(inlineCalls(fn, library)))

/** `grad` and `valueAndGrad`: both sweeps in one function. */
export function gradient(fn: FunctionNode, request: DerivativeRequest, into: boolean, around: Surroundings): FunctionNode {
  return simplify(withHooks(gradientOf(fn, optionsOf(fn, request, into), around), fn, around))
}

/** The same within a function that is differentiated in turn: by tangents where the gradient is of numbers, and without reused buffers. */
export function nestedGradient(fn: FunctionNode, request: DerivativeRequest, around: Surroundings): FunctionNode {
  const options = optionsOf(fn, request, false)
  const isOfNumbers = request.wrt.every((i) => fn.variables[fn.parameters[i]!.name]!.type.kind === 'number')
  // Tangents know no hooks.
  if (isOfNumbers && hooksOf(fn).length === 0) return gradientByTangents(fn, request.function, options, around)
  const whole = gradient(fn, request, false, around)
  return { ...whole, body: unpooled(whole.body) }
}

/** A call that is not inlined: the forward half and the backward half. */
export function pair(fn: FunctionNode, active: readonly boolean[], residuals: string, around: Surroundings): Pair {
  return simplifyBoth(pairOf(fn, active, { forward: `${fn.name}_forward`, backward: `${fn.name}_backward`, residuals }, around), fn, around)
}

/** The halves of `vjp`, which keep copies. */
export function retained(fn: FunctionNode, request: DerivativeRequest, residuals: string, around: Surroundings): Pair {
  const names = { forward: `${fn.name}_forward`, backward: `${fn.name}_backward`, residuals }
  const { wrt, wrtIsList, hasAux } = request
  return simplifyBoth(retainedOf(fn, { wrt, asList: wrtIsList, hasAux, names }, around), fn, around)
}

/** The function that runs the forward half and gives the pullback. */
export function vjp(fn: FunctionNode, halves: Pair, keys: { readonly forward: string; readonly backward: string }): FunctionNode {
  return vjpOf(fn, halves, keys, printType)
}

export function tangent(fn: FunctionNode, active: readonly boolean[], around: Surroundings): FunctionNode {
  return simplify(tangentOf(fn, { active, name: `${fn.name}_tangent` }, around))
}

/** A tangent function as a request within a differentiated function: with the check that one at the top makes in `jvp`. */
export function guarded(fn: FunctionNode, made: FunctionNode, around: Surroundings): FunctionNode {
  return withGuards(made, guardsOf(made, around.summaryOf, { derived: fn.name }))
}

/** The function of two lists that a request of `jvp` becomes. */
export function jvp(fn: FunctionNode, key: string, around: Surroundings): FunctionNode {
  return jvpOf(fn, key, around, printType)
}

/** `hvp` and `hessian`: the tangent of the gradient, in the place of its call. */
export function second(fn: FunctionNode, operator: 'hvp' | 'hessian', of: Second, around: Surroundings, library: Library): FunctionNode {
  const made = operator === 'hvp' ? hvpOf(fn, of, around.callees) : hessianOf(fn, of, around.callees)
  return simplify(inlineCalls(made, library))
}

/** `jacobian`: by columns or by rows. */
export function jacobian(fn: FunctionNode, options: JacobianOptions, around: Surroundings, library: Library): FunctionNode {
  return simplify(inlineCalls(jacobianOf(fn, options, around.callees), library))
}

/** What is done to a function that is about to be printed. */
export function finished(fn: FunctionNode, around: Surroundings): FunctionNode {
  return polish(fn, around.summaryOf)
}

function simplifyBoth({ forward, backward, residuals }: Pair, fn: FunctionNode, around: Surroundings): Pair {
  return { forward: simplify(forward), backward: simplify(withHooks(backward, fn, around)), residuals }
}

/** Hooks whose source is known stand in the place of their calls. */
function withHooks(made: FunctionNode, fn: FunctionNode, { callees }: Surroundings): FunctionNode {
  const keys = new Set(hooksOf(fn).flatMap((hook) => hookParts(hook).key ?? []))
  if (keys.size === 0) return made
  return inlineCalls(made, { function: (key) => callees.function(key), isMade: (key) => keys.has(key) })
}

function optionsOf(fn: FunctionNode, request: DerivativeRequest, into: boolean): GradientOptions {
  const { wrt, wrtIsList: asList, hasAux, operator } = request
  return { wrt, asList, hasAux, withValue: operator === 'valueAndGrad', into, name: `${fn.name}_${operator}${into ? 'Into' : ''}` }
}
