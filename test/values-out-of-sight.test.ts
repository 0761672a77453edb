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
  'a sign before a text': ['CT2009', 'function f(x: number): number { return +String(x) * x }'],
  'a number read back from JSON': [
    'CT2009',
    'function f(x: number): number { return (JSON.parse(JSON.stringify([x])) as number[])[0]! * x }',
  ],
  'an assignment within a text that may not be evaluated': [
    'CT1014',
    "function f(x: number): number { let y = x; const s = x > 1 ? `${(y = y * 2)}` : ''; return y + s.length }",
  ],
  'a map': ['CT2009', "function f(x: number): number { const m = new Map<string, number>(); m.set('a', x * x); return m.get('a')! * x }"],
  'an object that is copied by the library': [
    'CT3004',
    'function f(p: { a: number; b: number }): number { const q = Object.assign({}, p); q.a = 3; return q.b * p.a }',
  ],
  'a variable that may be undefined': [
    'CT2004',
    'function f(x: number): number { let y: number | undefined; if (x > 1) y = x * x; return (y ?? 0) * x }',
  ],
  'a field that may be null': ['CT2004', 'function f(p: { x: number; k: number | null }): number { const k = p.k!; return p.x * k }'],
  'a list that contains itself': [
    'CT2004',
    'interface N { v: number; next: N | null }\nfunction f(n: N): number { let s = 0; let c: N | null = n; while (c) { s += c.v; c = c.next } return s }',
  ],
  'a union of objects': [
    'CT2004',
    "function f(x: number): number { const s: { kind: 'a'; r: number } | { kind: 'b'; w: number } = x > 1 ? { kind: 'a', r: x } : { kind: 'b', w: x }; return s.kind === 'a' ? s.r * s.r : s.w }",
  ],
}

for (const [name, [code, text]] of Object.entries(programs))
  test(`${name} is refused`, () => {
    const { diagnostics } = compile(`import { grad } from 'cotangent'\n${text}\nexport const df = grad(f)\n`)
    expect(diagnostics.map((diagnostic) => diagnostic.code)).toContain(code)
  })

test('a tangent for an argument whose numbers are hidden is refused', () => {
  const { diagnostics } = compile(
    "import { jvp } from 'cotangent'\nfunction f(p: Record<string, number>): number { return p['a']! * 2 }\nexport const df = jvp(f)\n",
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
