import { released } from './errors.ts'
import { rememberPullback, type Graph } from './graph-of.ts'
import type { Pullback } from './operators.ts'

/** A pullback: the backward half of a function with what its forward half kept. With a graph it can be saved. */
export function pullback<Kept, Cotangent, G>(
  kept: Kept,
  backward: (kept: Kept, cotangent: Cotangent) => G,
  graph?: Graph,
): Pullback<Cotangent, G> {
  let held: { readonly kept: Kept } | undefined = { kept }
  const call = (cotangent: Cotangent): G => {
    if (held === undefined) throw released()
    return backward(held.kept, cotangent)
  }
  const release = (): void => {
    held = undefined
  }
  const made = Object.assign(call, { release })
  if (graph !== undefined) rememberPullback(made, { graph, held: () => held })
  return made
}

/** A deep copy of plain data. References that led to the same storage, views of one buffer among them, still do. */
export function copyOf<T>(value: T): T {
  return structuredClone(value)
}

/** A buffer of at least this length, and at least twice as long, with the same content, then zeros. */
export function grow(buffer: Float64Array, length: number): Float64Array {
  const longer = new Float64Array(Math.max(2 * buffer.length, Math.ceil(length)))
  longer.set(buffer)
  return longer
}
