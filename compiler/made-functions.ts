/** The functions that were made, by key, and those that were promised to callers: recursive ones call themselves before they are there. */

import type { FunctionNode } from './ir/nodes.ts'

export class MadeFunctions {
  readonly #functions = new Map<string, FunctionNode>()
  #pending: (readonly [key: string, make: () => void])[] = []
  /** Promised and not there yet. */
  readonly #open = new Set<string>()
  /** Promised since the last request. */
  readonly #promised = new Set<string>()

  get(key: string): FunctionNode | undefined {
    return this.#functions.get(key)
  }

  has(key: string): boolean {
    return this.#functions.has(key)
  }

  set(key: string, fn: FunctionNode): void {
    this.#functions.set(key, fn)
  }

  promise(key: string, make: () => void): void {
    this.#open.add(key)
    this.#promised.add(key)
    this.#pending.push([key, make])
  }

  /** Makes what was promised. */
  complete(after: () => void): void {
    for (let next = this.#pending.pop(); next; next = this.#pending.pop()) {
      const [key, make] = next
      make()
      this.#open.delete(key)
      after()
    }
  }

  /** Before a request: what an earlier one was promised and refused is not there, nor what calls it. Gives the keys of that. */
  forgetRefused(): readonly string[] {
    const gone = this.#open.size > 0 ? [...this.#promised] : []
    for (const key of gone) this.#functions.delete(key)
    this.#pending = []
    this.#open.clear()
    this.#promised.clear()
    return gone
  }
}
