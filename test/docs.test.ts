import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { globSync } from 'tinyglobby'
import { describe, expect, test } from 'vitest'
import { compileFiles, type Compiled } from './support/compile.ts'
import { agrees, examplesOf, instrument, type Example } from './support/examples.ts'
import { load } from './support/load.ts'
import { typeErrors } from './support/typecheck.ts'

/** Every block of TypeScript in the README and the user's guide is compiled and run, and what it says it gives is checked. */

const root = fileURLToPath(new URL('..', import.meta.url))
const pages = ['README.md', ...globSync('docs/**/*.md', { cwd: root })].filter((page) => existsSync(`${root}/${page}`)).sort()
const examples = new Map(pages.map((page) => [page, examplesOf(page, readFileSync(`${root}/${page}`, 'utf8'))]))
const programs = [...examples.values()].flat().filter(({ emitted }) => !emitted)
const pathOf = (example: Example): string => `/docs/${example.place.replaceAll(/[^\w]/g, '_')}.ts`

// One compiler for all of them, so that TypeScript reads its library once. The text as written is compiled too, to be compared with what the page shows.
const shown = Object.fromEntries(programs.map((example) => [pathOf(example), instrument(example.text).text]))
const written = Object.fromEntries(
  programs.map((example) => [pathOf(example).replace(/\.ts$/, '.written.ts'), `${example.text}\nexport {}\n`]),
)
const compiled = compileFiles({ ...shown, ...written }, [...Object.keys(shown), ...Object.keys(written)])

test('every block passes the type checker', () => {
  expect(Object.fromEntries([...typeErrors(written)].filter(([, errors]) => errors.length > 0))).toEqual({})
})

// The pages of diagnostics show reports, which stand in the texts beside the fixtures.
describe.each(pages.filter((page) => examples.get(page)!.length > 0))('%s', (page) => {
  let before: Example | undefined
  for (const example of examples.get(page)!) {
    const program = example.emitted ? before : example
    before = program
    if (program === undefined) throw new Error(`${example.place}: there is no block before this one.`)
    if (example.emitted) test(`${example.place} is what the block before compiles to`, () => expectEmitted(program, example))
    else test(example.place, () => expectShown(example))
  }
})

function codeOf(path: string): string {
  const result: Compiled = compiled.get(path)!
  const errors = result.diagnostics.filter(({ severity }) => severity === 'error').map(({ code, message }) => `${code}: ${message}`)
  expect(errors).toEqual([])
  return result.code
}

function expectShown(example: Example): void {
  const path = pathOf(example)
  const { expectations } = instrument(example.text)
  const values = load({ [path]: codeOf(path) }, path).shown as unknown[]
  expectations.forEach(({ line, expected }, i) => {
    const value: unknown = new Function(`return (${expected})`)()
    expect(agrees(values[i], value), `line ${line} gives ${JSON.stringify(values[i])}, the page says ${expected}`).toBe(true)
  })
}

/** Layout aside: the page may break long lines. */
function expectEmitted(program: Example, emitted: Example): void {
  const squeeze = (text: string): string => text.replaceAll(/\s+/g, ' ').trim()
  expect(squeeze(codeOf(pathOf(program).replace(/\.ts$/, '.written.ts')))).toContain(squeeze(emitted.text))
}
