/** The last word before printing: what differentiation leaves behind becomes code as one would write it by hand. Nothing is differentiated after it. */

import type { SummaryOf } from '../2-analyze/regions.ts'
import type { FunctionNode } from '../ir/nodes.ts'
import { isDualName } from './adjoint-names.ts'
import { assignFirst } from './assign-first.ts'
import { propagateCopies } from './copies.ts'
import { removeDead } from './dead.ts'
import { writeFirst } from './first-write.ts'
import { mergeUpdates } from './merge-updates.ts'
import { reuseLoads } from './reuse-loads.ts'
import { separateNames, withMutability } from './separate-names.ts'
import { Storage } from './storage.ts'
import { substituteOnce } from './substitute-once.ts'

export type Polish = (fn: FunctionNode, storage: Storage) => FunctionNode

/** In this order; each leaves names unique. */
export const polishes: Readonly<Record<string, Polish>> = {
  firstAdditions: (fn) => removeDead(writeFirst(removeDead(fn), isDualName)),
  mergedUpdates: (fn, storage) => mergeUpdates(fn, storage, isDualName),
  copies: (fn) => removeDead(propagateCopies(fn)),
  substitutions: (fn, storage) => substituteOnce(fn, storage, isDualName),
  assignments: assignFirst,
  loads: reuseLoads,
}

/** `without` names what is left out, so that tests can compare. */
export function polish(fn: FunctionNode, summaryOf: SummaryOf, without: readonly string[] = []): FunctionNode {
  let polished = separateNames(fn)
  for (const [name, step] of Object.entries(polishes))
    if (!without.includes(name)) polished = withMutability(step(polished, new Storage(polished, summaryOf)))
  return removeDead(polished)
}
