import type { Within } from './gradient.ts'

/**
 * Zeros in the shape of the gradient of a value: the storage for an adjoint. Everything without a derivative is dropped; what is `null` stays so.
 * References are followed, not remembered: storage that is shared within `value` gets separate zeros.
 */
export function zerosLike<T>(value: T): Within<T> {
  // An object all of whose fields are missing has a gradient without fields.
  return (zeros(value) ?? (isRecord(value) ? {} : value instanceof Map ? new Map() : undefined)) as Within<T>
}

function zeros(value: unknown): unknown {
  if (typeof value === 'number') return 0
  if (value === null) return null
  if (value instanceof Float64Array) return new Float64Array(value.length)
  if (value instanceof Float32Array) return new Float32Array(value.length)
  if (Array.isArray(value)) return zerosOfArray(value)
  if (value instanceof Map) {
    const entries = [...value].map(([key, one]) => [key, zeros(one)] as const).filter(([, zero]) => zero !== undefined)
    return entries.length === 0 ? undefined : new Map(entries)
  }
  if (isRecord(value)) {
    const fields: Record<string, unknown> = {}
    for (const [name, field] of Object.entries(value)) {
      const zero = zeros(field)
      if (zero !== undefined) fields[name] = zero
    }
    return Object.keys(fields).length === 0 ? undefined : fields
  }
  return undefined
}

function zerosOfArray(value: readonly unknown[]): unknown {
  // A copy that is overwritten keeps V8's packed representation of doubles, which `new Array(n)` would lose.
  if (value.every((element) => typeof element === 'number')) return value.slice().fill(0)
  const elements = value.map(zeros)
  const isEmpty = elements.every((element) => element === undefined) && value.some((element) => element !== undefined)
  return isEmpty ? undefined : elements
}

/** As `zerosLike`, but storage that is shared within `value`, views of one buffer among it, is shared in the same way among the zeros. */
export function zerosAlong<T>(value: T): Within<T> {
  const copy: unknown = structuredClone(value)
  clear(copy)
  return copy as Within<T>
}

/** Sets every number of a gradient to zero, in place. */
export function clear(gradient: unknown): void {
  if (gradient instanceof Float64Array || gradient instanceof Float32Array) gradient.fill(0)
  else if (gradient instanceof Map) {
    for (const [key, one] of gradient)
      if (typeof one === 'number') gradient.set(key, 0)
      else clear(one)
  } else if (Array.isArray(gradient)) {
    for (let i = 0; i < gradient.length; i++)
      if (typeof gradient[i] === 'number') gradient[i] = 0
      else clear(gradient[i])
  } else if (isRecord(gradient)) {
    for (const [name, field] of Object.entries(gradient))
      if (typeof field === 'number') gradient[name] = 0
      else clear(field)
  }
}

/** Objects whose fields can hold numbers. Maps, sets, dates and buffers hold theirs elsewhere. */
function isRecord(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return false
  return !(value instanceof Map || value instanceof Set || value instanceof Date || value instanceof ArrayBuffer)
}
