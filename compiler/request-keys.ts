/** The parts of the keys that functions made here are known by: what was asked for, and of which arguments. */

import type { FunctionNode } from './ir/nodes.ts'
import type { DerivativeRequest } from './pipeline.ts'

export interface Halves {
  readonly forward: string
  readonly backward: string
}

/** `unhooked`: the backward half as it would be without hooks, which is not printed. */
export const halvesOf = (id: string): Halves & { readonly unhooked: string } => ({
  forward: `${id}:forward`,
  backward: `${id}:backward`,
  unhooked: `${id}:unhooked`,
})
export const movesOnly = (fn: FunctionNode, wrt: number): readonly boolean[] => fn.parameters.map((_, i) => i === wrt)
export const maskOf = (active: readonly boolean[]): string => active.map((moves) => (moves ? '1' : '0')).join('')

export function optionsOf({ wrt, wrtIsList, hasAux, mode }: DerivativeRequest): string {
  return `${mode ?? ''}wrt=${wrtIsList ? `[${wrt.join(',')}]` : wrt.join(',')}${hasAux ? ':aux' : ''}`
}
