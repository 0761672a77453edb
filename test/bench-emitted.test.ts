import { describe, expect, it } from 'vitest'
import { createOut, logSumExpCase, mixtureCase, orbitCase, rosenbrockCase } from '../bench/cases.ts'
import { baCase, detCase, gmmCase, kmeansCase, llsqCase, lseCase, lstmCase } from '../bench/gradbench-cases.ts'
import { benchCompiler } from './support/bench-emitted.ts'
import { flatten } from './oracle/leaves.ts'

/** The benchmarks' problems as users write them: the emitted gradients agree with the hand-written ones, and their values are the original's. */
describe('the emitted gradients of the benchmarks', () => {
  const gradientOf = benchCompiler()
  const cases = [rosenbrockCase(1), rosenbrockCase(10), orbitCase(0), orbitCase(100), mixtureCase(20, 10, 5), logSumExpCase(30)]
  const gradbenchCases = [
    llsqCase(20, 5),
    lseCase(30),
    gmmCase(4, 3, 20),
    gmmCase(1, 1, 2),
    lstmCase(2, 10, 3),
    detCase(1),
    detCase(4),
    baCase(2, 3, 7),
    kmeansCase(3, 20, 2),
  ]
  it.each([...cases, ...gradbenchCases])('$name', (example) => {
    const { args, primal, hand } = example
    const gradient = gradientOf(example)
    const expected = createOut(example)
    hand(...([expected, ...args] as never[]))
    const size = Math.max(...flatten(expected).map(Math.abs), 1e-300)
    // The second call finds used buffers and tapes.
    const out = createOut(example)
    for (let call = 0; call < 2; call++) {
      const value = gradient(out, ...args)
      if (!example.valueless) expect(value).toBe(primal(...(args as never[])))
      const wanted = flatten(expected)
      const off = flatten(out).map((x, i) => Math.abs(x - wanted[i]!) / size)
      expect(Math.max(...off)).toBeLessThan(1e-12)
    }
  })
})
