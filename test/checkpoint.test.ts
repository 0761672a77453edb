import { describe, expect, test } from 'vitest'
import { compileFiles } from './support/compile.ts'
import { functionOf, load } from './support/load.ts'

/** `checkpoint`: the case R8 of the contract, and what is kept of annotated loops. */

const text = `import { checkpoint, grad, hook, valueAndGrad, vjp } from 'cotangent'
  import { saveGraph } from 'cotangent/graph'
  let runs = 0
  function relax(x: number, n: number): number {
    runs++
    let y = x
    for (let i = 0; i < n; i++) y = Math.sin(y) + 0.1 * y * y
    return y
  }
  const checkpointed = checkpoint(relax)
  export const counted = () => runs
  export const direct = grad(checkpointed)
  export const within = valueAndGrad((x: number, n: number) => 2 * checkpointed(x, n))
  export const plain = grad(relax)
  export const pulled = vjp((x: number, n: number) => checkpointed(x, n) * x)
  export const taped = vjp((x: number, n: number) => relax(x, n) * x)
  export const save = saveGraph
  function every(x: number, n: number): number {
    let y = x
    /** @checkpoint every=100 */
    for (let i = 0; i < n; i++) y = Math.sin(y) + 0.1 * y * y
    return y
  }
  function binomial(x: number, n: number): number {
    let y = x
    /** @checkpoint binomial */
    for (let i = 0; i < n; i++) y = Math.sin(y) + 0.1 * y * y
    return y
  }
  export const inParts = vjp(every)
  export const inTree = vjp(binomial)
  export const loops = [grad(every), grad(binomial)]
  export const seen: number[] = []
  function watched(x: number): number {
    let y = x
    /** @checkpoint every=3 */
    for (let i = 0; i < 8; i++) {
      y = y * (i + 1)
      hook(y, (g) => { seen.push(g) })
    }
    return y
  }
  export const watchedGradient = grad(watched)
  // The loop that is meant comes after the one that makes what it goes over.
  function over(x: Float64Array): number {
    let y = 1
    /** @checkpoint every=100 */
    for (const w of x.map((v) => v * v)) y = Math.sin(y + w) + 0.1 * y * y
    return y
  }
  export const gradientOver = grad(over)
`
const { code } = compileFiles({ '/main.ts': text }, ['/main.ts']).get('/main.ts')!
const module = load({ '/main.ts': code }, '/main.ts')
const at = (name: string) => functionOf(module, name)
type Pulled = (x: number, n: number) => { readonly pullback: ((cotangent: number) => number) & { release(): void } }
const bytesOf = (name: string, n: number): number => (at('save')((at(name) as Pulled)(0.7, n).pullback) as Uint8Array).length

describe('R8', () => {
  test('the primal runs exactly twice a gradient', () => {
    for (const name of ['direct', 'within']) {
      const before = at('counted')() as number
      at(name)(0.7, 20)
      expect(at('counted')(), name).toBe(before + 2)
    }
    const { pullback } = (at('pulled') as Pulled)(0.7, 20)
    const before = at('counted')() as number
    pullback(1)
    pullback(2)
    expect(at('counted')()).toBe(before + 2)
  })

  test('with the same gradient, bit for bit', () => {
    expect(at('direct')(0.7, 20)).toBe(at('plain')(0.7, 20))
    const { pullback } = (at('pulled') as Pulled)(0.7, 20)
    expect(pullback(1)).toBe((at('taped') as Pulled)(0.7, 20).pullback(1))
  })

  test('what is kept does not grow with the length of the function', () => {
    expect(bytesOf('pulled', 100_000)).toBeLessThan(bytesOf('pulled', 10) + 32)
    expect(bytesOf('taped', 100_000)).toBeGreaterThan(100 * bytesOf('taped', 10))
  })
})

describe('annotated loops', () => {
  test('keep a state in so many iterations, or only the first', () => {
    const step = (bytesOf('inParts', 200_000) - bytesOf('inParts', 100_000)) / 1000
    expect(step).toBe(8)
    expect(bytesOf('inTree', 100_000)).toBeLessThan(bytesOf('inTree', 10) + 32)
  })

  test('run hooks once an iteration, the last first', () => {
    expect(at('watchedGradient')(2)).toBe(40320)
    expect(module.seen).toEqual([1, 8, 56, 336, 1680, 6720, 20160, 40320])
  })

  test('are those that the annotation stands above, not what they go over', () => {
    const steps = /^function over_steps\([\s\S]*?^}/m.exec(code)?.[0]
    expect(steps).toContain('Math.sin')
    expect(steps).not.toContain('* v')
  })

  test('have the gradient of the loop, bit for bit', () => {
    const expected = at('plain')(0.7, 1234)
    for (const gradient of module.loops as readonly ((x: number, n: number) => number)[]) expect(gradient(0.7, 1234)).toBe(expected)
  })
})
