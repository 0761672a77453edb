import { expect, test } from 'vitest'
import { run } from './support/compile.ts'

/** Derivatives of function literals that capture: all that they are made of stands where the captured variables are visible. */
test('a pullback of what captures', () => {
  const { g } = run(`import { vjp } from 'cotangent'
    export function g(k: number): number[] {
      const { value, pullback } = vjp((y: number) => Math.exp(y) * y * k)(1)
      return [value, pullback(1), pullback(2)]
    }`) as { g: (k: number) => number[] }
  expect(g(3)).toEqual([3 * Math.E, 6 * Math.E, 12 * Math.E])
})

test('two requests of the same function that calls itself and captures', () => {
  const { g } = run(`import { grad } from 'cotangent'
    export function g(k: number): number[] {
      const power = (x: number, n: number): number => (n === 0 ? k : x * power(x, n - 1))
      return [grad(power)(2, 3), grad(power)(1, 2)]
    }`) as { g: (k: number) => number[] }
  expect(g(5)).toEqual([60, 10])
})
