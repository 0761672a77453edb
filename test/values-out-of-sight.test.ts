import { expect, test } from 'vitest'
import { compile } from './support/compile.ts'

/** Numbers that go where no derivative follows, or come from there: each of these once gave a silent zero. */
const programs: Readonly<Record<string, readonly [code: string, text: string]>> = {
  'an array of the module that grows': [
    'CT2009',
    'const history: number[] = []\nfunction f(x: number): number { history.push(x); return history[0]! * x }',
  ],
  'an array of the module that is written': [
    'CT2009',
    'const state = new Float64Array(3)\nfunction f(x: number): number { state[0] = x; return state[0]! * x }',
  ],
  'an object of the module': ['CT2009', 'const cfg = { k: 2 }\nfunction f(x: number): number { cfg.k = x; return cfg.k * x }'],
  'a number read back from a text': ['CT3001', 'function f(x: number): number { return x * Number(String(x * x)) }'],
  'a number read back from a template': ['CT3001', 'function f(x: number): number { return parseFloat(`${x}`) + x }'],
  'a text in a variable': ['CT3001', 'function f(x: number): number { const s = String(x * x); return x * Number(s) }'],
  'a template in a variable, and a sign before it': ['CT3001', 'function f(x: number): number { const s = `${x}`; return x + +s }'],
  'a text that is put together': [
    'CT3001',
    "function f(x: number): number { let s = ''; s += x.toFixed(9); const t = s + '0'; return x * parseFloat(t) }",
  ],
  'a text in a field': ['CT3001', "function f(x: number): number { const p = { x, s: '' }; p.s = `${x}`; return p.x * Number(p.s) }"],
  'a text that may be missing': [
    'CT3001',
    "function f(x: number): number { const s: string | undefined = x > 1 ? `${x}` : undefined; return x * Number(s ?? '1') }",
  ],
  'a text of unknown type': ['CT3001', 'function f(x: number): number { const s: unknown = `${x}`; return x * Number(s) }'],
  'a text that is said to be a number': [
    'CT3001',
    'function f(x: number): number { const s: unknown = `${x}`; const n = s as number; return x * n }',
  ],
  'a text in a list': ['CT3001', 'function f(x: number): number { const a: string[] = []; a.push(`${x}`); return x * Number(a[0]) }'],
  'a text in a list that is joined and split': [
    'CT3001',
    "function f(x: number): number { const s = [x, x].join(); return x * Number(s.split(',')[0]) }",
  ],
  'a text in a map': [
    'CT3001',
    "function f(x: number): number { const m = new Map<string, string>(); m.set('a', `${x}`); return x * Number(m.get('a')) }",
  ],
  'a text in a list of the module': [
    'CT3001',
    'const log: string[] = []\nfunction f(x: number): number { log.push(`${x}`); return x * Number(log[0]) }',
  ],
  'a text in an object of the module': [
    'CT2009',
    "const state = { last: '' }\nfunction f(x: number): number { state.last = `${x}`; return x * Number(state.last) }",
  ],
  'JSON in a variable': [
    'CT2009',
    'function f(x: number): number { const s = JSON.stringify([x]); return (JSON.parse(s) as number[])[0]! * x }',
  ],
  'a text given to a recursive function': [
    'CT3001',
    'function g(s: string, n: number): number { return n > 0 ? g(s, n - 1) : Number(s) }\nfunction f(x: number): number { return x * g(`${x}`, 2) }',
  ],
  'a text that a recursive function gives': [
    'CT3001',
    'function g(x: number, n: number): string { return n > 0 ? g(x, n - 1) : `${x}` }\nfunction f(x: number): number { const s = g(x, 2); return x * Number(s) }',
  ],
  'a text that a recursive function puts into an object': [
    'CT3001',
    "interface P { s: string; x: number }\nfunction g(p: P, n: number): void { if (n > 0) g(p, n - 1); else p.s = `${p.x}` }\nfunction f(x: number): number { const p = { s: '', x }; g(p, 0); return x * Number(p.s) }",
  ],
  'a text that a recursive function puts into a list of the module': [
    'CT3001',
    'const log: string[] = []\nfunction g(x: number, n: number): number { log.push(`${x}`); return n > 0 ? g(x, n - 1) : x }\nfunction f(x: number): number { const y = g(x, 2); return y * Number(log[0]) }',
  ],
  'a value of type any in a sum': [
    'CT2004',
    'function f(x: Float64Array): number { let s = 0; for (let i = 0; i < x.length; i++) s += JSON.parse(String(x[i])); return s }',
  ],
  'a sign before a text': ['CT2009', 'function f(x: number): number { return +String(x) * x }'],
  'a number read back from JSON': [
    'CT2009',
    'function f(x: number): number { return (JSON.parse(JSON.stringify([x])) as number[])[0]! * x }',
  ],
  'an assignment within a text that may not be evaluated': [
    'CT1014',
    "function f(x: number): number { let y = x; const s = x > 1 ? `${(y = y * 2)}` : ''; return y + s.length }",
  ],
  'a map of numbers and texts': [
    'CT2009',
    "function f(x: number): number { const m = new Map<string, number | string>(); m.set('a', x * x); return Number(m.get('a')) * x }",
  ],
  'an object that is made of its entries': [
    'CT2004',
    'function f(p: { a: number; b: number }): number { const q: any = Object.fromEntries(Object.entries(p)); q.a = 3; return q.b * p.a }',
  ],
  'a variable that may be a text': [
    'CT2004',
    "function f(x: number): number { let y: number | string = 'none'; if (x > 1) y = x * x; return (typeof y === 'number' ? y : 0) * x }",
  ],
  'an instance of what has no type': [
    'CT2004',
    'declare const Any: any\nfunction f(x: number): number { const c = new Any(x); return c.x * x }',
  ],
  'a number put where an argument may lack one': [
    'CT2013',
    'function f(p: { x: number; k?: number }): number { p.k ??= p.x * 2; return p.x * p.k }',
  ],
  'a union of objects with a field that is a number in one and a text in the other': [
    'CT2004',
    "function f(x: number): number { const s: { kind: 'a'; r: number } | { kind: 'b'; r: string } = x > 1 ? { kind: 'a', r: x } : { kind: 'b', r: 'none' }; return s.kind === 'a' ? s.r * s.r : x }",
  ],
}

