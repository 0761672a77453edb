import { sharedMemory } from './errors.ts'
import { findShared, shareMemory, type Given } from './overlap.ts'

/** Nothing where the argument may be missing, and is. */
type Storage = object | null | undefined

/**
 * Refuses arguments that share memory where a derivative writes to one of them: every argument has a shadow of its own, and what is computed
 * again is taken to be as it was.
 */
export interface StorageGuard {
  /** Storage in the order of the names, first what is written. */
  check(a: Storage, b?: Storage, c?: Storage, d?: Storage, ...rest: readonly Storage[]): void
}

/** A name with `[i]` in it stands for a list: every element is storage of its own. */
export function storageGuard(derived: string, written: readonly string[], others: readonly string[]): StorageGuard {
  return new Guard(derived, [...written, ...others], written.length)
}

/** What was found to be apart is remembered, and so kept alive, only where it is small: for longer arrays comparing them costs nothing. */
const LONGEST_REMEMBERED = 4096

/** A class, because all guards then share one shape, and V8 inlines the comparison with the last arguments into the emitted function. */
class Guard implements StorageGuard {
  readonly #derived: string
  readonly #names: readonly string[]
  readonly #written: number
  readonly #hasLists: boolean
  /** The arguments while they are compared, so that a call allocates nothing. Nothing is kept alive here. */
  readonly #given: Storage[]
  /** The last arguments. To ask an array for its buffer takes 20 to 50 ns, and far longer where the buffer must be made first. */
  #a: Storage = undefined
  #b: Storage = undefined
  #c: Storage = undefined
  #d: Storage = undefined
  #rest: readonly Storage[] = []

  constructor(derived: string, names: readonly string[], written: number) {
    this.#derived = derived
    this.#names = names
    this.#written = written
    this.#given = names.map(() => undefined)
    this.#hasLists = names.some((name) => name.includes('[i]'))
  }

  check(a: Storage, b?: Storage, c?: Storage, d?: Storage, ...rest: readonly Storage[]): void {
    if (a === this.#a && b === this.#b && c === this.#c && d === this.#d && this.#isRest(rest)) return
    const given = this.#given
    given[0] = a
    if (given.length > 1) given[1] = b
    if (given.length > 2) given[2] = c
    if (given.length > 3) given[3] = d
    for (let i = 4; i < given.length; i++) given[i] = rest[i - 4]
    try {
      this.#compare(given)
    } finally {
      given.fill(undefined)
    }
  }

  #isRest(rest: readonly Storage[]): boolean {
    for (let i = 0; i < rest.length; i++) if (rest[i] !== this.#rest[i]) return false
    return true
  }

  #compare(given: readonly Storage[]): void {
    const found = this.#hasLists ? findShared(this.#listed(given)) : this.#sharedPair(given)
    if (found) throw sharedMemory(this.#derived, found[0], found[1])
    if (this.#hasLists || given.some(isLong)) return
    this.#a = given[0]
    this.#b = given[1]
    this.#c = given[2]
    this.#d = given[3]
    this.#rest = given.slice(4)
  }

  #sharedPair(given: readonly Storage[]): readonly [written: string, other: string] | undefined {
    for (let i = 0; i < this.#written; i++)
      for (let j = i + 1; j < given.length; j++) if (shareMemory(given[i], given[j])) return [this.#names[i]!, this.#names[j]!]
    return undefined
  }

  #listed(given: readonly Storage[]): readonly Given[] {
    return given.flatMap((storage, at): readonly Given[] => {
      const name = this.#names[at]!
      const written = at < this.#written
      if (!name.includes('[i]')) return [{ name, written, storage }]
      return ((storage ?? []) as readonly Storage[]).map((element, i) => ({
        name: name.replace('[i]', `[${String(i)}]`),
        written,
        storage: element,
      }))
    })
  }
}

const isLong = (storage: Storage): boolean =>
  typeof storage === 'object' && storage !== null && 'length' in storage && (storage.length as number) > LONGEST_REMEMBERED
