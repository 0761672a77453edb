import { expect, test } from 'vitest'
import { clear, zerosLike } from 'cotangent/runtime'

test('zeros have the shape of the gradient', () => {
  expect(zerosLike(3)).toBe(0)
  expect(zerosLike(new Float64Array([1, 2]))).toEqual(new Float64Array(2))
  expect(zerosLike(new Float32Array([1, 2]))).toEqual(new Float32Array(2))
  expect(zerosLike([1, 2, 3])).toEqual([0, 0, 0])
  expect(zerosLike([])).toEqual([])
  expect(zerosLike([1, 'a'])).toEqual([0, undefined])
  expect(zerosLike([[1], [2, 3], []])).toEqual([[0], [0, 0], []])
  expect(zerosLike([new Float64Array(2), new Float64Array(1)])).toEqual([new Float64Array(2), new Float64Array(1)])
  expect(zerosLike({ x: 1, label: 'a', nested: { y: [2], on: true }, meta: { name: 'b' }, tags: ['c'] })).toEqual({
    x: 0,
    nested: { y: [0] },
  })
})

test('the value itself is left alone', () => {
  const value = [[1, 2], [3]]
  zerosLike(value)[0]![0] = 9
  expect(value).toEqual([[1, 2], [3]])
})

test('clear sets every number to zero in place', () => {
  const gradient = { x: 1, rows: [[1, 2], [3]], floats: new Float64Array([4]) }
  clear(gradient)
  expect(gradient).toEqual({ x: 0, rows: [[0, 0], [0]], floats: new Float64Array(1) })
})
