/** Which derivative a command is about. */

import type { InspectOptions } from '../compiler/index.ts'

export interface AskedOptions {
  readonly operator: Operator
  readonly wrt?: string
  readonly hasAux?: boolean
}

export type Operator = NonNullable<InspectOptions['operator']>

/** Help does not wait for TypeScript, so these are not read off the compiler. */
export const operators: readonly Operator[] = ['grad', 'valueAndGrad', 'vjp', 'jvp', 'hvp', 'hessian', 'jacobian']

/** A text that says what is wrong. */
export function readAsked({ operator, wrt, hasAux = false }: AskedOptions): InspectOptions | string {
  if (wrt === undefined) return { operator, hasAux }
  if (operator === 'jvp') return "error: '--wrt' does not go with jvp\nIts tangents say which arguments move."
  const indices = wrt.split(',').map((text) => (/^\s*\d+\s*$/.test(text) ? Number(text) : NaN))
  if (indices.some(Number.isNaN) || new Set(indices).size < indices.length)
    return `error: '--wrt ${wrt}' is not an index of an argument, nor a list of different ones\nWrite --wrt 0, or --wrt 0,1.`
  return { operator, hasAux, wrt: indices.length === 1 ? indices[0]! : indices }
}
