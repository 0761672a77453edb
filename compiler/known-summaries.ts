/** What functions do to the storage that they are given, found when it is asked for. */

import type { Summary } from './2-analyze/regions.ts'
import { summarise } from './2-analyze/summaries.ts'
import type { FunctionNode, Program } from './ir/nodes.ts'
import { reachedFrom } from './reached.ts'

export class KnownSummaries {
  readonly #program: Program
  readonly #functionOf: (key: string) => FunctionNode
  readonly #known = new Map<string, Summary>()
  #writesOutside: boolean | undefined

  constructor(program: Program, functionOf: (key: string) => FunctionNode) {
    this.#program = program
    this.#functionOf = functionOf
  }

  /** Of the functions that were read: derivatives do what these do. */
  changesOutside(): boolean {
    this.#writesOutside ??= [...summarise(this.#program).values()].some(({ outside }) => outside === true)
    return this.#writesOutside
  }

  /** Nothing else is asked about: other functions may be in the making. */
  readonly of = (callee: string): Summary => {
    const known = this.#known.get(callee)
    if (known) return known
    for (const [key, summary] of summarise({ functions: reachedFrom(callee, this.#functionOf) })) this.#known.set(key, summary)
    return this.#known.get(callee) ?? { meetings: [], written: [] }
  }

  /** What was found while something was missing is found anew. */
  forget(): void {
    this.#known.clear()
  }
}
