import { expect, test } from 'vitest'
import { tapePool } from 'cotangent/runtime'

test('a buffer that was given back is used again', () => {
  const pool = tapePool()
  const first = pool.take(100)
  expect(first.length).toBeGreaterThanOrEqual(100)
  pool.give(first)
  expect(pool.take(100)).toBe(first)
})

test('a buffer in use is not handed out', () => {
  const pool = tapePool()
  const outer = pool.take(10)
  const inner = pool.take(10)
  expect(inner).not.toBe(outer)
  pool.give(inner)
  pool.give(outer)
  expect(new Set([pool.take(10), pool.take(10)])).toEqual(new Set([inner, outer]))
})

test('a buffer that is too short is replaced', () => {
  const pool = tapePool()
  pool.give(pool.take(20))
  const long = pool.take(1000)
  expect(long.length).toBeGreaterThanOrEqual(1000)
  pool.give(long)
  expect(pool.take(20)).toBe(long)
})

test('a loop that does not run needs no length', () => {
  const pool = tapePool()
  for (const length of [0, -5, NaN]) expect(pool.take(length).length).toBeGreaterThan(0)
})

test('growing keeps the content', () => {
  const pool = tapePool()
  const short = pool.take(3)
  short.set([1, 2, 3])
  const long = pool.grow(short)
  expect(long.length).toBeGreaterThanOrEqual(2 * short.length)
  expect(Array.from(long.subarray(0, 3))).toEqual([1, 2, 3])
})

test('an absurd size is an error that says what it is for', () => {
  const pool = tapePool()
  expect(() => pool.take(2 ** 60)).toThrow(RangeError)
  expect(() => pool.take(Infinity)).toThrow(/intermediate values for its reverse sweep/)
})

test('pools are independent, and a lost buffer does no harm', () => {
  const one = tapePool()
  const other = tapePool()
  const buffer = one.take(8)
  one.give(buffer)
  expect(other.take(8)).not.toBe(buffer)
  one.take(8)
  expect(one.take(8)).not.toBe(buffer)
})

test('buffers of several lengths are all used again, in whatever order they are given back', () => {
  const pool = tapePool()
  const lengths = [100, 3, 50, 2]
  const first = lengths.map((length) => pool.take(length))
  for (const buffer of first.toReversed()) pool.give(buffer)
  for (let call = 0; call < 3; call++) {
    const again = lengths.map((length) => pool.take(length))
    expect(new Set(again)).toEqual(new Set(first))
    for (const buffer of again.toReversed()) pool.give(buffer)
  }
})

test('a first buffer is no longer than asked; one in place of a shorter one is a little longer', () => {
  const pool = tapePool()
  const [first, second] = [pool.take(1000), pool.take(500)]
  expect([first.length, second.length]).toEqual([1000, 500])
  pool.give(first)
  pool.give(second)
  expect(pool.take(1001).length).toBeGreaterThan(1100)
})
