import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { posix } from 'node:path'
import { describe, expect, test } from 'vitest'
import { formatDiagnostics } from '../compiler/diagnostics/format.ts'
import { compileFiles } from './support/compile.ts'
import { fixtureFolder, virtualFolder } from './support/fixture.ts'

/**
 * What the compiler refuses, and how it says so. A line of `fixtures/errors/*.ts` that ends with `//~ CT3001` gets exactly this diagnostic, and the text
 * file beside it holds everything as a user reads it: the place, the message, why it was being differentiated, the hint. Written anew with
 * `UPDATE_GOLDENS=1 npx vitest run test/errors.test.ts`.
 */
const folder = posix.join(fixtureFolder, 'errors')
const isUpdating = (process.env.UPDATE_GOLDENS ?? '') !== ''
const names = readdirSync(folder).filter((file) => file.endsWith('.ts'))
const textOf = (name: string): string => readFileSync(posix.join(folder, name), 'utf8')
const pathOf = (name: string): string => posix.join(virtualFolder, name)
const elsewhereOf = (name: string): string => pathOf(`elsewhere-${name}`)

/** The same program, which asks for the derivative of something else. */
function withoutRequests(text: string): string {
  const rest = text.split('\n').filter((line) => !/^export const \w+ = |^import .* from 'cotangent'/.test(line))
  return [
    "import { grad, noGrad, stopGradient } from 'cotangent'",
    ...rest,
    'function other(x: number): number { return x * x }',
    'export const otherGradient = grad(other)',
  ].join('\n')
}

const files: Record<string, string> = {}
for (const name of names) {
  files[pathOf(name)] = textOf(name)
  files[elsewhereOf(name)] = withoutRequests(textOf(name))
}
const compiled = compileFiles(files, Object.keys(files))

describe.each(names)('%s', (name) => {
  const text = textOf(name)
  const { code, diagnostics } = compiled.get(pathOf(name))!

  test('is refused where it says so, and nowhere else', () => {
    const expected = text.split('\n').flatMap((line, i) => [...line.matchAll(/CT\d{4}/g)].map(([code]) => `${String(i + 1)}: ${code}`))
    const lineOf = (offset: number): number => text.slice(0, offset).split('\n').length
    const found = diagnostics.filter(({ severity }) => severity === 'error').map(({ start, code }) => `${String(lineOf(start))}: ${code}`)
    expect(found.sort(byLine)).toEqual(expected)
    expect(code, 'what is refused is left as it was').toBe(text)
  })

  test('leads from each place to the request', () => {
    for (const { code, chain, start, end, hint, message } of diagnostics) {
      expect(message + hint, code).not.toMatch(/\{\w+\}|`undefined`|\[object/)
      expect(hint, code).not.toBe('')
      // A fault of the request itself is reported there.
      const request = chain[0]
      if (request === undefined) expect(text.slice(text.lastIndexOf('\n', start) + 1, end), code).toMatch(/^export const/)
      else expect(request.text, code).toMatch(/^because .* is asked for here$/)
    }
  })

  test('reads as it did', () => {
    const printed = formatDiagnostics(diagnostics, { color: false, currentDirectory: '/', readFile: (path) => files[path] })
    const path = posix.join(folder, name.replace(/\.ts$/, '.txt'))
    if (isUpdating) writeFileSync(path, printed)
    expect(printed, 'if this is better: UPDATE_GOLDENS=1 npx vitest run test/errors.test.ts').toBe(readFileSync(path, 'utf8'))
  })

  test('keeps nobody from differentiating something else', () => {
    const other = compiled.get(elsewhereOf(name))!
    expect(other.diagnostics).toEqual([])
    expect(other.code).toContain('function other_grad(')
  })
})

function byLine(a: string, b: string): number {
  return parseInt(a) - parseInt(b)
}
