/** In how many directions a function that runs once for each unit vector is followed at once: what they share is computed once for all of them. */

import type { FunctionNode, Type } from '../../ir/nodes.ts'
import { visitStatements } from '../../ir/walk.ts'

/** So many tangents of the few values at hand still fit into the registers of a processor. */
const AT_ONCE = 4

/** With more statements than that, engines give up optimising what has several tangents of each: V8 compiles no function of more than 60 kB of bytecode. */
const LARGE = 400

/** Directions in the space of `type` that are followed through `fn` at once. */
export function directionsAtOnce(fn: FunctionNode, type: Type): number {
  let size = 0
  visitStatements(fn.body, () => size++)
  return type.kind === 'array' && size <= LARGE ? AT_ONCE : 1
}
