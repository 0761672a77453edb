import { expect, test } from 'vitest'
import { run, compile } from './support/compile.ts'
import { functionOf } from './support/load.ts'

/** What the compiler emits, it can compile: tapes, buffers that grow, guards, read back from text. The fixtures go the same way. */
const source = `
  export function descend(x: Float64Array, n: number): number {
    let s = 0
    let y = x[0]!
    while (y > 0.1) {
      y = y * Math.exp(-y) * 0.5
      s += y * y
    }
    for (let i = 0; i < n; i++) {
      s = Math.sin(s) * x[i % x.length]!
      if (s > 40) break
    }
    return s
  }
  export const first = grad(descend)`

test('a gradient that was emitted is differentiated again', () => {
  const { code } = compile(`import { grad } from 'cotangent'\n${source}`)
  expect(code).toContain('.take(')
  expect(code).toContain('.grow(')
  const again = `import { grad } from 'cotangent'\n${code}
    export function second(x: Float64Array, n: number): number {
      const g = descend_grad(x, n)
      return g[0]! * 0.3 - g[1]! * g[0]!
    }
    export const result = grad(second)`
  const nested = `import { grad } from 'cotangent'\n${source}
    export function second(x: Float64Array, n: number): number {
      const g = grad(descend)(x, n)
      return g[0]! * 0.3 - g[1]! * g[0]!
    }
    export const result = grad(second)`
  const x = (): Float64Array => new Float64Array([0.9, 1.4])
  const [one, other] = [run(again), run(nested)].map((module) => functionOf(module, 'result')(x(), 5) as Float64Array)
  expect(Array.from(one!)).not.toContain(0)
  one!.forEach((value, i) => expect(value).toBeCloseTo(other![i]!, 12))
})

/** Every recursion is split into halves, so that differentiating its gradient in reverse is a second sweep through what the first one kept. */
test.each([
  ['numbers', 'function f(x: number, n: number): number { return n <= 0 ? x * x : f(x * 0.9, n - 1) * Math.sin(x) }', '1.3, 4'],
  [
    'an array that is written in place',
    `function write(y: Float64Array, k: number, at: number): void {
      if (at >= y.length) return
      y[at] = y[at]! * k + (at > 0 ? y[at - 1]! : 0)
      write(y, k * 0.9, at + 1)
      y[at]! *= y[at]!
    }
    function f(x: number, n: number): number {
      const y = new Float64Array([x, 2 * x, x * x])
      write(y, n * x, 0)
      return y[0]! + y[1]! * y[2]!
    }`,
    '0.4, 1.2',
  ],
])('a second reverse sweep through recursion: %s', (_, declared, point) => {
  const { code } = compile(`import { grad } from 'cotangent'\n${declared}\nexport const first = (x: number, n: number) => grad(f)(x, n)`)
  const text = `import { grad as again } from 'cotangent'\n${code}
    export const twice = (x: number, n: number) => again(f_grad)(x, n)
    const list = (x: Float64Array, n: number): number => f_grad(x[0]!, n) * x[1]!
    export const third = (x: Float64Array, n: number) => again((y: Float64Array, m: number) => again(list)(y, m)[0]!)(x, n)`
  const [first, twice, third] = ['first', 'twice', 'third'].map((name) => functionOf(run(text), name)) as [Gradient, Gradient, Third]
  const [x, n] = point.split(', ').map(Number) as [number, number]
  const h = 1e-5
  const slope = (g: (x: number) => number): number => (g(x + h) - g(x - h)) / (2 * h)
  expect(twice(x, n)).toBeCloseTo(
    slope((at) => first(at, n)),
    6,
  )
  const [along, across] = third(new Float64Array([x, 0.7]), n)
  expect(along).toBeCloseTo(0.7 * slope((at) => twice(at, n)), 5)
  expect(across).toBeCloseTo(twice(x, n), 10)
})

type Gradient = (x: number, n: number) => number
type Third = (x: Float64Array, n: number) => readonly [number, number]
