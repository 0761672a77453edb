import type { FunctionNode } from '../ir/nodes.ts'
import { isDualName } from './adjoint-names.ts'
import { propagateCopies } from './copies.ts'
import { removeDead } from './dead.ts'
import { writeFirst } from './first-write.ts'

/** Tidies what differentiation leaves behind. Primal expressions keep their floating-point order. */
export function simplify(fn: FunctionNode): FunctionNode {
  return removeDead(writeFirst(removeDead(propagateCopies(fn)), isDualName))
}
