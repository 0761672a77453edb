import { CotangentError, loadGraph, saveGraph } from '../../runtime/graph/index.ts'
import { assemble, readFile } from '../../runtime/graph/file.ts'
import type { Header } from '../../runtime/graph/structure.ts'
import { graphOf } from '../../runtime/graph-of.ts'
import { pullback } from '../../runtime/retained.ts'

/** A pullback that gives back what was kept, so that files can be looked at by themselves. */

export const backward = (kept: unknown, _cotangent: number): unknown => kept
export const operator = (kept: unknown): { readonly pullback: Identity } => ({ pullback: pullback(kept, backward, graph) })
const graph = graphOf(operator, backward, 'f', '0123456789abcdef')
export type Identity = ((cotangent: number) => unknown) & { release(): void }

/** The same for code that may call methods of what is kept. */
export const strict = (kept: unknown): { readonly pullback: Identity } => ({ pullback: pullback(kept, backward, strictGraph) })
const strictGraph = graphOf(strict, backward, 'f', '0123456789abcdef', { isOpaque: true })

export const save = (kept: unknown): Uint8Array<ArrayBuffer> => saveGraph(operator(kept).pullback)
export const load = (bytes: Uint8Array): unknown => loadGraph(operator, bytes)(1)
export const again = <T>(kept: T): T => load(save(kept)) as T

export function codeOf(f: () => unknown): string {
  return errorOf(f).code
}

export function errorOf(f: () => unknown): CotangentError {
  try {
    f()
  } catch (error) {
    if (error instanceof CotangentError) return error
    throw error
  }
  throw new Error('nothing was thrown')
}

/** A file with another header, or any text in its place, and a checksum that fits. */
export function forged(bytes: Uint8Array, change: (header: Header) => unknown): Uint8Array {
  const { header, buffers } = readFile(bytes)
  const changed = change(structuredClone(header))
  return assemble(new TextEncoder().encode(typeof changed === 'string' ? changed : JSON.stringify(changed)), buffers)
}
