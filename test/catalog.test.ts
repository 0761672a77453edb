import { readdirSync, readFileSync } from 'node:fs'
import { posix } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { catalog, isCode } from '../compiler/diagnostics/catalog.ts'
import { compile, run } from './support/compile.ts'
import { fixtureFolder } from './support/fixture.ts'

/** Every code of the catalogue is shown by a fixture, or expected by a test; and whatever a fixture is marked with is in the catalogue. */

const codes = Object.keys(catalog)
const errors = posix.join(fixtureFolder, 'errors')
const tests = fileURLToPath(new URL('.', import.meta.url))
const filesIn = (folder: string, ending: string): readonly string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith(ending) && !file.includes('node_modules'))
const codesIn = (path: string): readonly string[] => readFileSync(path, 'utf8').match(/CT\d{4}/g) ?? []

const marked = new Set(filesIn(errors, '.ts').flatMap((file) => codesIn(posix.join(errors, file))))
const expected = new Set(filesIn(tests, '.test.ts').flatMap((file) => codesIn(posix.join(tests, file))))

test('every code is reported somewhere', () => {
  expect(codes.filter((code) => !marked.has(code) && !expected.has(code))).toEqual([])
})

test('every mark of a fixture is a code', () => {
  expect([...marked].filter((code) => !isCode(code))).toEqual([])
})

test('every code that the compiler mentions is in the catalogue', () => {
  const sources = ['compiler', 'cli', 'runtime', 'plugins'].map((folder) => posix.join(tests, '..', folder))
  const mentioned = new Set(sources.flatMap((folder) => filesIn(folder, '.ts').flatMap((file) => codesIn(posix.join(folder, file)))))
  // An example in the description of the command's forms.
  expect([...mentioned].filter((code) => !isCode(code) && code !== 'CT1234')).toEqual([])
})

test('every entry says what to do, in sentences of its own', () => {
  for (const [code, { title, message, hint, text }] of Object.entries(catalog)) {
    expect(title, code).toMatch(/^\S.*[^.]$/)
    expect(message.length, code).toBeGreaterThan(10)
    expect(hint, code).not.toBe('')
    expect(text.trim(), code).toMatch(/[.)`]$/)
  }
})

test('each is a fault of the program, not of the compiler, but for one', () => {
  expect(codes.filter((code) => code.startsWith('CT9'))).toEqual(['CT9001'])
})

describe('what no fixture can show', () => {
  const codesOf = (text: string): readonly string[] => compile(text).diagnostics.map(({ code }) => code)

  test('a `with` statement', () => {
    const text =
      "import { grad } from 'cotangent'\nfunction f(x: number): number { const o = { x }; with (o) { return x * 2 } }\nexport const g = grad(f)"
    expect(codesOf(text)).toContain('CT1004')
  })

  test('the derivative of what assigns a variable around it', () => {
    const text = `import { grad } from 'cotangent'
      function f(x: number): number { let count = 0; const squared = (v: number): number => { count++; return v * v }; return grad(squared)(x) * count }
      export const g = grad(f)`
    expect(codesOf(text)).toContain('CT2008')
  })

  test('a hook bound to what is only visible at the request', () => {
    const text = `import { grad, hook } from 'cotangent'
      function f(x: number): number { const y = x * x; hook(y, 'slot'); return y }
      export function ask(scale: number) { const local = (g: number): number => g * scale; return grad(f, { hooks: { slot: local } }) }`
    expect(codesOf(text)).toContain('CT1304')
  })

  test('a gradient for an argument that is not used', () => {
    const text =
      "import { grad } from 'cotangent'\nfunction f(x: number, y: number): number { return x * 2 }\nexport const g = grad(f, { wrt: 1 })"
    expect(codesOf(text)).toContain('CT4002')
  })
})

describe('at run time', () => {
  const thrownBy = (text: string): unknown => run(`import { grad, vjp } from 'cotangent'\n${text}`).thrown
  const catching = (text: string): string =>
    `function caught(f: () => unknown): unknown { try { f() } catch (error) { return [(error as { code: string }).code, (error as Error).message] } return undefined }
     export const thrown = caught(() => { ${text} })`

  test('a pullback after its release', () => {
    expect(
      thrownBy(`const f = (x: number): number => x * x\n${catching('const { pullback } = vjp(f)(1); pullback.release(); pullback(1)')}`),
    ).toEqual(['CT0002', expect.stringContaining('released')])
  })

  test('a buffer of another length: both are named', () => {
    const f = 'function f(x: Float64Array): number { return x[0]! * x[1]! }'
    expect(thrownBy(`${f}\n${catching('grad(f).into(new Float64Array(3), new Float64Array(2))')}`)).toEqual([
      'CT0003',
      expect.stringMatching(/length 3, .* length 2/),
    ])
  })

  test('places that hold nothing', () => {
    const f = 'function f(x: number): number { const a = [x]; a.length = 3; return a[0]! * x }'
    expect(thrownBy(`${f}\n${catching('grad(f)(1)')}`)).toEqual(['CT0006', expect.stringContaining('3')])
  })
})
