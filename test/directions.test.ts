import { describe, expect, test } from 'vitest'
import { compileFiles } from './support/compile.ts'
import { functionOf, load } from './support/load.ts'
import { typeErrors } from './support/typecheck.ts'

/** Hessians and Jacobians follow several directions in one sweep: each column is what a sweep for it alone gives. */

const scalars: Readonly<Record<string, { readonly text: string; readonly args: () => unknown[] }>> = {
  'slopes of all kinds, and branches': {
    text: `export function f(x: Float64Array, k: number): number {
      let s = 0
      for (let i = 0; i < x.length; i++)
        s += Math.exp(x[i]! * k) / (1 + x[(i + 1) % x.length]! ** 2) + (x[i]! > 0.5 ? Math.sin(x[i]! * x[0]!) : Math.hypot(x[i]!, 3))
      return Math.atan2(s, Math.max(x[0]!, x[1]!)) / Math.min(...x)
    }`,
    args: () => [new Float64Array([0.1, 0.6, -0.3, 0.9, 0.5, 0.7, 1.1]), 0.3],
  },
  'a loop of unknown length': {
    text: `export function f(x: number[]): number {
      let p = 1
      for (let i = 0; p < 50 && i < 20; i++) p *= 1 + x[i % x.length]! ** 2
      return Math.log(p) * x[0]!
    }`,
    args: () => [[0.4, 1.6, 0.8, 0.7, 0.2]],
  },
  'a function that calls itself': {
    text: `const r = (x: Float64Array, n: number): number => (n <= 0 ? x[0]! ** 2 : Math.sin(r(x, n - 1)) * x[n % x.length]! + r(x, n - 2))
    export const f = (x: Float64Array): number => r(x, 5)`,
    args: () => [new Float64Array([0.4, 1.6, 0.8, 0.2, 0.9])],
  },
  'one that writes what it is given': {
    text: `function smooth(u: Float64Array, v: Float64Array, n: number): void {
      for (let i = 0; i < u.length; i++) v[i] = u[i]! + u[i]! * u[(i + 1) % u.length]! * 0.1
      if (n > 1) smooth(v, u, n - 1)
    }
    export function f(x: Float64Array): number {
      const u = x.slice()
      const v = new Float64Array(x.length)
      smooth(u, v, 4)
      return v.reduce((s, value) => s + value * value, 0)
    }`,
    args: () => [new Float64Array([0.4, 1.6, 0.8, 0.2, 0.9, -0.4])],
  },
  'objects, lists that grow and a Map': {
    text: `interface Point { x: number; y: number }
    export function f(x: Float64Array): number {
      const points: Point[] = []
      for (let i = 0; i + 1 < x.length; i += 2) points.push({ x: x[i]!, y: x[i + 1]! * x[0]! })
      const totals = new Map<string, number>()
      for (const p of points) {
        for (const q of points) if (p !== q) totals.set('near', (totals.get('near') ?? 0) + 1 / Math.hypot(p.x - q.x, p.y - q.y))
        points[0]!.x *= p.y
      }
      return totals.get('near')! * points[0]!.x
    }`,
    args: () => [new Float64Array([0.4, 1.6, 0.8, 0.2, 0.9, -1])],
  },
  'a hook that is a function': {
    text: `export function f(x: Float64Array): number {
      const product = x[0]! * x[1]! * x[2]!
      hook(product, (g: number) => 3 * g * g)
      return product * product + x[1]! * x[3]!
    }`,
    args: () => [new Float64Array([0.4, 1.6, 0.8, 0.2])],
  },
}

const vectors = {
  'sums and maxima': `export function f(x: Float64Array): Float64Array {
      const y = new Float64Array(3)
      for (let i = 0; i < x.length; i++) {
        y[0]! += x[i]! ** 2
        y[1]! += Math.sin(x[i]! * i)
        y[2] = Math.max(y[2]!, x[i]! * y[0]!)
      }
      return y
    }`,
  'a list': `export const f = (x: Float64Array): number[] => [...x].map((v, i) => v * v * x[(i + 2) % x.length]! - 1 / v)`,
  'calls that are not inlined': `function g(x: Float64Array, n: number): Float64Array { return n === 0 ? x.slice() : g(x.map((v, i) => v * x[(i + 1) % x.length]!), n - 1) }
    export const f = (x: Float64Array): Float64Array => g(x, 3)`,
}

