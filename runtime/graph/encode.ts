import type { CotangentError } from '../errors.ts'
import { unsavable } from './errors.ts'
import { numbersByWord, views, type Node, type Structure, type Value, type ViewName, type Word } from './structure.ts'

/** Values as a description and the bytes of their buffers. */
export interface Encoded {
  readonly structure: Structure
  readonly buffers: readonly Uint8Array[]
}

export interface EncodeOptions {
  /** The function, for messages. */
  readonly name: string
  /** The place of the value, for messages. */
  readonly path?: string
  /** Whether instances of classes are refused. They are saved as plain objects otherwise. */
  readonly isOpaque?: boolean
}

/**
 * Describes a value and all that it leads to.
 *
 * @throws CotangentError CT0009 for what a file can't hold.
 */
export function encode(root: unknown, options: EncodeOptions): Encoded {
  return new Encoder(options).encode(root)
}

/** Where an object was met first. */
interface Met {
  readonly parent: number | undefined
  readonly key: string
}

/** The part of a buffer that views of it cover. */
interface Range {
  readonly index: number
  readonly buffer: ArrayBufferLike
  start: number
  end: number
}

type Doubles = Uint8Array | Range

/** Without recursion, because lists may be linked as deep as they are long. */
class Encoder {
  readonly #name: string
  readonly #path: string
  readonly #isOpaque: boolean
  readonly #found: object[] = []
  readonly #met: Met[] = []
  readonly #numberOf = new Map<object, number>()
  readonly #buffers: Doubles[] = []
  readonly #ranges = new Map<ArrayBufferLike, Range>()

  constructor({ name, path = '', isOpaque = false }: EncodeOptions) {
    this.#name = name
    this.#path = path
    this.#isOpaque = isOpaque
  }

  encode(root: unknown): Encoded {
    const kept = this.#value(root, undefined, '')
    const nodes: (() => Node)[] = []
    for (let i = 0; i < this.#found.length; i++) nodes.push(this.#node(this.#found[i]!, i))
    const buffers = this.#buffers.map((one) => ('index' in one ? new Uint8Array(one.buffer, one.start, one.end - one.start) : one))
    // Where views begin is known once all of them were seen.
    const objects = nodes.map((node) => node())
    return { structure: { kept, objects, buffers: buffers.map(({ length }) => length) }, buffers }
  }

  #value(value: unknown, parent: number | undefined, key: string): Value {
    switch (typeof value) {
      case 'number':
        return Number.isFinite(value) && !Object.is(value, -0) ? value : [wordFor(value)]
      case 'string':
      case 'boolean':
        return value
      case 'undefined':
        return ['undefined']
      case 'object':
        return value === null ? null : [this.#reference(value, parent, key)]
      default:
        throw this.#refusal({ parent, key }, typeof value === 'function' ? 'a function' : `a ${typeof value}`)
    }
  }

  #reference(object: object, parent: number | undefined, key: string): number {
    const known = this.#numberOf.get(object)
    if (known !== undefined) return known
    const number = this.#found.push(object) - 1
    this.#met.push({ parent, key })
    this.#numberOf.set(object, number)
    return number
  }

