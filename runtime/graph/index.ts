/** `cotangent/graph`: a pullback as bytes, and back, in another process or on another machine. */

import { released } from '../errors.ts'
import { graphOfOperator, savableOf, type Graph } from '../graph-of.ts'
import { pullback as pullbackOf } from '../retained.ts'
import type { Pullback } from '../operators.ts'
import { crc32 } from './crc32.ts'
import { decode, isRecord } from './decode.ts'
import { encode } from './encode.ts'
import { corrupt, notAGraph, notSavable, otherCode, otherFunction } from './errors.ts'
import { readFile, writeFile } from './file.ts'
import type { Header } from './structure.ts'

export { CotangentError } from '../errors.ts'

export interface LoadOptions {
  /** Longer files are refused before anything of them is read. What is loaded takes a small multiple of the file's length at most. */
  readonly maxBytes?: number
}

/** What a file says of itself. */
export interface GraphDescription {
  /** The name of the function whose pullback was saved. */
  readonly function: string
  /** The hash of the code of its derivative. */
  readonly code: string
}

/** The pullback as bytes, without its hooks. It is as it was, and can be called and saved again. */
export type AnyPullback = Pullback<never, unknown>

/**
 * The values that a pullback keeps, as bytes. The pullback stays as it is. `docs/graph-format.md` defines the format.
 *
 * @throws CotangentError CT0002 after its release, CT0008 for what is no pullback of `vjp`, CT0009 for a value that a file can't hold.
 */
export function saveGraph(pullback: AnyPullback): Uint8Array<ArrayBuffer> {
  const savable = typeof pullback === 'function' ? savableOf(pullback) : undefined
  if (savable === undefined) throw notSavable('saveGraph', `${described(pullback)} that is no such pullback`)
  const { graph, held } = savable
  const holds = held()
  if (holds === undefined) throw released(graph.name)
  const { name, code, isOpaque } = graph
  const { structure, buffers } = encode(withoutHooks(holds.kept, graph), { name, isOpaque })
  return writeFile({ header: { function: name, code, around: sumsAround(graph), ...structure }, buffers })
}

/**
 * The pullback that was saved, for the operator's result (`vjp(f)`) that made it. The function is not run again, and nothing of the file is evaluated.
 * Hooks are those of `operator`.
 *
 * @throws CotangentError CT0008 for what is no `vjp(f)`, CT0010 for other bytes, CT0011 for another version of the format, CT0012 for a damaged file, CT0013
 * and CT0014 for a graph of another function or of other code.
 */
export function loadGraph<P extends AnyPullback>(
  operator: (...args: never[]) => { readonly pullback: P },
  bytes: Uint8Array,
  options: LoadOptions = {},
): P {
  const graph = typeof operator === 'function' ? graphOfOperator(operator) : undefined
  if (graph === undefined) throw notSavable('loadGraph', `${described(operator)} that is no such operator`)
  const { header, buffers } = read(bytes, options)
  if (header.function !== graph.name) throw otherFunction(header.function, graph.name)
  if (header.code !== graph.code) throw otherCode(graph.name, `its hash is ${header.code}, that of this program is ${graph.code}`)
  compareAround(graph, header)
  return pullbackOf(withHooks(decode(header, buffers), graph) as never, graph.backward, graph) as unknown as P
}

/**
 * What a file says of itself, once it was found to be whole.
 *
 * @throws CotangentError CT0010, CT0011 and CT0012, as `loadGraph` does.
 */
export function describeGraph(bytes: Uint8Array, options: LoadOptions = {}): GraphDescription {
  const { header } = read(bytes, options)
  return { function: header.function, code: header.code }
}

function read(bytes: Uint8Array, { maxBytes = Infinity }: LoadOptions): ReturnType<typeof readFile> {
  if (!ArrayBuffer.isView(bytes)) throw notAGraph(`it is ${described(bytes)}, and no Uint8Array`)
  if (bytes.byteLength > maxBytes) throw notAGraph(`it has ${String(bytes.byteLength)} bytes, and ${String(maxBytes)} are allowed`)
  // Of a `Buffer` this makes what `slice` copies.
  return readFile(new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength))
}

function withoutHooks(kept: unknown, { hooks }: Graph): unknown {
  if (Object.keys(hooks).length === 0) return kept
  return Object.fromEntries(Object.entries(kept as object).filter(([name]) => !Object.hasOwn(hooks, name)))
}

function withHooks(kept: unknown, { hooks }: Graph): unknown {
  const made = Object.entries(hooks).map(([name, make]): [string, unknown] => [name, make()])
  if (made.length === 0) return kept
  if (!isRecord(kept)) throw corrupt('it holds no record')
  return { ...kept, ...Object.fromEntries(made) }
}

/** A checksum of each value around the function that its backward half reads: it must be the same where the graph is loaded. */
function sumsAround({ name, around }: Graph): Readonly<Record<string, string>> {
  const sum = (value: unknown, place: string): string => {
    const { structure, buffers } = encode(value, { name, path: place })
    const bytes = writeFile({ header: { function: '', code: '', around: {}, ...structure }, buffers })
    return crc32(bytes.subarray(0, -4)).toString(16).padStart(8, '0')
  }
  return Object.fromEntries(Object.entries(around()).map(([place, value]) => [place, sum(value, place)]))
}

function compareAround(graph: Graph, { around: saved }: Header): void {
  const now = sumsAround(graph)
  const places = new Set([...Object.keys(now), ...Object.keys(saved)])
  for (const place of places)
    if (!Object.hasOwn(now, place) || !Object.hasOwn(saved, place) || now[place] !== saved[place])
      throw otherCode(graph.name, `\`${place}\`, which its derivative reads, has another value`)
}

function described(value: unknown): string {
  if (value === null) return 'null'
  return typeof value === 'object' ? 'an object' : typeof value === 'undefined' ? 'undefined' : `a ${typeof value}`
}
