import { describe, expect, test } from 'vitest'
import { compile, run } from './support/compile.ts'

/** The derivative is that of the function as it ran: what lies around it may be something else by the time of the reverse sweep. */

describe('what is changed between `vjp(f)(...)` and the pullback', () => {
  const programs: Readonly<Record<string, readonly [state: string, body: string, change: string, expected: number]>> = {
    'the elements of an array of the module': ['const w = new Float64Array([3, 4])', 'w[0]! * x * x', 'w[0] = 100', 6],
    'the field of an object of the module': ['const cfg = { k: 3, label: "a" }', 'cfg.k * x * x', 'cfg.k = 100', 6],
    'an array within an object': ['const cfg = { w: [3, 4], deep: { v: [1] } }', 'cfg.w[0]! * x * x * cfg.deep.v[0]!', 'cfg.w[0] = 100', 6],
    'an array within an object that is another one by then': ['const cfg = { w: [3, 4] }', 'cfg.w[0]! * x * x', 'cfg.w = [100]', 6],
    'a nested array': ['const rows = [[1, 2], [3, 4]]', 'rows[1]![0]! * x * x', 'rows[1]![0] = 100', 6],
    'a list of objects': ['const parts = [{ m: 1 }, { m: 3 }]', 'parts[1]!.m * x * x', 'parts[1]!.m = 100', 6],
    'a variable of the module': ['let k = 3', 'k * x * x', 'k = 100', 6],
    'an array in a variable of the module': ['let w = [3, 4]', 'w[0]! * x * x', 'w = [100]', 6],
    'a dictionary': ['const table: Record<string, number> = { a: 3 }', "table['a']! * x * x", "table['a'] = 100", 6],
    'an object that may be missing': ['const o = { k: 3 } as { k: number } | undefined', '(o?.k ?? 1) * x * x', 'o!.k = 100', 6],
    'the fields of an instance': [
      'class Model { k = 3; of(x: number): number { return this.k * x * x } }\nconst m = new Model()',
      'm.of(x)',
      'm.k = 100',
      6,
    ],
    'the length of a list': ['const list = [1, 2, 3]', 'list.length * x * x', 'list.push(4)', 6],
    'how often a loop runs': [
      'const cfg = { n: 3 }',
      '(() => { let s = 0; for (let i = 0; i < cfg.n; i++) s += x * x; return s })()',
      'cfg.n = 9',
      6,
    ],
    'a test': ['const cfg = { on: true }', '(cfg.on ? 3 * x * x : x)', 'cfg.on = false', 6],
    'an index': ['const at = [1]\nconst w = [0, 3]', 'w[at[0]!]! * x * x', 'at[0] = 0', 6],
    'storage that has two names': ['const a = [3]\nconst b = a', 'a[0]! * x * x * (b[0]! / 3)', 'b[0] = 100', 6],
  }
  for (const [name, [state, body, change, expected]] of Object.entries(programs))
    test(name, () => {
      const module = run(`import { vjp } from 'cotangent'
        ${state}
        const f = (x: number): number => ${body}
        const { value, pullback } = vjp(f)(1)
        const first = pullback(1)
        ${change}
        export const seen = [value, first, pullback(1), pullback(2)]`)
      expect(module.seen).toEqual([expected / 2, expected, expected, 2 * expected])
    })

  test('what a closure captured', () => {
    const module = run(`import { vjp } from 'cotangent'
      function make(w: Float64Array, start: number): number {
        let k = start
        const o = { a: 1 }
        const { pullback } = vjp((x: number): number => x * x * w[0]! * k * o.a)(1)
        w[0] = 100
        k = 50
        o.a = 7
        return pullback(1)
      }
      export const d = make(new Float64Array([3]), 1)`)
    expect(module.d).toBe(6)
  })

  test('what a function that calls itself reads', () => {
    const module = run(`import { vjp } from 'cotangent'
      const w = new Float64Array([1, 2, 3])
      function g(x: number, n: number): number { return n < 0 ? 0 : w[n]! * x * x + g(x, n - 1) }
      function f(x: number): number { return g(x, 2) }
      const { pullback } = vjp(f)(1)
      w.fill(100)
      export const d = pullback(1)`)
    expect(module.d).toBe(12)
  })

  test('a constant of literals that nobody writes is read where it is', () => {
    const { code } = compile(`import { vjp } from 'cotangent'
      const w = [1, 2, 3]
      function f(x: number): number { return w[0]! * x * x }
      export const d = vjp(f)(1).pullback(1)`)
    expect(code).toContain('2 * w[0]! * x')
    expect(code).not.toContain('slice')
  })
})

