import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { journey } from './support/journey.ts'

/**
 * The blocks of `compiler/README.md` between `<!-- phase: name -->` and the end of the block below it are what the compiler makes of the example today.
 * `UPDATE_DOCS=1 npx vitest run test/compiler-readme.test.ts` writes them anew.
 */
const path = fileURLToPath(new URL('../compiler/README.md', import.meta.url))
const block = /(<!-- phase: (\w+) -->\n\n```\w*\n)([^]*?)(\n```)/g

test('the example is shown after every phase as it is today', () => {
  const page = readFileSync(path, 'utf8')
  const source = [...page.matchAll(block)].find(([, , name]) => name === 'source')?.[3]
  expect(source).toBeDefined()
  const phases = journey(source!, 'decay')
  const shown: string[] = []
  const today = page.replace(block, (_, head: string, name: string, _old: string, end: string) => {
    shown.push(name)
    return head + phases[name]!.trimEnd() + end
  })
  if (process.env.UPDATE_DOCS === '1') writeFileSync(path, today)
  else expect(page).toBe(today)
  expect(shown).toEqual(Object.keys(phases))
})
