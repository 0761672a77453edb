/** How saved values are described in the header of a file. `docs/graph-format.md` is the definition. */

/**
 * A value: a finite number, a string, a boolean or `null` is itself; `[3]` is the object of that number; `["NaN"]` and the like are values that JSON
 * has no word for.
 */
export type Value = number | string | boolean | null | readonly [number | Word]

export type Word = 'undefined' | 'NaN' | '-0' | 'Infinity' | '-Infinity' | 'hole'

/** What one object is. Others are mentioned in it by their numbers, so that nothing is nested, and what was shared stays shared. */
export type Node =
  | { readonly record: Readonly<Record<string, Value>> }
  /** An object without a prototype. */
  | { readonly bare: Readonly<Record<string, Value>> }
  | { readonly array: readonly Value[] }
  /** An array of numbers only: the doubles of a buffer, which is of no other object. */
  | { readonly numbers: number }
  /** A typed array: the buffer, the first byte in it, and the number of elements. */
  | { readonly view: readonly [type: ViewName, buffer: number, offset: number, length: number] }
  | { readonly map: readonly (readonly [Value, Value])[] }
  | { readonly set: readonly Value[] }

/** The lengths of the buffers in bytes, in the order in which they follow the header. */
export interface Structure {
  readonly kept: Value
  readonly objects: readonly Node[]
  readonly buffers: readonly number[]
}

export interface Header extends Structure {
  readonly function: string
  readonly code: string
  /** The checksums of the values around the function that its backward half reads. */
  readonly around: Readonly<Record<string, string>>
}

export const views = {
  Float64Array,
  Float32Array,
  Int8Array,
  Int16Array,
  Int32Array,
  Uint8Array,
  Uint8ClampedArray,
  Uint16Array,
  Uint32Array,
  BigInt64Array,
  BigUint64Array,
} as const

export type ViewName = keyof typeof views

/** Every buffer begins at such a multiple. */
export const ALIGNMENT = 8

export const aligned = (length: number): number => Math.ceil(length / ALIGNMENT) * ALIGNMENT

/** The numbers that JSON has no word for. */
export const numbersByWord: ReadonlyMap<string, number> = new Map([
  ['NaN', NaN],
  ['-0', -0],
  ['Infinity', Infinity],
  ['-Infinity', -Infinity],
])