for (const [name, [code, text]] of Object.entries(programs))
  test(`${name} is refused`, () => {
    const { diagnostics } = compile(`import { grad } from 'cotangent'\n${text}\nexport const df = grad(f)\n`)
    expect(diagnostics.map((diagnostic) => diagnostic.code)).toContain(code)
  })

test('a tangent for an argument whose numbers are hidden is refused', () => {
  const { diagnostics } = compile(
    "import { jvp } from 'cotangent'\nfunction f(p: Record<string, number | string>): number { return Number(p['a']) * 2 }\nexport const df = jvp(f)\n",
  )
  expect(diagnostics.map(({ code }) => code)).toContain('CT2004')
})

test('logging and text look at numbers and keep nothing', () => {
  const { diagnostics } = compile(
    "import { grad } from 'cotangent'\nconst log: string[] = []\nfunction f(x: number): number { log.push(`at ${x}`); console.log(x.toFixed(2)); return x * x }\nexport const df = grad(f)\n",
  )
  expect(diagnostics).toEqual([])
})

test('texts that nothing is read back from are left alone', () => {
  const { diagnostics } = compile(`import { grad } from 'cotangent'
    function f(x: number): number {
      if (x < 0) throw new RangeError(\`bad \${x}\`)
      if (x > 9) console.log(\`large \${x}\`, x)
      const label = \`v=\${x}\`
      return label.length > 100 || String(x).length > 90 ? 0 : x * x
    }
    export const df = grad(f)`)
  expect(diagnostics).toEqual([])
})

test('logging in every form is left alone', () => {
  const { diagnostics } = compile(`import { grad } from 'cotangent'
    const log: string[] = []
    const config = { k: 3, scale: '4' }
    export function f(x: number): number {
      const s = \`v=\${x}\`
      const lines: string[] = []
      lines.push(s, x.toFixed(2))
      if (lines.length > 5 || s.startsWith('q') || s === 'z') console.log(lines.join(), s, Math.round(x))
      log.push(s)
      const error = new Error(\`bad \${x}\`)
      if (x < 0) throw error
      const t = s + '!' + x
      const u = x > 1 ? t : ''
      const w: string | undefined = x > 1 ? t : undefined
      if (u.length > 99) console.warn(u, w)
      return x * x * config.k * Number(config.scale) + lines.length * x
    }
    export const df = grad(f)`)
  expect(diagnostics).toEqual([])
})

test('a label of an argument is no number that moves', () => {
  const { diagnostics } = compile(`import { valueAndGrad } from 'cotangent'
    function f(p: { x: number; k: string }): number { return p.x * Number(p.k) }
    export const df = (x: number): number => valueAndGrad(f)({ x, k: '3' }).grad.x`)
  expect(diagnostics).toEqual([])
})

test('a constant may be given to any function', () => {
  const { diagnostics } = compile(`import { grad, stopGradient } from 'cotangent'
    declare function unknown(x: number): number
    function f(x: number): number { return x * unknown(stopGradient(x * x)) }
    export const df = grad(f)`)
  expect(diagnostics).toEqual([])
})

test('a gradient is taken out of a result by its name', () => {
  const { diagnostics } = compile(`import { valueAndGrad, vjp } from 'cotangent'
    const f = (x: number): number => x * x
    export const g = (x: number): number => valueAndGrad(f)(x).grad + vjp(f)(x).pullback(1)`)
  expect(diagnostics).toEqual([])
})
