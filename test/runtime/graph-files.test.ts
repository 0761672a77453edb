import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { CotangentError, describeGraph, loadGraph, saveGraph, type AnyPullback } from '../../runtime/graph/index.ts'
import { readFile, writeFile } from '../../runtime/graph/file.ts'
import type { Header } from '../../runtime/graph/structure.ts'
import { graphOf } from '../../runtime/graph-of.ts'
import { pullback } from '../../runtime/retained.ts'

/** The files themselves: what they hold, and what is refused. The pullback here gives back what was kept. */

const backward = (kept: unknown, _cotangent: number): unknown => kept
const operator = (kept: unknown): { readonly pullback: Identity } => ({ pullback: pullback(kept, backward, graph) })
const graph = graphOf(operator, backward, 'f', '0123456789abcdef')
type Identity = ((cotangent: number) => unknown) & { release(): void }

/** The same for code that may call methods of what is kept. */
const strict = (kept: unknown): { readonly pullback: Identity } => ({ pullback: pullback(kept, backward, strictGraph) })
const strictGraph = graphOf(strict, backward, 'f', '0123456789abcdef', { isOpaque: true })

const save = (kept: unknown): Uint8Array<ArrayBuffer> => saveGraph(operator(kept).pullback)
const load = (bytes: Uint8Array): unknown => loadGraph(operator, bytes)(1)
const again = <T>(kept: T): T => load(save(kept)) as T

function codeOf(f: () => unknown): string {
  return errorOf(f).code
}

function errorOf(f: () => unknown): CotangentError {
  try {
    f()
  } catch (error) {
    if (error instanceof CotangentError) return error
    throw error
  }
  throw new Error('nothing was thrown')
}

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

/** A file with another header, and a checksum that fits. */
function forged(bytes: Uint8Array, change: (header: Header) => unknown): Uint8Array {
  const { header, buffers } = readFile(bytes)
  const changed = change(structuredClone(header))
  // What is written as it stands is written by `toJSON`-less JSON; a text is parsed by nobody but the reader.
  const stringify = JSON.stringify
  if (typeof changed !== 'string') return writeFile({ header: changed as Header, buffers })
  try {
    JSON.stringify = (() => changed) as typeof JSON.stringify
    return writeFile({ header, buffers })
  } finally {
    JSON.stringify = stringify
  }
}

