import { describe, expect, test } from 'vitest'
import { crc32, slicedCrc32 } from '../../runtime/graph/crc32.ts'

/** As the polynomial defines it: bit by bit. */
function byDefinition(bytes: Uint8Array): number {
  let crc = 0xffffffff
  for (const byte of bytes) {
    crc ^= byte
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1
  }
  return ~crc >>> 0
}

describe.each([
  ['as the engine has it', crc32],
  ['in plain JavaScript', slicedCrc32],
])('%s', (_, of) => {
  test('the check value of the catalogues', () => {
    expect(of(new TextEncoder().encode('123456789'))).toBe(0xcbf43926)
  })

  test('any length, from any offset', () => {
    const buffer = Uint8Array.from({ length: 120 }, (_, i) => (i * i * 37 + 11 * i + 200) % 256)
    for (let offset = 0; offset < 20; offset++)
      for (let length = 0; length <= 100; length++) {
        const bytes = buffer.subarray(offset, offset + length)
        expect(of(bytes)).toBe(byDefinition(bytes))
      }
  })
})
