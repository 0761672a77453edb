import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { loadGraph, saveGraph, type AnyPullback } from '../../runtime/graph/index.ts'
import { pullback } from '../../runtime/retained.ts'
import { again, backward, codeOf, errorOf, forged, load, operator, save, strict } from '../support/kept.ts'

/** What files hold, and what can't be saved. */

describe('what is kept', () => {
  test('numbers, bit for bit', () => {
    const numbers = [0, -0, 1, -1.5, 0.1, 5e-324, Number.MAX_VALUE, Infinity, -Infinity, NaN]
    expect(again(numbers)).toStrictEqual(numbers)
    expect(again(Object.entries(numbers))).toStrictEqual(Object.entries(numbers))
    for (const number of numbers) expect(again(number)).toBe(number)
  })

  test('NaN payloads in typed arrays', () => {
    const bits = new BigUint64Array([0x7ff8dead0000beefn, 0xfff4000000000001n, 0x8000000000000000n])
    const back = again(new Float64Array(bits.buffer))
    expect(new BigUint64Array(back.buffer)).toEqual(bits)
    const small = new Uint32Array([0x7fc0beef, 0xff800001])
    expect(new Uint32Array(again(new Float32Array(small.buffer)).buffer)).toEqual(small)
  })

  test('every kind of value', () => {
    const value = {
      text: 'ünï\u0000\ud800"\\',
      flags: [true, false],
      none: [null, undefined],
      holes: [1, , 3], // eslint-disable-line no-sparse-arrays
      empty: [[], {}, new Float64Array(0)],
      typed: [Int8Array, Int16Array, Int32Array, Uint8Array, Uint8ClampedArray, Uint16Array, Uint32Array].map((Type) => Type.of(1, 2, 255)),
      big: BigInt64Array.of(-5n),
      map: new Map<unknown, unknown>([
        ['a', [1, 2]],
        [{ k: 1 }, NaN],
      ]),
      set: new Set(['x', 2]),
      bare: Object.assign(Object.create(null) as object, { x: 1 }),
      mixed: [1, 'two', { three: 3 }],
    }
    const back = again(value)
    expect(back).toStrictEqual(value)
    expect(1 in back.holes).toBe(false)
    expect(Object.getPrototypeOf(back.bare)).toBe(null)
  })

  test('what was shared is shared: objects, views of one buffer, cycles', () => {
    const buffer = new ArrayBuffer(1024)
    const [whole, part] = [new Float64Array(buffer, 64, 8), new Float64Array(buffer, 80, 2)]
    const bytes = new Uint8Array(buffer, 83, 1)
    whole.set([1, 2, 3, 4, 5, 6, 7, 8])
    const row = [1, 2]
    const list: { next?: unknown; row: number[] } = { row }
    list.next = list
    const back = again({ whole, part, bytes, rows: [row, row], list })
    expect(back.part.buffer).toBe(back.whole.buffer)
    expect(back.bytes.buffer).toBe(back.whole.buffer)
    expect(back.part).toEqual(part)
    back.whole[2] = 50
    expect([back.part[0], back.bytes[0]]).toEqual([50, 0])
    expect(back.rows[0]).toBe(back.rows[1])
    expect(back.list.row).toBe(back.rows[0])
    expect(back.list.next).toBe(back.list)
    // Of the buffer only what is seen is saved.
    expect(save(whole).length).toBeLessThan(300)
  })

  test('lists as deep as they are long', () => {
    let list: { next: unknown } = { next: null }
    for (let i = 0; i < 50_000; i++) list = { next: list }
    let back = again(list)
    let depth = 0
    for (; back.next !== null; back = back.next as typeof list) depth++
    expect(depth).toBe(50_000)
  })

  test('a property named __proto__ is one like any other', () => {
    const value = JSON.parse('{ "__proto__": { "polluted": true }, "constructor": 1 }') as object
    const back = again(value)
    expect(Object.keys(back)).toEqual(['__proto__', 'constructor'])
    expect(Object.getPrototypeOf(back)).toBe(Object.prototype)
    expect(({} as { polluted?: unknown }).polluted).toBe(undefined)
    const asWritten = forged(
      save({ x: 1 }),
      () => `{"function":"f","code":"0123456789abcdef","around":{},"kept":[0],
      "objects":[{"record":{"__proto__":[1]}},{"record":{"polluted":true}}],"buffers":[]}`,
    )
    expect(Object.getPrototypeOf(load(asWritten))).toBe(Object.prototype)
  })

  test('random structures come back as they were', () => {
    const floats = fc.float64Array({ maxLength: 8 })
    const { value } = fc.letrec((tie) => ({
      value: fc.oneof(
        { maxDepth: 4 },
        fc.double(),
        fc.string({ unit: 'binary' }),
        fc.boolean(),
        fc.constantFrom(null, undefined),
        floats,
        fc.float32Array({ maxLength: 5 }),
        fc.int32Array({ maxLength: 5 }),
        fc.array(fc.double(), { maxLength: 6 }),
        fc.array(tie('value'), { maxLength: 4 }),
        fc.dictionary(fc.string(), tie('value'), { maxKeys: 4 }),
        fc.array(fc.tuple(tie('value'), tie('value')), { maxLength: 3 }).map((entries) => new Map(entries)),
        floats.chain((all) => fc.nat(all.length).map((from) => [all, all.subarray(from), all])),
      ),
    }))
    fc.assert(
      fc.property(value, (kept) => {
        const bytes = save(kept)
        const back = load(bytes)
        expect(back).toStrictEqual(kept)
        // Sharing too: the description is the same, and so are all bits.
        expect(save(back)).toEqual(bytes)
      }),
      { numRuns: 1500 },
    )
  })

  test('bytes in a buffer of somebody else, at an odd place', () => {
    const bytes = save({ x: new Float64Array([1, 2]), y: [1, 2] })
    const around = Buffer.alloc(bytes.length + 20, 7)
    around.set(bytes, 3)
    expect(load(around.subarray(3, 3 + bytes.length))).toEqual({ x: new Float64Array([1, 2]), y: [1, 2] })
  })
})

