import { describe, expect, it } from 'vitest'
import { createOut, logSumExpCase, mixtureCase, orbitCase, rosenbrockCase } from '../bench/cases.ts'
import { bytesPerCall } from '../bench/harness/allocation.ts'
import { createBatch } from '../bench/harness/measure.ts'
import { benchCompiler } from './support/bench-emitted.ts'

/** The box of a returned number, and what the engine itself leaves behind now and then. One array of a problem here is 200 bytes or more. */
const MOST_BYTES = 150

/** In steady state a gradient that is written into the caller's arrays makes none of its own: tapes and scratch arrays are used again. */
describe('the allocation of a call through `.into`', () => {
  const gradientOf = benchCompiler()
  it.each([rosenbrockCase(10), orbitCase(20), mixtureCase(10, 4, 3), logSumExpCase(5000)])('$name', (example) => {
    const batch = createBatch(gradientOf(example), [createOut(example), ...example.args], example.name)
    expect(bytesPerCall(batch)).toBeLessThan(MOST_BYTES)
  })
})
