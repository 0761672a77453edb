/**
 * CRC-32 as in zip and PNG (ISO 3309, polynomial 0xEDB88320), of some bytes. Large graphs spend most of their time here, so that where the engine brings its
 * own, which uses instructions that JavaScript can't, that one is taken. It is asked for without an import, which bundlers for browsers would follow.
 */
export function crc32(bytes: Uint8Array): number {
  return native === undefined ? slicedCrc32(bytes) : native(bytes)
}

interface Engine {
  readonly process?: { readonly getBuiltinModule?: (name: string) => { readonly crc32?: unknown } | undefined }
}

const native = nativeCrc32(globalThis)

function nativeCrc32({ process }: Engine): ((bytes: Uint8Array) => number) | undefined {
  const given = process?.getBuiltinModule?.('node:zlib')?.crc32
  return typeof given === 'function' ? (given as (bytes: Uint8Array) => number) : undefined
}

/** The same in plain JavaScript: sixteen bytes at a time ("slicing"), because with one at a time every step waits for the one before. */
export function slicedCrc32(bytes: Uint8Array): number {
  const data = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  const end = bytes.length - (bytes.length % 16)
  let crc = -1
  for (let i = 0; i < end; i += 16) {
    const a = crc ^ data.getInt32(i, true)
    const b = data.getInt32(i + 4, true)
    const c = data.getInt32(i + 8, true)
    const d = data.getInt32(i + 12, true)
    // A byte that k others follow is looked up in the table of k zeros; `a` is followed by the most.
    crc =
      table[0xf00 + (a & 0xff)]! ^
      table[0xe00 + ((a >>> 8) & 0xff)]! ^
      table[0xd00 + ((a >>> 16) & 0xff)]! ^
      table[0xc00 + (a >>> 24)]! ^
      table[0xb00 + (b & 0xff)]! ^
      table[0xa00 + ((b >>> 8) & 0xff)]! ^
      table[0x900 + ((b >>> 16) & 0xff)]! ^
      table[0x800 + (b >>> 24)]! ^
      table[0x700 + (c & 0xff)]! ^
      table[0x600 + ((c >>> 8) & 0xff)]! ^
      table[0x500 + ((c >>> 16) & 0xff)]! ^
      table[0x400 + (c >>> 24)]! ^
      table[0x300 + (d & 0xff)]! ^
      table[0x200 + ((d >>> 8) & 0xff)]! ^
      table[0x100 + ((d >>> 16) & 0xff)]! ^
      table[d >>> 24]!
  }
  for (let i = end; i < bytes.length; i++) crc = table[(crc ^ bytes[i]!) & 0xff]! ^ (crc >>> 8)
  return ~crc >>> 0
}

/** At 256 k + b: the remainder of the byte b that k zeros follow. */
const table = makeTable()

function makeTable(): Int32Array {
  const made = new Int32Array(16 * 256)
  for (let byte = 0; byte < 256; byte++) {
    let crc = byte
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1
    made[byte] = crc
  }
  for (let i = 256; i < made.length; i++) {
    const before = made[i - 256]!
    made[i] = made[before & 0xff]! ^ (before >>> 8)
  }
  return made
}