describe('what changes while the function runs', () => {
  test('storage around the function is left as the function leaves it', () => {
    const module = run(`import { valueAndGrad } from 'cotangent'
      const w = new Float64Array([1, 5])
      const model = { steps: 0, rates: [1, 2] }
      function f(x: number): number {
        let s = 0
        for (let i = 0; i < 3; i++) {
          s += w[0]! * x * x
          w[0] = w[0]! + 1
          model.steps++
        }
        return s
      }
      export const made = valueAndGrad(f)(1)
      export const after = [w[0], w[1], model.steps]`)
    expect(module.made).toEqual({ value: 6, grad: 12 })
    expect(module.after).toEqual([4, 5, 3])
  })

  test('a pullback undoes nothing', () => {
    const module = run(`import { vjp } from 'cotangent'
      const w = new Float64Array([1])
      function f(x: number): number {
        let s = 0
        for (let i = 0; i < 3; i++) {
          s += w[0]! * x * x
          w[0] = w[0]! + 1
        }
        return s
      }
      const { pullback } = vjp(f)(1)
      const before = w[0]
      w[0] = 50
      export const seen = [before, pullback(1), pullback(1), w[0]]`)
    expect(module.seen).toEqual([4, 12, 12, 50])
  })

  test('a function that calls itself', () => {
    const module = run(`import { grad } from 'cotangent'
      const w = new Float64Array([1])
      function g(x: number, n: number): number {
        if (n === 0) return 0
        const y = w[0]! * x * x
        w[0] = w[0]! + 1
        return y + g(x, n - 1)
      }
      function f(x: number): number { const before = w[0]! * x * x; return before + g(x, 3) + w[0]! * x * x }
      export const seen = [grad(f)(1), w[0]]`)
    expect(module.seen).toEqual([2 * (1 + 1 + 2 + 3 + 4), 4])
  })

  test('code that is not read', () => {
    const module = run(`import { grad } from 'cotangent'
      const w = { k: 1 }
      const v = new Float64Array([1])
      function f(x: number, step: () => void, u: Float64Array): number {
        let s = 0
        for (let i = 0; i < 3; i++) {
          s += w.k * x * x + v[0]! * x * x + u[0]! * x * x
          step()
        }
        return s
      }
      const u = new Float64Array([1])
      export const seen = [grad(f)(1, () => { w.k++; v[0]!++; u[0]!++ }, u), w.k, v[0], u[0]]`)
    expect(module.seen).toEqual([36, 4, 4, 4])
  })

  test('code that is not read and is given an array', () => {
    const module = run(`import { grad } from 'cotangent'
      const tools: { touch(w: Float64Array): number } = { touch: (w) => w[0]!++ }
      function f(x: number, w: Float64Array, touch: (w: Float64Array) => number): number {
        let s = 0
        for (let i = 0; i < 3; i++) {
          s += w[0]! * x * x
          touch(w)
        }
        return s
      }
      const w = new Float64Array([1])
      export const seen = [grad(f)(1, w, tools.touch), w[0]]`)
    expect(module.seen).toEqual([12, 4])
  })

  test('storage that has two names around the function', () => {
    const module = run(`import { grad } from 'cotangent'
      const a = new Float64Array([1])
      const b = a
      function f(x: number): number {
        const y = a[0]! * x * x
        b[0] = 10
        return y + a[0]! * x * x
      }
      export const seen = [grad(f)(1), a[0]]`)
    expect(module.seen).toEqual([22, 10])
  })
})
