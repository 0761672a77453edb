import { corrupt } from './errors.ts'
import { numbersByWord, views, type Node, type Structure, type Value } from './structure.ts'

/**
 * The value that a structure describes. The structure is whatever a file says, and is believed in nothing: what it makes is at most as large as what it
 * is made of, because every buffer of numbers belongs to one array and views share theirs.
 *
 * @throws CotangentError CT0012 for a structure that `encode` does not give.
 */
export function decode({ kept, objects, buffers: lengths }: Structure, buffers: readonly Uint8Array[]): unknown {
  if (!Array.isArray(objects)) throw corrupt('it has no list of objects')
  const storage = new Buffers(lengths, buffers)
  const made = objects.map((node: Node, i) => shellOf(node, i, storage))
  objects.forEach((node: Node, i) => fill(made[i]!, node, (value) => valueOf(value, made)))
  return valueOf(kept, made)
}

/** The bytes of buffers, each as what the first object that mentions it takes it for. */
class Buffers {
  readonly #lengths: readonly number[]
  readonly #bytes: readonly Uint8Array[]
  readonly #viewed = new Map<number, ArrayBuffer>()
  readonly #numbers = new Set<number>()

  constructor(lengths: readonly number[], bytes: readonly Uint8Array[]) {
    this.#lengths = lengths
    this.#bytes = bytes
  }

  /** All doubles of a buffer. No two arrays are made of one, or a small file could ask for much memory. */
  numbers(index: unknown, i: number): number[] {
    const bytes = this.#at(index, i)
    if (this.#numbers.has(index as number) || this.#viewed.has(index as number)) throw wrong(i, 'shares its numbers')
    if (bytes.length % 8 !== 0) throw wrong(i, 'has a part of a number')
    this.#numbers.add(index as number)
    const data = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
    return Array.from({ length: bytes.length / 8 }, (_, k) => data.getFloat64(8 * k, true))
  }

  /** A view of a buffer, which other views may share. */
  view(description: unknown, i: number): ArrayBufferView {
    if (!Array.isArray(description) || description.length !== 4) throw wrong(i, 'is no view')
    const [type, index, offset, length] = description as readonly unknown[]
    const View = typeof type === 'string' && Object.hasOwn(views, type) ? views[type as keyof typeof views] : undefined
    if (View === undefined) throw wrong(i, 'is a view of no known type')
    const bytes = this.#at(index, i)
    if (this.#numbers.has(index as number)) throw wrong(i, 'shares its numbers')
    const isWithin =
      isCount(offset) &&
      isCount(length) &&
      offset % View.BYTES_PER_ELEMENT === 0 &&
      offset + length * View.BYTES_PER_ELEMENT <= bytes.length
    if (!isWithin) throw wrong(i, 'is a view of more than there is')
    const buffer = this.#viewed.get(index as number) ?? bytes.slice().buffer
    this.#viewed.set(index as number, buffer)
    return new View(buffer, offset, length)
  }

  #at(index: unknown, i: number): Uint8Array {
    if (!isCount(index) || index >= this.#lengths.length) throw wrong(i, 'mentions a buffer that is not there')
    return this.#bytes[index]!
  }
}

type Shell = object

/** The object, without what it leads to: that may not be there yet. */
function shellOf(node: unknown, i: number, buffers: Buffers): Shell {
  const [kind, content] = onlyEntry(node, i)
  switch (kind) {
    case 'record':
    case 'bare':
      if (!isRecord(content)) throw wrong(i, 'has no fields')
      return kind === 'record' ? {} : (Object.create(null) as object)
    case 'numbers':
      return buffers.numbers(content, i)
    case 'view':
      return buffers.view(content, i)
    case 'array':
    case 'map':
    case 'set':
      if (!Array.isArray(content)) throw wrong(i, 'has no elements')
      return kind === 'array' ? [] : kind === 'map' ? new Map() : new Set()
    default:
      throw wrong(i, 'is of no known kind')
  }
}

function onlyEntry(node: unknown, i: number): readonly [string, unknown] {
  const entries = isRecord(node) ? Object.entries(node) : []
  if (entries.length !== 1) throw wrong(i, 'is not of one kind')
  return entries[0]!
}

function fill(made: Shell, node: Node, value: (described: unknown) => unknown): void {
  if ('record' in node || 'bare' in node) {
    for (const [key, described] of Object.entries('record' in node ? node.record : node.bare))
      // Unlike an assignment, this makes `__proto__` a property like any other.
      Object.defineProperty(made, key, { value: value(described), writable: true, enumerable: true, configurable: true })
  } else if ('array' in node) {
    const array = made as unknown[]
    array.length = node.array.length
    node.array.forEach((described, at) => {
      if (!isHole(described)) array[at] = value(described)
    })
  } else if ('map' in node) {
    for (const entry of node.map as readonly unknown[]) {
      if (!Array.isArray(entry) || entry.length !== 2) throw corrupt('a map has an entry that is no pair')
      ;(made as Map<unknown, unknown>).set(value(entry[0]), value(entry[1]))
    }
  } else if ('set' in node) for (const described of node.set) (made as Set<unknown>).add(value(described))
}

const isHole = (value: Value): boolean => Array.isArray(value) && value[0] === 'hole'

function valueOf(value: unknown, made: readonly Shell[]): unknown {
  if (value === null || typeof value === 'number' || typeof value === 'string' || typeof value === 'boolean') return value
  if (!Array.isArray(value) || value.length !== 1) throw corrupt('there is a value of no known form')
  const [word] = value as readonly unknown[]
  if (word === 'undefined') return undefined
  if (isCount(word) && word < made.length) return made[word]
  const number = typeof word === 'string' ? numbersByWord.get(word) : undefined
  if (number === undefined) throw corrupt('there is a value that leads nowhere')
  return number
}

const wrong = (i: number, what: string): Error => corrupt(`object ${String(i)} ${what}`)

export const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0

export const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
