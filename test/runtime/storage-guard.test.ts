import { describe, expect, test } from 'vitest'
import { storageGuard } from '../../runtime/runtime.ts'

const numbers = (length: number): Float64Array => new Float64Array(length)

describe('two arrays, of which one is written', () => {
  const guard = storageGuard('f', ['out'], ['x'])
  test('the same one is refused by name, also when it was let pass before with others', () => {
    const [out, x] = [numbers(3), numbers(3)]
    guard.check(out, x)
    guard.check(out, x)
    expect(() => guard.check(x, x)).toThrow(/^CT0004: `out` and `x` share memory in a call of a derivative of `f`, which writes to `out`\./)
    expect(() => guard.check(x, x)).toThrow('CT0004')
    guard.check(out, x)
    guard.check(x, out)
  })

  test('views may lie beside each other, not on each other', () => {
    const both = numbers(8)
    guard.check(both.subarray(0, 4), both.subarray(4))
    guard.check(both.subarray(4), both.subarray(0, 4))
    guard.check(both.subarray(2, 2), both)
    expect(() => guard.check(both.subarray(0, 5), both.subarray(4))).toThrow('CT0004')
    expect(() => guard.check(both.subarray(4), both.subarray(0, 5))).toThrow('CT0004')
    expect(() => guard.check(both, both.subarray(7))).toThrow('CT0004')
    expect(() => guard.check(both, both.subarray(0))).toThrow('CT0004')
  })

  test('other kinds of views of the same bytes are found', () => {
    const bytes = new ArrayBuffer(64)
    guard.check(new Float64Array(bytes, 0, 4), new Int32Array(bytes, 32))
    expect(() => guard.check(new Float64Array(bytes, 0, 4), new Int32Array(bytes, 28, 1))).toThrow('CT0004')
  })

  test('lists are compared as what they are, and what is empty shares nothing', () => {
    const list = [1, 2]
    guard.check(list, [1, 2])
    guard.check([], [])
    const empty: number[] = []
    guard.check(empty, empty)
    expect(() => guard.check(list, list)).toThrow('CT0004')
  })

  test('long arrays are compared each time', () => {
    const [out, x] = [numbers(10_000), numbers(10_000)]
    guard.check(out, x)
    expect(() => guard.check(out, out)).toThrow('CT0004')
  })
})

test('of many arrays, those that are only read may be the same', () => {
  const guard = storageGuard('f', ['p', 'q'], ['x', 'y', 'z', 'w'])
  const [p, q, x, y] = [numbers(2), numbers(2), numbers(2), numbers(2)]
  for (let i = 0; i < 2; i++) guard.check(p, q, x, x, x, y)
  expect(() => guard.check(p, p, x, x, x, y)).toThrow('`p` and `q`')
  expect(() => guard.check(p, q, x, x, x, q)).toThrow('`q` and `w`')
  expect(() => guard.check(p, q, x, x, p, y)).toThrow('`p` and `z`')
})

describe('lists of arrays', () => {
  const written = storageGuard('f', ['rows[i]'], ['x'])
  const read = storageGuard('f', ['x'], ['rows[i]'])
  test('rows that are written must be apart from each other and from all else', () => {
    const [a, b, x] = [[1], [2], [3]]
    written.check([a, b], x)
    expect(() => written.check([a, b, a], x)).toThrow('`rows[0]` and `rows[2]`')
    expect(() => written.check([a, x], x)).toThrow('`rows[1]` and `x`')
  })

  test('rows that are only read may be the same', () => {
    const [a, b, x] = [numbers(2), numbers(2), numbers(2)]
    read.check(x, [a, b, a])
    expect(() => read.check(x, [a, x])).toThrow('`x` and `rows[1]`')
  })

  test('a list that changes is looked at again', () => {
    const rows = [numbers(2), numbers(2)]
    const x = numbers(2)
    written.check(rows, x)
    rows[1] = rows[0]!
    expect(() => written.check(rows, x)).toThrow('CT0004')
  })

  test('views of one buffer are found in any order', () => {
    const buffer = numbers(100)
    const rows = Array.from({ length: 10 }, (_, i) => buffer.subarray(i * 10, i * 10 + 10)).toReversed()
    written.check(rows, numbers(3))
    expect(() => written.check([...rows, buffer.subarray(49, 50)], numbers(3))).toThrow('`rows[5]` and `rows[10]`')
    expect(() => written.check(rows, buffer.subarray(99))).toThrow('`rows[0]` and `x`')
    expect(() => read.check(buffer.subarray(15, 16), [buffer.subarray(0, 90), buffer.subarray(3, 4)])).toThrow('`x` and `rows[0]`')
  })
})
