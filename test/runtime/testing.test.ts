import { expect, test } from 'vitest'
import { checkGradients } from 'cotangent/testing'

const norm = (x: Float64Array): number => x.reduce((sum, value) => sum + value * value, 0)

test('a right gradient passes, and the report says how close it is', () => {
  const report = checkGradients(norm, (x) => x.map((value) => 2 * value), [new Float64Array([1, -2, 3e3])])
  expect(report.checked).toBe(3)
  expect(report.worst).toBeLessThan(1e-8)
})

test('a wrong one fails and names the entry', () => {
  expect(() => checkGradients(norm, (x) => x.map((value) => 2.001 * value), [new Float64Array([1, 2])])).toThrow(
    /args\[0\]\[1\]: the gradient is 4.002/,
  )
  expect(() => checkGradients(norm, (x) => x.map(() => NaN), [new Float64Array([1])])).toThrow(/NaN/)
})

test('a gradient of another shape fails', () => {
  expect(() => checkGradients(norm, () => new Float64Array(1), [new Float64Array(2)])).toThrow(/shape of argument 0/)
})

test('several arguments, records and functions that write into their arguments', () => {
  const f = (p: { a: number; list: number[]; label: string }, k: number): number => {
    p.a *= k
    return p.a * p.list[0]! + Math.sin(k)
  }
  const gradient = ({ a, list }: { a: number; list: number[] }, k: number) => [
    a * list[0]! + Math.cos(k),
    { a: k * list[0]!, list: [a * k] },
  ]
  const args: [{ a: number; list: number[]; label: string }, number] = [{ a: 2, list: [3], label: 'p' }, 0.5]
  expect(checkGradients(f, gradient, args, { wrt: [1, 0] }).checked).toBe(3)
  expect(args[0].a).toBe(2)
})

test('at a kink the differences cannot tell, and the check says so', () => {
  expect(() => checkGradients(Math.abs, () => 0, [0])).toThrow(/too coarse/)
})

test('a sample of the entries can be checked', () => {
  expect(checkGradients(norm, (x) => x.map((value) => 2 * value), [new Float64Array(1000).fill(1)], { entries: 7 }).checked).toBe(7)
})