const steps = Array.from({ length: 150 }, (_, i) => `s = Math.sin(s * x[${String(i % 3)}]!) + s * x[${String((i + 1) % 3)}]!`)
const others = `import { hessian, hvp } from 'cotangent'
const shared = (x: Float64Array): number => x.reduce((s, v, i) => s + Math.exp(v * x[(i + 1) % x.length]!), 0)
export const derivatives = [hessian(shared), hvp(shared)]
export const product = hessian((x: number[]): number => x.reduce((p, v) => p * v * v, 1))
function long(x: Float64Array): number {
  let s = x[0]!
  ${steps.join('\n  ')}
  return s
}
export const large = hessian(long)
`

const folder = '/directions'
const files = {
  ...Object.fromEntries(
    Object.values(scalars).map(({ text }, i) => [
      `${folder}/scalar${String(i)}.ts`,
      `import { hessian, hook, hvp } from 'cotangent'\n${text}\nexport const matrix = hessian(f)\nexport const product = hvp(f)\n`,
    ]),
  ),
  ...Object.fromEntries(
    Object.values(vectors).map((text, i) => [
      `${folder}/vector${String(i)}.ts`,
      `import { jacobian } from 'cotangent'\n${text}\nexport const columns = jacobian(f, { mode: 'forward' })\nexport const rows = jacobian(f, { mode: 'reverse' })\n`,
    ]),
  ),
  [`${folder}/others.ts`]: others,
}
const compiled = compileFiles(files, Object.keys(files))
const emitted = Object.fromEntries([...compiled].map(([path, { code }]) => [path, code]))
const code = emitted[`${folder}/others.ts`]!
const get = (file: string, name: string): ((...args: unknown[]) => unknown) => functionOf(load(emitted, `${folder}/${file}.ts`), name)

test('all are compiled, and under --strict', () => {
  for (const { diagnostics } of compiled.values()) expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([])
  expect([...typeErrors(emitted)].flatMap(([, errors]) => errors)).toEqual([])
})

const body = (name: string): string => new RegExp(`^function ${name}\\([^]*?^}`, 'm').exec(code)![0]

describe('Hessians', () => {
  test.each(Object.entries(scalars))('%s', (name, { args }) => {
    const file = `scalar${String(Object.keys(scalars).indexOf(name))}`
    const rows = get(file, 'matrix')(...args()) as Float64Array[]
    const [x] = args() as [Float64Array | number[]]
    expect(rows).toHaveLength(x.length)
    for (const [i, row] of rows.entries()) {
      const [first, ...rest] = args() as [Float64Array | number[]]
      const column = get(file, 'product')(
        first,
        first.map((_, k) => (k === i ? 1 : 0)),
        ...rest,
      ) as Float64Array | number[]
      for (const [k, value] of column.entries()) expect(row[k]).toBeCloseTo(value, 11 - Math.ceil(Math.log10(1 + Math.abs(value))))
    }
  })

  test('of any number of variables, and of none', () => {
    for (let n = 0; n < 10; n++) {
      const x = Array.from({ length: n }, (_, i) => 1 + 0.1 * i)
      const value = x.reduce((p, v) => p * v * v, 1)
      const expected = x.map((a, i) => x.map((b, k) => ((i === k ? 2 : 4) * value) / (a * b)))
      const rows = get('others', 'product')(x) as Float64Array[]
      expect(rows).toHaveLength(n)
      rows.forEach((row, i) => row.forEach((value, k) => expect(value / expected[i]![k]!).toBeCloseTo(1, 12)))
    }
  })

  test('what the columns have in common is computed once for four', () => {
    const count = (name: string): number => body(name).split('Math.exp').length - 1
    expect(count('shared_hessian')).toBe(count('shared_hvp'))
    expect(body('shared_hessian')).toContain('i += 4')
    expect(body('shared_hessian')).toContain('x_bar_dot3')
  })

  test('large functions are followed in one direction at a time', () => {
    expect(body('long_hessian')).not.toContain('x_dot1')
    const rows = get('others', 'large')(new Float64Array([0.3, 0.2, 0.1])) as Float64Array[]
    expect(rows[0]![1]! / rows[1]![0]!).toBeCloseTo(1, 12)
  })
})

describe('Jacobians', () => {
  test.each(Object.keys(vectors))('%s', (name) => {
    const file = `vector${String(Object.keys(vectors).indexOf(name))}`
    for (let n = 1; n < 7; n++) {
      const x = Float64Array.from({ length: n }, (_, i) => 0.4 + 0.15 * i)
      const [columns, rows] = [get(file, 'columns')(x), get(file, 'rows')(x)] as [Float64Array[], Float64Array[]]
      expect(columns).toHaveLength(rows.length)
      columns.forEach((row, i) => {
        expect(row).toHaveLength(n)
        row.forEach((value, k) => expect(value).toBeCloseTo(rows[i]![k]!, 11))
      })
    }
  })
})
