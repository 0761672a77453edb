import { changedUnseen } from './errors.ts'

/**
 * Calls what the compiler has not read, within `noGrad`, with storage whose numbers are being differentiated. If that is changed, nobody knows which of its
 * numbers are constants from there on, so the derivative ends with an error instead of a wrong number.
 */
export function unchanged<T>(callee: string, storage: readonly (object | null | undefined)[], call: () => T): T {
  const found = new Set<object>()
  for (const root of storage) find(root, found)
  const isAsBefore = [...found].map(remember)
  const check = (): void => {
    if (!isAsBefore.every((test) => test())) throw changedUnseen(callee)
  }
  let given: T
  try {
    given = call()
  } catch (error) {
    // The function may catch it, and then read what was changed.
    check()
    throw error
  }
  check()
  return given
}

function find(value: unknown, found: Set<object>): void {
  if (typeof value !== 'object' || value === null || found.has(value)) return
  found.add(value)
  if (!ArrayBuffer.isView(value)) for (const inner of partsOf(value)) find(inner, found)
}

/** Gives what tells whether the object is as it is now. */
function remember(one: object): () => boolean {
  if (one instanceof Float64Array || one instanceof Float32Array) {
    const content = one.slice()
    return () => isSame(one, content)
  }
  const content = ArrayBuffer.isView(one) ? [] : partsOf(one)
  return () => isSame(ArrayBuffer.isView(one) ? [] : partsOf(one), content)
}

function partsOf(one: object): readonly unknown[] {
  if (one instanceof Map) return [...one].flat()
  return one instanceof Set ? [...one] : Array.isArray(one) ? (one as unknown[]).slice() : Object.entries(one).flat()
}

interface List {
  readonly length: number
  readonly [i: number]: unknown
}

function isSame(now: List, before: List): boolean {
  if (now.length !== before.length) return false
  for (let i = 0; i < before.length; i++) if (!Object.is(now[i], before[i])) return false
  return true
}
