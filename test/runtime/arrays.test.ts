import { expect, test } from 'vitest'
import { arrayPool } from 'cotangent/runtime'

test('an array is of exactly the length asked for, and one that was given back is used again', () => {
  const pool = arrayPool()
  const [short, long] = [pool.borrow(3), pool.borrow(5)]
  expect([short.length, long.length]).toEqual([3, 5])
  pool.give(long)
  pool.give(short)
  expect(pool.borrow(5)).toBe(long)
  expect(pool.borrow(3)).toBe(short)
  expect(pool.borrow(4).length).toBe(4)
})

test('an array in use is not handed out', () => {
  const pool = arrayPool()
  const outer = pool.borrow(10)
  const inner = pool.borrow(10)
  expect(inner).not.toBe(outer)
  pool.give(inner)
  pool.give(outer)
  expect(new Set([pool.borrow(10), pool.borrow(10)])).toEqual(new Set([inner, outer]))
})

test('lengths that no array can have fail or are cut as with the constructor', () => {
  const pool = arrayPool()
  expect(() => pool.borrow(-1)).toThrow(RangeError)
  expect(pool.borrow(NaN).length).toBe(0)
  expect(pool.borrow(2.5).length).toBe(2)
})

test('lengths that differ from call to call do not pile up, nor keep others from being used again', () => {
  const pool = arrayPool()
  for (let length = 1; length < 1000; length++) pool.give(pool.borrow(length))
  const last = pool.borrow(2000)
  pool.give(last)
  expect(pool.borrow(2000)).toBe(last)
  expect(pool.borrow(1)).not.toBe(pool.borrow(1))
})
