import { describe, expect, it } from 'vitest'
import { createOut, logSumExpCase, mixtureCase, orbitCase, rosenbrockCase } from '../bench/cases.ts'
import { compare, describe as say } from './oracle/compare.ts'
import { gradient } from './oracle/differences.ts'
import { flatten } from './oracle/leaves.ts'

/** A benchmark against wrong code measures nothing: the hand-written gradients face the same judge as the emitted ones. */
describe('the hand-written gradients of the benchmarks', () => {
  const cases = [
    rosenbrockCase(1),
    rosenbrockCase(2),
    rosenbrockCase(10),
    orbitCase(0),
    orbitCase(100),
    mixtureCase(20, 10, 5),
    logSumExpCase(30),
  ]
  it.each(cases)('$name', (example) => {
    const { args, active, primal, hand } = example
    const call = (f: unknown, ...all: unknown[]): number => (f as (...all: unknown[]) => number)(...all)
    const out = createOut(example)
    const value = call(hand, out, ...args)
    expect(value).toBeCloseTo(call(primal, ...args), 10)
    const estimates = gradient((...moved) => call(primal, ...moved, ...args.slice(active)), args.slice(0, active))
    const verdict = compare(flatten(out), estimates)
    expect(say(verdict)).toBe('equal')
    // A second call finds its buffers used.
    const again = createOut(example)
    call(hand, again, ...args)
    expect(flatten(again)).toEqual(flatten(out))
  })
})
