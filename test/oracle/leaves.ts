/**
 * Differentiable values as flat lists of numbers. What counts as a leaf is the contract's `Gradient<T>`: numbers, and the elements of
 * `Float64Array`, `Float32Array`, arrays and fields of objects, in order. Everything else (strings, booleans, functions, integer arrays) has no
 * leaves, so that a value and its gradient flatten to lists of equal length.
 */

type Floats = Float64Array | Float32Array

export function isFloats(value: unknown): value is Floats {
  return value instanceof Float64Array || value instanceof Float32Array
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !ArrayBuffer.isView(value) && !Array.isArray(value)
}

/** The numbers in a value, in order. */
export function flatten(value: unknown): number[] {
  if (typeof value === 'number') return [value]
  if (isFloats(value)) return Array.from(value)
  if (Array.isArray(value)) return value.flatMap(flatten)
  if (value instanceof Map) return [...value.values()].flatMap(flatten)
  if (isObject(value)) return Object.values(value).flatMap(flatten)
  return []
}

/**
 * A deep copy in which what was shared is shared again: two views on one buffer stay views on one buffer. A function under test may write into its
 * arguments, so each evaluation gets its own copy. `leaf` is asked for each number in the order of `flatten`.
 */
export function copyWith<T>(value: T, leaf: (number: number) => number): T {
  const copies = new Map<object, object>()
  const remember = <O extends object>(original: object, copied: O): O => {
    copies.set(original, copied)
    return copied
  }
  const copyBuffer = (buffer: ArrayBufferLike): ArrayBufferLike =>
    (copies.get(buffer) as ArrayBufferLike | undefined) ?? remember(buffer, buffer.slice(0))
  const copy = (from: unknown): unknown => {
    if (typeof from === 'number') return leaf(from)
    if (typeof from !== 'object' || from === null) return from
    const known = copies.get(from)
    if (known !== undefined) return known
    if (from instanceof Float64Array || from instanceof Float32Array) {
      const Floats = from instanceof Float64Array ? Float64Array : Float32Array
      const to = remember(from, new Floats(copyBuffer(from.buffer) as ArrayBuffer, from.byteOffset, from.length))
      for (let i = 0; i < to.length; i++) to[i] = leaf(from[i]!)
      return to
    }
    if (ArrayBuffer.isView(from)) return remember(from, structuredClone(from))
    if (Array.isArray(from)) {
      const to = remember(from, [] as unknown[])
      for (const element of from) to.push(copy(element))
      return to
    }
    if (from instanceof Map) {
      const to = remember(from, new Map<unknown, unknown>())
      for (const [key, one] of from) to.set(key, copy(one))
      return to
    }
    const to = remember(from, Object.create(Object.getPrototypeOf(from) as object | null) as Record<string, unknown>)
    for (const [name, field] of Object.entries(from)) to[name] = copy(field)
    return to
  }
  return copy(value) as T
}

export function deepCopy<T>(value: T): T {
  return copyWith(value, (number) => number)
}

/** A copy with the leaves `leaf + t * direction`. */
export function moved<T>(value: T, direction: readonly number[], t: number): T {
  let next = 0
  return copyWith(value, (number) => number + t * (direction[next++] ?? 0))
}

/** A copy with these leaves. */
export function withLeaves<T>(value: T, leaves: readonly number[]): T {
  let next = 0
  return copyWith(value, (number) => leaves[next++] ?? number)
}

/** Equal in every bit and every shape: `NaN` is `NaN`, and `-0` is not `0`. */
export function sameBits(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false
  if (Object.getPrototypeOf(a) !== Object.getPrototypeOf(b)) return false
  if (a instanceof Map && b instanceof Map) return sameBits([...a], [...b])
  const names = Object.keys(a)
  if (names.length !== Object.keys(b).length) return false
  return names.every((name) => name in b && sameBits((a as Record<string, unknown>)[name], (b as Record<string, unknown>)[name]))
}

export function dot(a: readonly number[], b: readonly number[]): number {
  if (a.length !== b.length) throw new Error(`A dot product of ${a.length} numbers with ${b.length}.`)
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!
  return sum
}

/** What a dot product's rounding error is relative to: the sum of the magnitudes of its terms. */
export function dotMagnitude(a: readonly number[], b: readonly number[]): number {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += Math.abs(a[i]! * b[i]!)
  return sum
}

/** Numbers in [-1, 1] that depend on the seed alone: weights and directions without structure, the same in every run. */
export function weights(length: number, seed = 1): number[] {
  let state = (seed * 2654435761) >>> 0 || 1
  return Array.from({ length }, () => {
    state ^= state << 13
    state >>>= 0
    state ^= state >>> 17
    state ^= state << 5
    state >>>= 0
    return (state / 0xffffffff) * 2 - 1
  })
}
