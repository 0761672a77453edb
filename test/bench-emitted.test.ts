import { describe, expect, it } from 'vitest'
import { createOut, logSumExpCase, mixtureCase, orbitCase, rosenbrockCase } from '../bench/cases.ts'
import { benchCompiler } from './support/bench-emitted.ts'
import { flatten } from './oracle/leaves.ts'

/** The benchmarks' problems as users write them: the emitted gradients agree with the hand-written ones, and their values are the original's. */
describe('the emitted gradients of the benchmarks', () => {
  const gradientOf = benchCompiler()
  it.each([rosenbrockCase(1), rosenbrockCase(10), orbitCase(0), orbitCase(100), mixtureCase(20, 10, 5), logSumExpCase(30)])(
    '$name',
    (example) => {
      const { args, primal, hand } = example
      const gradient = gradientOf(example)
      const expected = createOut(example)
      hand(...([expected, ...args] as never[]))
      const size = Math.max(...flatten(expected).map(Math.abs), 1e-300)
      // The second call finds used buffers and tapes.
      const out = createOut(example)
      for (let call = 0; call < 2; call++) {
        expect(gradient(out, ...args)).toBe(primal(...(args as never[])))
        const off = flatten(out).map((x, i) => Math.abs(x - flatten(expected)[i]!) / size)
        expect(Math.max(...off)).toBeLessThan(1e-12)
      }
    },
  )
})
