/** The nodes and groups of a column in the order of the text, and which comes after which. */

import type { DerivativeNode, Group, PrimalNode } from '../../compiler/index.ts'
import type { Column } from './drawing.ts'

export type Node = PrimalNode | DerivativeNode
export type Child = { readonly node: Node } | { readonly group: Group }

/** What stands directly in a group, or in none. */
export function childrenOf({ nodes, groups }: Column<Node>, group: string | null): readonly Child[] {
  const parents = new Map(groups.map((one) => [one.id, one.group]))
  /** The group directly in the one that is asked about which a node stands in, or nothing for a node of its own. */
  const holderOf = ({ group: own }: Node): string | null | undefined => {
    let inside: string | undefined
    for (let at: string | null = own; ; at = parents.get(at) ?? null) {
      if (at === group) return inside ?? null
      if (at === null) return undefined
      inside = at
    }
  }
  const byId = new Map(groups.map((one) => [one.id, one]))
  const seen = new Set<string>()
  return nodes.flatMap((node): readonly Child[] => {
    const holder = holderOf(node)
    if (holder === undefined) return []
    if (holder === null) return [{ node }]
    if (seen.has(holder)) return []
    seen.add(holder)
    return [{ group: byId.get(holder)! }]
  })
}

export interface Sequence {
  readonly from: string
  readonly to: string
}

/** Each node with the one that the text goes on with. Parameters stand side by side, and so do both ways of a branch. */
export function sequenceOf(column: Column<Node>): readonly Sequence[] {
  const found: Sequence[] = []
  const follow = (group: string | null, before: readonly string[]): readonly string[] => {
    let last = before
    let head: readonly string[] = []
    let ends: readonly string[] = []
    const settle = (): void => {
      if (ends.length > 0) last = ends
      ends = []
    }
    for (const child of childrenOf(column, group)) {
      if ('group' in child && child.group.kind !== 'loop') {
        ends = [...ends, ...follow(child.group.id, head)]
        continue
      }
      if ('node' in child && child.node.kind === 'parameter') {
        ends = [...ends, child.node.id]
        continue
      }
      settle()
      if ('group' in child) last = follow(child.group.id, last)
      else {
        found.push(...last.map((from) => ({ from, to: child.node.id })))
        last = head = [child.node.id]
      }
    }
    settle()
    return last
  }
  follow(null, [])
  return found
}
