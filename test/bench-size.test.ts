import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { measureSizes } from '../bench/size/measure.ts'
import { gradientFiles } from '../bench/size/programs.ts'

/** How much of the runtime goes along with an emitted gradient: sizes don't depend on the machine, so that what is promised is held here. */
describe('the size of the runtime', async () => {
  const bench = fileURLToPath(new URL('../bench', import.meta.url))
  // A few that take different things; the benchmark measures all.
  const files = gradientFiles(bench).filter((file) => /(?:det|n-body|gmm|outline)\.ts$/.test(file))
  const { scalars, gradients, together } = await measureSizes(bench, files)

  it.each(scalars)('is below 1 kB for a gradient of numbers: $name', ({ bytes }) => {
    expect(bytes).toBeLessThan(1000)
  })

  it('is nothing for a formula', () => {
    expect(scalars[0]).toMatchObject({ imports: [], bytes: 0 })
    expect(scalars.some(({ bytes }) => bytes > 0)).toBe(true)
  })

  it('is below 3 kB for any gradient of the first order', () => {
    expect(gradients.length).toBe(4)
    for (const { bytes } of gradients) expect(bytes).toBeLessThanOrEqual(together.bytes)
    expect(together.bytes).toBeGreaterThan(1000)
    expect(together.bytes).toBeLessThan(3000)
  })
})
