import { describe, expect, test } from 'vitest'
import { compare } from './compare.ts'
import { alongDirection, alongPath, gradient, jacobian } from './differences.ts'
import { deepCopy, flatten, sameBits } from './leaves.ts'

const analytic: [name: string, f: (x: number) => number, derivative: (x: number) => number, points: number[]][] = [
  ['sin', Math.sin, Math.cos, [0, 1, 3, 20]],
  ['exp', Math.exp, Math.exp, [-3, 0, 5]],
  ['log', Math.log, (x) => 1 / x, [0.01, 1, 1000]],
  ['1 / x', (x) => 1 / x, (x) => -1 / (x * x), [0.1, 2, 1e4]],
  ['sqrt', Math.sqrt, (x) => 0.5 / Math.sqrt(x), [0.05, 2, 1e6]],
  ['polynomial', (x) => x ** 5 - 3 * x * x, (x) => 5 * x ** 4 - 6 * x, [-1.2, 0, 1, 7]],
  ['tanh', Math.tanh, (x) => 1 - Math.tanh(x) ** 2, [-2, 0, 0.3]],
  ['fast sine', (x) => Math.sin(30 * x), (x) => 30 * Math.cos(30 * x), [0.1, 1]],
  ['large offset', (x) => 1e6 + Math.sin(x), Math.cos, [0.5]],
  ['cancellation', (x) => (1 + 1e-3 * Math.sin(x) - 1) * 1e3, Math.cos, [0.5]],
  ['constant', () => 3, () => 0, [0, 1]],
]

describe('differences of functions of one number', () => {
  for (const [name, f, derivative, points] of analytic)
    test(name, () => {
      for (const x of points) {
        const [estimate] = gradient(f, [x])
        expect(Math.abs(estimate!.value - derivative(x))).toBeLessThanOrEqual(estimate!.error)
        expect(estimate!.kink).toBe(false)
        expect(compare([derivative(x)], [estimate!], { value: f(x) }).kind).toBe('equal')
        expect(compare([derivative(x) + 1e-4 * (1 + Math.abs(derivative(x)))], [estimate!], { value: f(x) }).kind).toBe('wrong')
      }
    })
})

test('the bar is honest for random compositions', () => {
  let widest = 0
  for (let k = 0; k < 400; k++) {
    const [a, b, c, x] = [Math.sin(k * 12.9) * 3, Math.sin(k * 78.2) * 2, Math.sin(k * 3.7), Math.sin(k * 5.1) * 2]
    const f = (t: number): number => Math.sin(a * t + b * t * t) * Math.exp(c * t) + Math.sqrt(1 + t * t)
    const exact =
      Math.cos(a * x + b * x * x) * (a + 2 * b * x) * Math.exp(c * x) +
      c * Math.sin(a * x + b * x * x) * Math.exp(c * x) +
      x / Math.sqrt(1 + x * x)
    const [estimate] = gradient(f, [x])
    expect(Math.abs(estimate!.value - exact)).toBeLessThanOrEqual(2 * estimate!.error + 1e-12 * Math.abs(exact))
    widest = Math.max(widest, estimate!.error)
  }
  expect(widest).toBeLessThan(1e-7)
})

test('kinks and jumps are not judged', () => {
  expect(gradient((x: number) => Math.abs(x), [0])[0]!.kink).toBe(true)
  expect(gradient((x: number) => Math.max(0, x) + Math.sin(x), [0])[0]!.kink).toBe(true)
  expect(
    compare(
      [0.5],
      gradient((x: number) => Math.max(0, x), [0]),
    ).kind,
  ).toBe('coarse')
  expect(
    compare(
      [0],
      gradient((x: number) => (x > 0 ? 1 : 0), [0]),
    ).kind,
  ).toBe('coarse')
  expect(
    compare(
      [Infinity],
      gradient((x: number) => Math.sqrt(x), [0]),
    ).kind,
  ).toBe('coarse')
})

test('a kink next to the point does not disturb it', () => {
  const near = gradient((x: number) => Math.abs(x) * Math.cos(x), [0.01])
  expect(compare([Math.cos(0.01) - 0.01 * Math.sin(0.01)], near).kind).toBe('equal')
})

test('NaN equals nothing', () => {
  expect(
    compare(
      [NaN],
      gradient((x: number) => x * x, [1]),
    ).kind,
  ).toBe('wrong')
  expect(
    compare(
      [1],
      gradient((x: number) => x * NaN, [1]),
    ).kind,
  ).not.toBe('equal')
  expect(
    compare(
      [NaN],
      gradient((x: number) => x * NaN, [1]),
    ).kind,
  ).not.toBe('equal')
})

test('steps that leave the domain take no part', () => {
  expect(
    compare(
      [0.5 / Math.sqrt(0.01)],
      gradient((x: number) => Math.sqrt(x), [0.01]),
    ).kind,
  ).toBe('equal')
  const guarded = (x: number): number => {
    if (x > 1.1) throw new RangeError('too large')
    return x * x
  }
  expect(compare([2], gradient(guarded, [1])).kind).toBe('equal')
})

test('every shape of argument and result, and arguments that are written to', () => {
  const args = [2, new Float64Array([1, 3]), [4, [5]], { a: 6, text: 'x', b: new Float32Array([0.5]) }, true, new Int32Array([7])] as const
  expect(flatten(args)).toEqual([2, 1, 3, 4, 5, 6, 0.5])
  const f = (
    s: number,
    x: Float64Array,
    list: [number, number[]],
    record: { a: number; b: Float32Array },
  ): { product: number; first: Float64Array } => {
    x[0]! *= s
    return { product: x[0]! * x[1]! * list[0] * list[1][0]! * record.a * record.b[0]!, first: x }
  }
  const columns = jacobian(f as never, args).map((column) => column.map(({ value }) => Math.round(value * 1e6) / 1e6))
  expect(columns.map((column) => column[0])).toEqual([180, 360, 120, 90, 72, 60, 720])
  expect(columns[1]).toEqual([360, 2, 0])
  expect(args[1]).toEqual(new Float64Array([1, 3]))
  const [along] = alongDirection(f, args, [1, 1, 0, 0, 0, 0, 0])
  expect(along!.value).toBeCloseTo(540, 6)
})

test('copies keep what was shared shared', () => {
  const whole = new Float64Array([1, 2, 3])
  const [copied, view] = deepCopy([whole, whole.subarray(1)])
  view[0] = 9
  expect(copied[1]).toBe(9)
  expect(whole[1]).toBe(2)
  expect(sameBits({ a: [NaN, -0] }, { a: [NaN, -0] })).toBe(true)
  expect(sameBits({ a: [0] }, { a: [-0] })).toBe(false)
  expect(sameBits(new Float64Array(2), [0, 0])).toBe(false)
})

test('a path of several components', () => {
  const estimates = alongPath((t) => [Math.sin(t), 1 + t * t, Math.abs(t)])
  expect(estimates.map(({ kink }) => kink)).toEqual([false, false, true])
  expect(compare([1, 0], estimates.slice(0, 2)).kind).toBe('equal')
})
