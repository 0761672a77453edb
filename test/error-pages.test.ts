import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { posix } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { errorPages } from './support/error-pages.ts'

/** `docs/errors` is what the catalogue says today. Written anew with `npm run docs:errors`. */
const folder = fileURLToPath(new URL('../docs/errors', import.meta.url))
const pages = errorPages()

if ((process.env.UPDATE_GOLDENS ?? '') !== '') {
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  for (const [name, text] of pages) writeFileSync(posix.join(folder, name), text)
}

test('there is a page for every code, and no other', () => {
  expect(readdirSync(folder).sort()).toEqual([...pages.keys()].sort())
})

test.each([...pages.keys()])('%s says what the catalogue says', (name) => {
  expect(readFileSync(posix.join(folder, name), 'utf8')).toBe(pages.get(name))
})
