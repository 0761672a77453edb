import { describe, expect, test } from 'vitest'
import { describeGraph, loadGraph } from '../../runtime/graph/index.ts'
import type { Header } from '../../runtime/graph/structure.ts'
import { codeOf, errorOf, forged, load, operator, save } from '../support/kept.ts'

/** Files that are cut, changed, forged, or of something else. */

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
