/** The end of a function's journey (`pipeline.ts`): what is done to it only when it is printed. */

import { givenAnyhow } from './2-analyze/tie-regions.ts'
import { isDualName } from './4-simplify/adjoint-names.ts'
import { assignFirst } from './4-simplify/assign-first.ts'
import { borrowArrays } from './4-simplify/borrow-arrays.ts'
import { propagateCopies } from './4-simplify/copies.ts'
import { decideTests } from './4-simplify/decide-tests.ts'
import { removeDead } from './4-simplify/dead.ts'
import { writeFirst } from './4-simplify/first-write.ts'
import { dropDeadAssignments } from './4-simplify/live-values.ts'
import { mergeUpdates } from './4-simplify/merge-updates.ts'
import { dropRepeatedComments } from './4-simplify/repeated-comments.ts'
import { reuseLoads } from './4-simplify/reuse-loads.ts'
import { separateNames, withMutability } from './4-simplify/separate-names.ts'
import { Storage } from './4-simplify/storage.ts'
import { substituteOnce } from './4-simplify/substitute-once.ts'
import type { FunctionNode } from './ir/nodes.ts'
import { pass, type Around } from './pass.ts'

/** The last word before printing: what differentiation leaves behind becomes code as one would write it by hand. */
export function finished(given: FunctionNode, isMade: boolean, around: Around): FunctionNode {
  // What was made is only called with arguments that are apart.
  const fn = isMade ? given : givenAnyhow(given)
  const storage = (of: FunctionNode): Storage => new Storage(of, around.summaryOf)
  const apart = pass('separate-names', separateNames(fn), around)
  const needed = pass('remove-dead', withMutability(removeDead(apart)), around)
  const begun = pass('write-first', writeFirst(needed, isDualName), around)
  const live = pass('remove-dead', withMutability(removeDead(begun)), around)
  const read = pass('drop-dead-assignments', withMutability(dropDeadAssignments(live)), around)
  const merged = pass('merge-updates', withMutability(mergeUpdates(read, storage(read), isDualName)), around)
  const direct = pass('propagate-copies', propagateCopies(merged), around)
  const used = pass('remove-dead', withMutability(removeDead(direct)), around)
  const substituted = pass('substitute-once', withMutability(substituteOnce(used, storage(used), isDualName)), around)
  const borrowed = pass('borrow-arrays', borrowArrays(substituted), around)
  const assigned = pass('assign-first', withMutability(assignFirst(borrowed, storage(borrowed))), around)
  const loaded = pass('reuse-loads', withMutability(reuseLoads(assigned, storage(assigned))), around)
  const plain = pass('propagate-copies', propagateCopies(loaded), around)
  const lean = pass('remove-dead', withMutability(removeDead(decideTests(plain))), around)
  return pass('drop-repeated-comments', dropRepeatedComments(lean), around)
}
