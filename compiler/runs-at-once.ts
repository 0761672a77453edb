/** Which functions can run with their reversal as one, and those that do. */

import { isStorage, type Summary } from './2-analyze/regions.ts'
import { atOnceHeader } from './3-differentiate/at-once.ts'
import { hooksOf } from './ir/hook.ts'
import type { FunctionNode } from './ir/nodes.ts'
import { someStatement } from './ir/walk.ts'
import type { MadeFunctions } from './made-functions.ts'

/**
 * Those that give a number and change nothing: what they do is then in nobody's way. Nothing that they lead to may throw, since adjoints are added before, nor have
 * hooks, which run last call first, nor be reversed as its author says.
 */
export function runsAtOnce(fn: FunctionNode, reached: ReadonlyMap<string, FunctionNode>, { written, outside }: Summary): boolean {
  if (fn.result.kind !== 'number' || fn.result.missing !== undefined) return false
  if (written.some(Boolean) || outside === true) return false
  return [...reached.values()].every(
    (one) =>
      one.reversed === undefined &&
      hooksOf(one).length === 0 &&
      !someStatement(one.body, ({ kind }) => kind === 'throw' || kind === 'effect'),
  )
}

export class AtOnceFunctions {
  readonly #shadows = new Map<string, number>()

  /** How many shadows a function takes, where it is one of these. */
  shadowsOf(key: string): number | undefined {
    return this.#shadows.get(key)
  }

  promise(made: MadeFunctions, key: string, fn: FunctionNode, active: readonly boolean[], make: () => FunctionNode): void {
    const isShadowed = (name: string, i: number): boolean => active[i] === true && isStorage(fn.variables[name]!.type)
    this.#shadows.set(key, fn.parameters.filter(({ name }, i) => isShadowed(name, i)).length)
    made.set(key, atOnceHeader(fn, active))
    made.promise(key, () => made.set(key, make()))
  }

  forget(key: string): void {
    this.#shadows.delete(key)
  }
}
