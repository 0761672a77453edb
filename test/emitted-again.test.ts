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
