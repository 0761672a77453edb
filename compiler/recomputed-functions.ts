/** What runs a function again and reverses it: one function, or a tree of them where the function is some iterations of a long loop. */

import type { Recomputed } from './3-differentiate/context.ts'
import { recomputedHeader } from './3-differentiate/recomputed.ts'
import { movesInTree, treeOf, treeRoot } from './3-differentiate/tree.ts'
import type { FunctionNode } from './ir/nodes.ts'
import type { MadeFunctions } from './made-functions.ts'

interface Call {
  readonly callee: string
  readonly active: readonly boolean[]
  readonly make: (active: readonly boolean[], key: string) => FunctionNode
}

/** Gives the keys of further functions that it takes, which are run again likewise. */
export function promiseRecomputed(
  made: MadeFunctions,
  fn: FunctionNode,
  { key, written }: Recomputed,
  { callee, active, make }: Call,
): readonly string[] {
  const promise = (some: readonly boolean[], as: string): void => {
    made.set(as, recomputedHeader(fn, some))
    made.promise(as, () => made.set(as, make(some, as)))
  }
  const tree = fn.reversed?.by === 'recomputed' ? fn.reversed.tree : undefined
  if (!tree) {
    promise(active, key)
    return []
  }
  const keys = { steps: callee, stretch: `${key}:stretch`, tree: `${key}:tree` }
  promise(movesInTree(fn, tree, active), keys.stretch)
  made.set(keys.tree, treeOf(fn, tree, active, written, keys))
  made.set(key, treeRoot(fn, tree, active, keys.tree))
  return [keys.stretch, keys.tree]
}