  #node(object: object, i: number): () => Node {
    if (ArrayBuffer.isView(object)) return this.#view(object, i)
    const prototype: unknown = Object.getPrototypeOf(object)
    const always = (node: Node) => () => node
    if (Array.isArray(object) && prototype === Array.prototype) return always(this.#array(object, i))
    if (object instanceof Map && prototype === Map.prototype) {
      const entry = (of: unknown, part: string, at: number): Value => this.#value(of, i, ` (${part} ${String(at)})`)
      return always({ map: Array.from(object, ([key, value], at) => [entry(key, 'key', at), entry(value, 'value', at)]) })
    }
    if (object instanceof Set && prototype === Set.prototype)
      return always({ set: Array.from(object, (one, at) => this.#value(one, i, ` (value ${String(at)})`)) })
    if (prototype === null) return always({ bare: this.#record(object, i) })
    if (prototype === Object.prototype || (!this.#isOpaque && isOfClass(object))) return always({ record: this.#record(object, i) })
    throw this.#refusal(this.#met[i]!, classOf(object))
  }

  #array(array: readonly unknown[], i: number): Node {
    if (array.length > 0 && array.every((one) => typeof one === 'number') && !hasHoles(array)) {
      const bytes = new Uint8Array(Float64Array.from(array).buffer)
      return { numbers: this.#buffers.push(bytes) - 1 }
    }
    return { array: Array.from(array, (one, at) => (at in array ? this.#value(one, i, `[${String(at)}]`) : ['hole'])) }
  }

  #record(object: object, i: number): Readonly<Record<string, Value>> {
    const entries = Reflect.ownKeys(object).map((key): [string, Value] => {
      const property = Object.getOwnPropertyDescriptor(object, key)!
      const refused = (found: string): Error => this.#refusal({ parent: i, key: `.${String(key)}` }, found)
      if (typeof key === 'symbol' || !property.enumerable) throw refused('a hidden property')
      // An accessor has no value, and is not run.
      if (!('value' in property)) throw refused('an accessor')
      return [key, this.#value(property.value as unknown, i, `.${key}`)]
    })
    // Unlike an assignment, this makes `__proto__` a property like any other.
    return Object.fromEntries(entries)
  }

  #view(view: ArrayBufferView, i: number): () => Node {
    const type = Object.keys(views).find((name) => Object.getPrototypeOf(view) === views[name as ViewName].prototype) as
      ViewName | undefined
    if (type === undefined) throw this.#refusal(this.#met[i]!, classOf(view))
    const range = this.#rangeOf(view)
    const length = view.byteLength / views[type].BYTES_PER_ELEMENT
    return () => ({ view: [type, range.index, length === 0 ? 0 : view.byteOffset - range.start, length] })
  }

  #rangeOf({ buffer, byteOffset, byteLength }: ArrayBufferView): Range {
    // Rounded, so that every view stays on a multiple of its elements' size.
    const [start, end] = [byteOffset - (byteOffset % 8), byteOffset + byteLength]
    const known = this.#ranges.get(buffer)
    if (known === undefined) {
      const range: Range = { index: this.#buffers.length, buffer, start, end: byteLength === 0 ? start : end }
      this.#buffers.push(range)
      this.#ranges.set(buffer, range)
      return range
    }
    if (byteLength === 0) return known
    const isEmpty = known.start === known.end
    known.start = isEmpty ? start : Math.min(known.start, start)
    known.end = isEmpty ? end : Math.max(known.end, end)
    return known
  }

  #refusal({ parent, key }: Met, found: string): CotangentError {
    const keys = [key]
    for (let at = parent; at !== undefined; at = this.#met[at]!.parent) keys.push(this.#met[at]!.key)
    return unsavable(this.#name, `${this.#path}${keys.reverse().join('')}`.replace(/^\./, ''), found)
  }
}

const wordFor = (value: number): Word => [...numbersByWord].find(([, number]) => Object.is(number, value))![0] as Word

/** `every` passes them over. */
function hasHoles(array: readonly unknown[]): boolean {
  for (let i = 0; i < array.length; i++) if (array[i] === undefined) return true
  return false
}

/** Of a class that a program can write. Those of the language that hold something out of sight have a word of their own. */
const isOfClass = (object: object): boolean => !Array.isArray(object) && Object.prototype.toString.call(object) === '[object Object]'

function classOf(object: object): string {
  const { constructor } = object as { readonly constructor?: { readonly name?: unknown } }
  const name = typeof constructor === 'function' ? (constructor as { readonly name: string }).name : ''
  return name === '' ? 'an object of some class' : `an instance of \`${name}\``
}
