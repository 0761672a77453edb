import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { createOut, logSumExpCase, mixtureCase, rosenbrockCase } from '../bench/cases.ts'
import { llsqCase } from '../bench/gradbench-cases.ts'
import { compileC, runC } from '../bench/peers/c.ts'
import { loadPeer, peerNames } from '../bench/peers/all.ts'
import { createGradient, type Problem } from '../bench/peers/peer.ts'
import { benchCompiler } from './support/bench-emitted.ts'
import { flatten } from './oracle/leaves.ts'

/** What is timed beside the emitted gradients computes the same. */
describe('the peers of the benchmarks', () => {
  const cases = [rosenbrockCase(3), logSumExpCase(30), llsqCase(20, 5), mixtureCase(20, 4, 3)]
  const gradientOf = benchCompiler()
  const c = compileC(fileURLToPath(new URL('../bench/', import.meta.url)), mkdtempSync(join(tmpdir(), 'peers-')))
  describe.each(cases)('$name', (example) => {
    const { args } = example
    const wanted = createOut(example)
    const value = gradientOf(example)(wanted, ...args) as number
    const expected = flatten(wanted)
    const size = Math.max(...expected.map(Math.abs))
    it.each(peerNames)('%s', async (name) => {
      const peer = await loadPeer(name)
      const gradient = await createGradient(peer, example.request as Problem, args)
      if (typeof gradient === 'string') return expect(gradient).not.toBe('')
      // The second call finds what the first has compiled and left.
      for (let call = 0; call < 2; call++) {
        const out = createOut(example)
        expect(Math.abs(gradient(...([out, ...args] as never[])) - value)).toBeLessThan(peer.tolerance * Math.abs(value))
        const off = flatten(out).map((x, i) => Math.abs(x - expected[i]!) / size)
        expect(Math.max(...off)).toBeLessThan(peer.tolerance)
      }
    })
    it.skipIf(c === undefined)('C', () => {
      const found = runC(c!, example.request as Problem, args, 2, 1)
      expect(found.value).toBeCloseTo(value, 9)
      const off = found.gradient.map((x, i) => Math.abs(x - expected[i]!) / size)
      expect(off).toHaveLength(expected.length)
      expect(Math.max(...off)).toBeLessThan(1e-9)
      expect(found.timing.medians).toHaveLength(2)
      expect(found.timing.min).toBeGreaterThan(0)
    })
  })
})