describe('what can not be saved', () => {
  class Secret {
    readonly #hidden = 1
    give(): number {
      return this.#hidden
    }
  }
  const made: readonly (readonly [message: string, make: () => unknown])[] = [
    ['`model.when` is an instance of `Date`', () => ({ model: { when: new Date(0) } })],
    ['`list[1].f` is a function', () => ({ list: [1, { f: Math.sin }] })],
    ['`rows[0]` is an instance of `Secret`', () => ({ rows: [new Secret()] })],
    ['`n` is a bigint', () => ({ n: 1n })],
    ['`of (value 0)` is a symbol', () => ({ of: new Map([['a', Symbol('s')]]) })],
    ['`p` is an instance of `RegExp`', () => ({ p: /x/ })],
    ['`buffer` is an instance of `DataView`', () => ({ buffer: new DataView(new ArrayBuffer(8)) })],
    ['`x` is an accessor', () => Object.defineProperty({}, 'x', { get: () => expect.unreachable(), enumerable: true })],
    ['a hidden property', () => ({ [Symbol('key')]: 1 })],
  ]
  test.each(made)('%s', (message, make) => {
    const error = errorOf(() => saveGraph(strict(make()).pullback))
    expect([error.code, error.message]).toEqual(['CT0009', expect.stringContaining(message)])
    expect(error.message).toContain('The pullback of `f`')
  })

  test('instances of classes whose fields are all that is read come back as plain objects, those of the language not at all', () => {
    class Point {
      readonly x = 1
      readonly y = NaN
      get length(): number {
        return Math.hypot(this.x, this.y)
      }
    }
    expect(again([new Point()])).toStrictEqual([{ x: 1, y: NaN }])
    for (const kept of [
      new Date(0),
      new (class extends Array<number> {})(2),
      new Error('e'),
      Promise.resolve(),
      new WeakMap(),
      new String('x'),
    ])
      expect(codeOf(() => save({ kept }))).toBe('CT0009')
  })

  test('R4: a released pullback', () => {
    const { pullback } = operator([1])
    pullback.release()
    const error = errorOf(() => saveGraph(pullback))
    expect([error.code, error.message]).toEqual(['CT0002', expect.stringContaining('`f` were released')])
    const loaded = loadGraph(operator, save([1]))
    loaded.release()
    expect(codeOf(() => loaded(1))).toBe('CT0002')
  })

  test('what is no pullback, and no operator', () => {
    const wrapped = Object.assign((x: number) => x, { release: () => undefined })
    for (const given of [wrapped, pullback([1], backward), undefined, {}])
      expect(codeOf(() => saveGraph(given as AnyPullback))).toBe('CT0008')
    for (const given of [(kept: unknown) => operator(kept), undefined, {}, 'f'])
      expect(codeOf(() => loadGraph(given as typeof operator, save([1])))).toBe('CT0008')
  })
})
