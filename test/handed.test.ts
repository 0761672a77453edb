import { describe, expect, test } from 'vitest'
import { compileFiles } from './support/compile.ts'
import { functionOf, load, type Module } from './support/load.ts'
import { typeErrors } from './support/typecheck.ts'

/** Functions that ask for derivatives of functions that they are given. */

const solver = `import { grad, hessian, valueAndGrad } from 'cotangent'
export function newton(f: (x: number) => number, x0: number): number {
  const slope = grad(f)
  let x = x0
  for (let i = 0; i < 20; i++) x -= f(x) / slope(x)
  return x
}
export const curved = (f: (x: number) => number, x: number): number => grad(grad(f))(x) - hessian(f)(x)
export function descend(loss: (w: Float64Array, k: number) => number, w: Float64Array, k: number): number {
  const at = valueAndGrad(loss)
  const out = new Float64Array(w.length)
  let value = 0
  for (let i = 0; i < 100; i++) {
    value = at.into(out, w, k)
    for (let j = 0; j < w.length; j++) w[j]! -= 0.1 * out[j]!
  }
  return value
}
export class Line {
  constructor(readonly f: (x: number) => number, readonly x: number) {}
  private slope(f: (x: number) => number): number { return grad(f)(this.x) }
  static slopeOf(f: (x: number) => number, x: number): number { return new Line(f, x).slope((y) => y * f(1) + y * y) }
}
`
interface Ran {
  readonly codes: readonly string[]
  readonly main: () => Module
}

function compiled(files: Readonly<Record<string, string>>): Ran {
  const all: Record<string, string> = { '/solver.ts': solver, ...files }
  const results = compileFiles(all, Object.keys(all))
  const emitted = Object.fromEntries([...results].map(([path, { code }]) => [path, code]))
  const codes = [...results.values()].flatMap(({ diagnostics }) => diagnostics.map(({ code, message }) => `${code}: ${message}`))
  if (codes.length === 0) expect([...typeErrors(emitted)].flatMap(([, errors]) => errors)).toEqual([])
  return { codes, main: () => load(emitted, '/main.ts') }
}

describe('the derivative of a parameter', () => {
  test('is handed over by callers in other files, which need not import the package', () => {
    const { codes, main } = compiled({
      '/main.ts': `import { newton, curved, descend as minimise } from './solver.ts'
        const cube = (x: number): number => x ** 3 - 8
        export const root = newton(cube, 3)
        export const none = curved(cube, 2)
        export function of(a: number): number { return newton((x) => x * x - a, 1) }
        export function fitted(c: number): readonly number[] {
          const w = new Float64Array([0, 0])
          minimise((v, k) => (v[0]! - c) ** 2 + k * (v[1]! + 1) ** 2, w, 2)
          return [...w]
        }`,
    })
    expect(codes).toEqual([])
    const { root, none, of, fitted } = main() as Record<string, never> & { of: (a: number) => number; fitted: (c: number) => number[] }
    expect(root).toBeCloseTo(2, 12)
    expect(none).toBe(0)
    expect(of(9)).toBeCloseTo(3, 12)
    const [first, second] = fitted(5)
    expect(first).toBeCloseTo(5, 6)
    expect(second).toBeCloseTo(-1, 6)
  })

  test('is passed on by functions between', () => {
    const { codes, main } = compiled({
      '/main.ts': `import { newton } from './solver.ts'
        const both = (f: (x: number) => number, g: (x: number) => number): number => newton(f, 1) + outer(g)
        function outer(g: (x: number) => number): number { return newton(g, 2) }
        export const sum = both((x) => x * x - 4, (x) => x ** 3 - 27)`,
    })
    expect(codes).toEqual([])
    expect(main().sum).toBeCloseTo(5, 12)
  })

  test('is differentiated in turn where its caller is', () => {
    const { codes, main } = compiled({
      '/main.ts': `import { grad } from 'cotangent'
        import { newton } from './solver.ts'
        const root = (a: number): number => newton((x) => x * x - a, 1)
        export const slope = grad(root)`,
    })
    expect(codes).toEqual([])
    expect(functionOf(main(), 'slope')(9)).toBeCloseTo(1 / 6, 12)
  })

  test('has a closure of its own for each call', () => {
    const { codes, main } = compiled({
      '/main.ts': `import { newton } from './solver.ts'
        export const roots = [4, 9, 16].map((a) => newton((x) => x * x - a, 1))`,
    })
    expect(codes).toEqual([])
    ;(main().roots as number[]).forEach((root, i) => expect(root).toBeCloseTo(i + 2, 12))
  })

  test('is asked for by methods', () => {
    const { codes, main } = compiled({
      '/main.ts': `import { grad } from 'cotangent'
        class Tangent {
          at(f: (x: number) => number, x: number): number { return f(x) + grad(f)(x) }
          static of(f: (x: number) => number): number { return new Tangent().at(f, 1) }
        }
        class Slope {
          readonly value: number
          constructor(f: (x: number) => number, x: number) { this.value = grad(f)(x) }
        }
        export const values = [new Tangent().at((x) => x * x, 3), Tangent.of((x) => x ** 3), new Slope((x) => x * x, 5).value]`,
    })
    expect(codes).toEqual([])
    expect(main().values).toEqual([15, 4, 10])
  })
})

test('a function that nobody knows is refused where it is passed', () => {
  const { codes } = compiled({
    '/main.ts': `import { newton } from './solver.ts'
      const table: Record<string, (x: number) => number> = {}
      export const root = (name: string): number => newton(table[name]!, 1)`,
  })
  expect(codes).toEqual([
    'CT1101: `grad` is asked for the derivative of `table[name]!`, and which function that is can not be known when compiling',
  ])
})

test('a caller that was not compiled is told so when it runs', () => {
  const { codes, main } = compiled({ '/main.ts': `export { newton } from './solver.ts'` })
  expect(codes).toEqual([])
  expect(() => functionOf(main(), 'newton')(Math.cos, 1)).toThrow(/CT0007: `grad` of `cos`, which was passed, was asked for/)
})
