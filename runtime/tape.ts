/**
 * Buffers for the values that a reverse sweep needs again. Each derivative has its own pool, a constant of the module. A buffer in use is not in the
 * pool, so a derivative that calls itself gets another one, and a buffer lost to an exception is collected like any other object.
 */
export interface TapePool {
  /** A buffer of at least this length. Its content is whatever the last user left. */
  take(length: number): Float64Array
  /** Ends the use of a buffer. It must not be read or written afterwards. */
  give(buffer: Float64Array): void
  /** A buffer of at least this length, and at least twice as long, with the same content. The one given must not be used afterwards. */
  grow(buffer: Float64Array, length?: number): Float64Array
}

export function tapePool(): TapePool {
  return new Pool()
}

const SHORTEST = 16
/** Deep recursion and many live pullbacks leave many buffers behind. Keeping them all would be a leak. */
const MOST_SPARES = 64

/** A class, because all pools then share one shape, and V8 inlines `take` and `give` into the emitted function. */
class Pool implements TapePool {
  /** The buffer of a derivative that is not recursive, the common case: no list is touched. */
  #free: Float64Array | undefined = undefined
  /** Of which the first `#count` are there: arrays that shrink and grow would allocate. */
  readonly #spares = new Array<Float64Array | undefined>(MOST_SPARES).fill(undefined)
  #count = 0

  take(length: number): Float64Array {
    const free = this.#free
    if (free !== undefined && free.length >= length) {
      this.#free = undefined
      return free
    }
    return this.#takeSpare(length)
  }

  give(buffer: Float64Array): void {
    if (this.#free === undefined) this.#free = buffer
    else this.#giveSpare(buffer)
  }

  grow(buffer: Float64Array, length = 0): Float64Array {
    const longer = allocate(Math.max(2 * buffer.length, Math.ceil(length)))
    longer.set(buffer)
    return longer
  }

  /** Where all are too short, one of them is dropped for the new one, so that there are never more than were in use at one time. */
  #takeSpare(length: number): Float64Array {
    const spares = this.#spares
    for (let i = this.#count - 1; i >= 0; i--) {
      const spare = spares[i]!
      if (spare.length < length) continue
      spares[i] = spares[--this.#count]
      spares[this.#count] = undefined
      return spare
    }
    if (this.#free !== undefined) this.#free = undefined
    else if (this.#count > 0) spares[--this.#count] = undefined
    else return allocate(Math.ceil(length))
    // In place of a shorter one a little more than asked, so that lengths that creep up from call to call do not allocate each time.
    return allocate(Math.ceil(length * 1.125))
  }

  #giveSpare(buffer: Float64Array): void {
    if (this.#count < MOST_SPARES) this.#spares[this.#count++] = buffer
  }
}

function allocate(length: number): Float64Array {
  try {
    // Written so that NaN, the trip count of a loop that does not run, gives the shortest buffer and not an empty one.
    return new Float64Array(length > SHORTEST ? length : SHORTEST)
  } catch (cause) {
    const size = `${length} numbers (${(length / 2 ** 27).toFixed(1)} GiB)`
    throw new RangeError(`A derivative has to keep ${size} of intermediate values for its reverse sweep, more than can be allocated.`, {
      cause,
    })
  }
}
