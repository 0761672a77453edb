import { readFileSync, writeFileSync } from 'node:fs'
import prettier from 'prettier'
import { expect, test } from 'vitest'
import { run } from './support/compile.ts'

/** The example of the page on the format is what is written today. `UPDATE_GOLDENS=1` writes it anew: the hash of the code changes with the code. */

const page = new URL('../docs/graph-format.md', import.meta.url)
const text = readFileSync(page, 'utf8')
const start = text.indexOf('## Example')
const program = /```ts\n([^]*?)```/.exec(text.slice(start))![1]!

test('the example is what is written today', async () => {
  const bytes = run(program).bytes as Uint8Array
  const header = new TextDecoder().decode(bytes.subarray(24, 24 + new DataView(bytes.buffer).getUint32(12, true)))
  const shown = (await prettier.format(header, { parser: 'json', printWidth: 140 })).trimEnd()
  const example = text
    .slice(start)
    .replace(/(?<=```json\n)[^]*?(?=\n```)/, () => shown)
    .replace(/(?<=```text\n)[^]*?(?=```)/, () => dumpOf(bytes))
  if (process.env.UPDATE_GOLDENS) writeFileSync(page, text.slice(0, start) + example)
  else expect(text.slice(start)).toBe(example)
})

/** Sixteen bytes a line, with what is ASCII of it. */
function dumpOf(bytes: Uint8Array): string {
  let lines = ''
  for (let at = 0; at < bytes.length; at += 16) {
    const row = [...bytes.subarray(at, at + 16)]
    const hex = row.map((byte) => byte.toString(16).padStart(2, '0')).join(' ')
    const shown = row.map((byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '.')).join('')
    lines += `${at.toString(16).padStart(4, '0')}  ${hex.padEnd(47)}  ${shown}\n`
  }
  return lines
}