describe('R6: what is refused', () => {
  const kept = { steps: 3, tape: new Float64Array([1, 2, 3]), rows: [[1, 2], [3]], label: 'a' }
  const bytes = save(kept)
  const refusals = new Set(['CT0010', 'CT0011', 'CT0012'])

  test('a file cut at any byte', () => {
    for (let length = 0; length < bytes.length; length++) {
      expect(codeOf(() => load(bytes.subarray(0, length)))).toBe('CT0012')
      expect(refusals).toContain(codeOf(() => load(bytes.subarray(length + 1))))
    }
    expect(codeOf(() => load(new Uint8Array([...bytes, 0])))).toBe('CT0012')
  })

  test('one bit flipped, at 10,000 random places', () => {
    const copy = bytes.slice()
    let state = 12345
    for (let i = 0; i < 10_000; i++) {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0
      const bit = Math.floor((state / 2 ** 32) * bytes.length * 8)
      copy[bit >> 3]! ^= 1 << (bit & 7)
      if (!refusals.has(codeOf(() => load(copy)))) throw new Error(`bit ${String(bit)} was accepted`)
      copy[bit >> 3]! ^= 1 << (bit & 7)
    }
    expect(load(copy)).toEqual(kept)
  })

  test('each byte replaced', () => {
    const copy = bytes.slice()
    for (let i = 0; i < bytes.length; i++) {
      for (const byte of [0, 255, (bytes[i]! + 1) & 255]) {
        if (byte === bytes[i]) continue
        copy[i] = byte
        expect(refusals).toContain(codeOf(() => load(copy)))
      }
      copy[i] = bytes[i]!
    }
  })

  test('what is no graph', () => {
    const text = new TextEncoder().encode(Buffer.from(bytes).toString('latin1'))
    for (const other of [text, new Uint8Array(100), new TextEncoder().encode('{"function":"f"}')])
      expect(codeOf(() => load(other))).toBe('CT0010')
    for (const other of [undefined, null, 'text', bytes.buffer, {}]) expect(codeOf(() => load(other as Uint8Array))).toBe('CT0010')
    const error = errorOf(() => loadGraph(operator, bytes, { maxBytes: 10 }))
    expect([error.code, error.message]).toEqual(['CT0010', expect.stringContaining('10 are allowed')])
  })

  test('another version', () => {
    const copy = bytes.slice()
    new DataView(copy.buffer).setUint32(8, 2, true)
    const error = errorOf(() => load(copy))
    expect([error.code, error.message]).toEqual(['CT0011', expect.stringMatching(/version 2 .*reads version 1/)])
  })

  const numbers = save([1, 2])
  const viewing = save(new Float64Array(2))
  const sized = (length: unknown) => (header: Header) => ({ ...header, buffers: [length] })
  const objects =
    (...list: readonly unknown[]) =>
    (header: Header) => ({ ...header, objects: list })
  test.each<[string, Uint8Array, (header: Header) => unknown]>([
    ['a gigantic buffer', viewing, sized(2 ** 52)],
    ['a buffer of no number', viewing, sized('16')],
    ['a negative buffer', viewing, sized(-8)],
    ['a fraction of a buffer', viewing, sized(7.5)],
    ['a shorter buffer', viewing, sized(8)],
    ['no buffers', viewing, (header) => ({ ...header, buffers: undefined })],
    ['more buffers', viewing, (header) => ({ ...header, buffers: [16, 8] })],
    ['a gigantic view', viewing, objects({ view: ['Float64Array', 0, 0, 2 ** 50] })],
    ['a view beyond the end', viewing, objects({ view: ['Float64Array', 0, 8, 2] })],
    ['a view at an odd place', viewing, objects({ view: ['Float64Array', 0, 4, 1] })],
    ['a view of another buffer', viewing, objects({ view: ['Float64Array', 1, 0, 1] })],
    ['a view of no known type', viewing, objects({ view: ['constructor', 0, 0, 1] })],
    ['a view of some other type', viewing, objects({ view: ['__proto__', 0, 0, 1] })],
    ['a view with words', viewing, objects({ view: 'all' })],
    ['numbers that two arrays have', numbers, objects({ numbers: 0 }, { numbers: 0 })],
    ['numbers that are seen', numbers, objects({ numbers: 0 }, { view: ['Int8Array', 0, 0, 1] })],
    ['a view of numbers', numbers, objects({ view: ['Int8Array', 0, 0, 1] }, { numbers: 0 })],
    ['numbers of no buffer', numbers, objects({ numbers: -1 })],
    ['an unknown kind', numbers, objects({ function: 'alert(1)' })],
    ['two kinds', numbers, objects({ array: [], set: [] })],
    ['an object that is none', numbers, objects(null)],
    ['a record that is a list', numbers, objects({ record: [1] })],
    ['an array that is a record', numbers, objects({ array: { length: 2 ** 40 } })],
    ['a map of no pairs', numbers, objects({ map: [[1]] })],
    ['a reference that leads nowhere', numbers, (header) => ({ ...header, kept: [1] })],
    ['a reference that is a fraction', numbers, (header) => ({ ...header, kept: [0.5] })],
    ['a word', numbers, (header) => ({ ...header, kept: ['eval'] })],
    ['a value of no form', numbers, (header) => ({ ...header, kept: { x: 1 } })],
    ['no value', numbers, (header) => ({ ...header, kept: undefined })],
    ['no objects', numbers, (header) => ({ ...header, objects: 5 })],
    ['no name', numbers, (header) => ({ ...header, function: undefined })],
    ['no surroundings', numbers, (header) => ({ ...header, around: [1] })],
    ['a header that is a list', numbers, () => []],
    ['a header that is no JSON', numbers, () => '{"function":"f",}'],
    ['a header that is nested', numbers, () => '['.repeat(1_000_000)],
    ['a header that is nested, and ends', numbers, () => `${'['.repeat(50)}${']'.repeat(50)}`],
  ])('%s, with a checksum that fits', (_, file, change) => {
    expect(codeOf(() => load(forged(file, change)))).toBe('CT0012')
  })

  test('another function, other code', () => {
    const other = forged(bytes, (header) => ({ ...header, function: 'g' }))
    expect(errorOf(() => load(other)).message).toMatch(/^CT0013: .*`g`.*for `f`/)
    const changed = forged(bytes, (header) => ({ ...header, code: 'ff' }))
    expect(errorOf(() => load(changed)).message).toMatch(/^CT0014: .*`f`.*hash is ff, that of this program is 0123456789abcdef/)
    const around = forged(bytes, (header) => ({ ...header, around: { K: '00000000' } }))
    expect(errorOf(() => load(around)).message).toMatch(/^CT0014: .*`K`/)
    expect(describeGraph(other)).toEqual({ function: 'g', code: '0123456789abcdef' })
  })

  test('claims of size take no memory', () => {
    const before = process.memoryUsage().arrayBuffers
    for (let i = 0; i < 200; i++) {
      expect(codeOf(() => load(forged(viewing, sized(2 ** 31))))).toBe('CT0012')
      const longer = viewing.slice()
      new DataView(longer.buffer).setUint32(12, 2 ** 31, true)
      expect(codeOf(() => load(longer))).toBe('CT0012')
    }
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(2 ** 24)
  })
})
