/** One piece of storage: an array, or an object whose fields hold numbers. */
export interface Given {
  readonly name: string
  readonly written: boolean
  /** Nothing where the value may be missing, and is. */
  readonly storage: object | null | undefined
}

type Present = Given & { readonly storage: object }

/** Whether a write to one shows in the other. Two views of one buffer may lie beside each other, and nothing shows in what is empty. */
export function shareMemory(a: object | null | undefined, b: object | null | undefined): boolean {
  if (a === null || a === undefined || b === null || b === undefined || isEmpty(a) || isEmpty(b)) return false
  if (a === b) return true
  if (!ArrayBuffer.isView(a) || !ArrayBuffer.isView(b)) return false
  return a.byteOffset < b.byteOffset + b.byteLength && b.byteOffset < a.byteOffset + a.byteLength && a.buffer === b.buffer
}

const isEmpty = (storage: object): boolean =>
  ArrayBuffer.isView(storage) ? storage.byteLength === 0 : Array.isArray(storage) && storage.length === 0

/** The first two that share memory of which one is written. Sorted by address, so that a thousand rows need no million comparisons. */
export function findShared(given: readonly Given[]): readonly [written: string, other: string] | undefined {
  const groups = new Map<object, Present[]>()
  for (const one of given) {
    const { storage } = one
    if (storage === null || storage === undefined || isEmpty(storage)) continue
    const memory = ArrayBuffer.isView(storage) ? storage.buffer : storage
    const group = groups.get(memory)
    if (group) group.push({ ...one, storage })
    else groups.set(memory, [{ ...one, storage }])
  }
  for (const group of groups.values()) {
    const found = group.length > 1 ? sharedWithin(group) : undefined
    if (found) return found
  }
  return undefined
}

function sharedWithin(group: readonly Present[]): readonly [written: string, other: string] | undefined {
  /** What reaches furthest of all that begins earlier, and of what is written among it. */
  let furthest: Present | undefined
  let furthestWritten: Present | undefined
  for (const one of group.toSorted((a, b) => rangeOf(a).start - rangeOf(b).start)) {
    const { start, end } = rangeOf(one)
    if (furthestWritten && rangeOf(furthestWritten).end > start) return [furthestWritten.name, one.name]
    if (one.written && furthest && rangeOf(furthest).end > start) return [one.name, furthest.name]
    if (!furthest || end > rangeOf(furthest).end) furthest = one
    if (one.written && (!furthestWritten || end > rangeOf(furthestWritten).end)) furthestWritten = one
  }
  return undefined
}

/** Storage that is no view is all of its memory. */
function rangeOf({ storage }: Present): { readonly start: number; readonly end: number } {
  if (!ArrayBuffer.isView(storage)) return { start: 0, end: 1 }
  return { start: storage.byteOffset, end: storage.byteOffset + storage.byteLength }
}
