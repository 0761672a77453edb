/** A file: magic, version, lengths, the header as JSON, buffers, checksum. `docs/graph-format.md` is the definition. */

import { crc32 } from './crc32.ts'
import { isCount, isRecord } from './decode.ts'
import { corrupt, notAGraph, otherFormat } from './errors.ts'
import { aligned, type Header } from './structure.ts'

/** As PNG's: no text has the first byte, and the line ends show whether somebody took it for text all the same. */
const MAGIC = [0x89, 0x43, 0x54, 0x47, 0x0d, 0x0a, 0x1a, 0x0a] as const
const VERSION = 1
/** Magic, version, length of the header, length of the file. */
const HEAD = 24
/** Four zeros and the checksum. */
const TAIL = 8
/** Of brackets in the header: what is nested in the values is flat there. */
const DEPTH = 6

export interface GraphFile {
  readonly header: Header
  readonly buffers: readonly Uint8Array[]
}

export function writeFile({ header, buffers }: GraphFile): Uint8Array<ArrayBuffer> {
  return assemble(new TextEncoder().encode(JSON.stringify(header)), buffers)
}

/** A file with any text in the place of its header. */
export function assemble(json: Uint8Array, buffers: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const start = HEAD + aligned(json.length)
  const total = buffers.reduce((sum, { length }) => sum + aligned(length), start) + TAIL
  const bytes = new Uint8Array(total)
  const data = new DataView(bytes.buffer)
  bytes.set(MAGIC)
  data.setUint32(8, VERSION, true)
  data.setUint32(12, json.length, true)
  data.setBigUint64(16, BigInt(total), true)
  bytes.set(json, HEAD)
  bytes.fill(0x20, HEAD + json.length, start)
  let at = start
  for (const buffer of buffers) {
    bytes.set(buffer, at)
    at += aligned(buffer.length)
  }
  data.setUint32(total - 4, crc32(bytes.subarray(0, total - 4)), true)
  return bytes
}

/**
 * The parts of a file. Nothing is parsed and nothing is made before the checksum is right, and every length is held against the bytes that are there.
 *
 * @throws CotangentError CT0010, CT0011 or CT0012.
 */
export function readFile(bytes: Uint8Array): GraphFile {
  MAGIC.slice(0, bytes.length).forEach((byte, i) => {
    if (bytes[i] !== byte) throw notAGraph('it begins with other bytes')
  })
  if (bytes.length < HEAD + TAIL) throw corrupt(`it is cut off after ${String(bytes.length)} bytes`)
  const data = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  const version = data.getUint32(8, true)
  if (version !== VERSION) throw otherFormat(version, VERSION)
  const [length, total] = [data.getUint32(12, true), data.getBigUint64(16, true)]
  if (total !== BigInt(bytes.length)) throw corrupt(`it has ${String(bytes.length)} bytes, and should have ${String(total)}`)
  const start = HEAD + aligned(length)
  const end = bytes.length - TAIL
  if (start > end) throw corrupt('its header is longer than the file')
  if (data.getUint32(end + 4, true) !== crc32(bytes.subarray(0, end + 4))) throw corrupt('its checksum does not match')
  const header = parse(bytes.slice(HEAD, HEAD + length))
  return { header, buffers: cut(header.buffers, bytes.subarray(start, end)) }
}

function parse(json: Uint8Array): Header {
  if (!isFlat(json)) throw corrupt('its header is nested too deeply')
  let header: unknown
  try {
    header = JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(json))
  } catch {
    throw corrupt('its header is no JSON')
  }
  if (!isRecord(header)) throw corrupt('its header is no object')
  const { function: name, code, around } = header
  const isComplete = typeof name === 'string' && typeof code === 'string' && isRecord(around)
  if (!isComplete || Object.values(around).some((sum) => typeof sum !== 'string')) throw corrupt('its header is incomplete')
  return header as unknown as Header
}

/** Before it is parsed, which not every engine does without recursion. */
function isFlat(json: Uint8Array): boolean {
  let depth = 0
  let isText = false
  for (let i = 0; i < json.length; i++) {
    const byte = json[i]!
    if (isText) {
      if (byte === 0x5c) i++
      else if (byte === 0x22) isText = false
    } else if (byte === 0x22) isText = true
    else if (byte === 0x5b || byte === 0x7b) {
      if (++depth > DEPTH) return false
    } else if (byte === 0x5d || byte === 0x7d) depth--
  }
  return true
}

function cut(lengths: unknown, bytes: Uint8Array): readonly Uint8Array[] {
  if (!Array.isArray(lengths)) throw corrupt('it has no list of buffers')
  let at = 0
  const buffers = lengths.map((length: unknown) => {
    if (!isCount(length) || length > bytes.length - at) throw corrupt('a buffer is longer than the file')
    const start = at
    at += aligned(length)
    return bytes.subarray(start, start + length)
  })
  if (at !== bytes.length) throw corrupt('its buffers are not as long as the file')
  return buffers
}
