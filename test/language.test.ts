import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'

/** Each row of the tables of `docs/language.md` is backed by a fixture: one that asks for the gradient of the functions it names, or one with a mark of its code. */

const root = fileURLToPath(new URL('..', import.meta.url))
const rows = readFileSync(`${root}/docs/language.md`, 'utf8')
  .split('\n')
  .map((line) => line.split(/(?<!\\)\|/).map((cell) => cell.trim()))
  .filter(([, construct, state]) => construct !== undefined && state !== undefined && /^(?:works|refused)/.test(state))
  .map(([, construct, state, shown]) => [construct!, state!, shown!] as const)
const quoted = (text: string): string[] => [...text.matchAll(/`([^`]*)`/g)].map(([, name]) => name!)

test('there are rows', () => {
  expect(rows.length).toBeGreaterThan(60)
})

describe('docs/language.md', () => {
  test.each(rows)('%s %s', (_, state, shown) => {
    const [fixture, ...functions] = quoted(shown)
    const path = `${root}/fixtures/${fixture!}.ts`
    expect(existsSync(path), path).toBe(true)
    const text = readFileSync(path, 'utf8')
    if (state === 'works') {
      expect(functions.length).toBeGreaterThan(0)
      for (const name of functions) expect(text).toMatch(new RegExp(`^// @(?:grad|vjp) ${name}\\b`, 'm'))
    } else expect(text).toContain(`//~ ${quoted(state)[0]!}`)
  })
})
