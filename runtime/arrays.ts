/**
 * Arrays that a derivative needs during one call only: the function's own scratch arrays, and their adjoints. Each derivative has its own pool, a
 * constant of the module. An array in use is not in the pool, so a derivative that calls itself gets another one, and an array lost to an exception is
 * collected like any other object.
 */
export interface ArrayPool {
  /** An array of exactly this length. Its content is whatever the last user left. */
  borrow(length: number): Float64Array
  /** Ends the use of an array. It must not be read or written afterwards. */
  give(array: Float64Array): void
}

export function arrayPool(): ArrayPool {
  return new Pool()
}

/** Lengths that differ from call to call leave arrays behind that nobody asks for again: beyond these, the oldest is dropped. */
const MOST_SPARES = 16

/** A class, because all pools then share one shape, and V8 inlines its methods into the emitted function. */
class Pool implements ArrayPool {
  /** Of which the first `#count` are there: arrays that shrink and grow would allocate. */
  readonly #spares = new Array<Float64Array | undefined>(MOST_SPARES).fill(undefined)
  #count = 0
  #oldest = 0

  borrow(length: number): Float64Array {
    const spares = this.#spares
    for (let i = this.#count - 1; i >= 0; i--) {
      const spare = spares[i]!
      if (spare.length !== length) continue
      spares[i] = spares[--this.#count]
      spares[this.#count] = undefined
      return spare
    }
    return new Float64Array(length)
  }

  give(array: Float64Array): void {
    if (this.#count < MOST_SPARES) this.#spares[this.#count++] = array
    else this.#spares[this.#oldest++ % MOST_SPARES] = array
  }
}
