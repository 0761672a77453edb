/** What statements read and write, at any depth: what a pass asks before it moves a statement past another. */

import { findRegions, LENGTH, type Region, type Regions, type SummaryOf } from '../2-analyze/regions.ts'
import { findWrites, type Writes } from '../2-analyze/writes.ts'
import type { Expression, FunctionNode, Statement } from '../ir/nodes.ts'
import { someExpression, variablesAssigned, variablesIn, visitExpression, visitStatements } from '../ir/walk.ts'

export interface Effects {
  /** The leaves of storage that are written. */
  readonly written: ReadonlySet<Region>
  /** The variables that are assigned. */
  readonly assigned: ReadonlySet<string>
}

export class Storage {
  readonly regions: Regions
  readonly #writes: Writes

  constructor(fn: FunctionNode, summaryOf: SummaryOf) {
    this.regions = findRegions(fn, summaryOf)
    this.#writes = findWrites(fn, this.regions, summaryOf)
  }

  effectsOf(block: readonly Statement[]): Effects {
    const written = new Set<Region>()
    visitStatements(block, (statement) => {
      for (const region of this.#writes.changedBy(statement)) written.add(region)
    })
    return { written, assigned: variablesAssigned(block) }
  }

  /** The leaves of storage that an expression loads from; the length of an array is one. */
  loadsOf(expression: Expression, into: Set<Region> = new Set()): Set<Region> {
    visitExpression(expression, (node) => {
      const region =
        node.kind === 'length'
          ? this.#lengthOf(node.array)
          : node.kind === 'element' || node.kind === 'field'
            ? this.regions.of(node)
            : undefined
      if (region) into.add(region)
    })
    return into
  }

  #lengthOf(array: Expression): Region | undefined {
    const region = this.regions.of(array)
    return region && this.regions.child(region, LENGTH)
  }

  /** Whether an expression has the same value after these effects. */
  isUntouched(expression: Expression, { written, assigned }: Effects): boolean {
    if (someExpression(expression, (node) => node.kind === 'opaque')) return false
    if ([...variablesIn(expression)].some((name) => assigned.has(name))) return false
    return ![...this.loadsOf(expression)].some((region) => written.has(region))
  }
}
