import { expect, test } from 'vitest'
import { compile } from './support/compile.ts'

const codes = (text: string): readonly string[] => compile(text).diagnostics.map(({ code, message }) => `${code} ${message}`)

test('a type error in what is differentiated is said, with the place', () => {
  const text = `import { grad } from 'cotangent'
    function f(x: number): number { const y: number = 'two'; return x * y }
    export const g = grad(f)`
  const { diagnostics } = compile(text)
  expect(diagnostics.map(({ code, severity }) => [code, severity])).toEqual([['CT5003', 'error']])
  expect(diagnostics[0]!.message).toContain('TS2322')
  expect(text.slice(diagnostics[0]!.start, diagnostics[0]!.end)).toBe('y')
})

test('a name that nobody declares is said', () => {
  expect(codes("import { grad } from 'cotangent'\nexport const g = grad((x: number) => x * missing)").join()).toContain('TS2304')
})

test('a file that does not parse is said, not compiled', () => {
  const text = "import { grad } from 'cotangent'\nexport const g = grad((x: number) => x * )\n"
  const { code, diagnostics } = compile(text)
  expect(diagnostics.map((diagnostic) => diagnostic.code)).toEqual(['CT5003'])
  expect(code).toBe(text)
})

test('type errors elsewhere are the business of TypeScript', () => {
  expect(codes("import { grad } from 'cotangent'\nconst wrong: number = 'x'\nexport const g = grad((x: number) => x * x)")).toEqual([])
})
