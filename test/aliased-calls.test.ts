import { describe, expect, test } from 'vitest'
import { compileFiles } from './support/compile.ts'
import { functionOf, load } from './support/load.ts'

/** Functions that are not inlined, and are given one array by two names: right, or refused when they run. */

const text = `import { checkpoint, grad, hessian, jvp } from 'cotangent'
function turns(a: Float64Array, b: Float64Array, n: number): number {
  if (n === 0) return 0
  const before = b[0]! * 2
  a[0] = Math.sin(a[0]!) + 3
  return before * b[0]! + turns(b, a, n - 1)
}
const once = checkpoint((a: Float64Array, b: Float64Array): number => {
  const before = b[0]! * 2
  a[0] = Math.sin(a[0]!) + 3
  return before * b[0]!
})
const read = (a: Float64Array, b: Float64Array, n: number): number => (n === 0 ? 1 : a[0]! * b[1]! * read(b, a, n - 1))

export const same = (x: Float64Array): number => turns(x, x, 3)
export const view = (x: Float64Array): number => turns(x, x.subarray(0), 3)
export const checkpointed = (x: Float64Array): number => once(x, x)
export const apart = (x: Float64Array): number => turns(x, x.slice(), 3)
export const onlyRead = (x: Float64Array): number => read(x, x, 3)
// Nothing of what the inner function does moves, so it is only printed anew, with what it captures.
export const printed = (x: Float64Array): number => {
  const c = x[0]!
  const inner = (a: number[], b: readonly number[], n: number): number => {
    if (n === 0) return 0
    const before = b[0]! * 2
    a[0] = Math.sin(a[0]!) + 3
    return before * b[0]! + inner(a, b, n - 1)
  }
  const z = [1, 2]
  return inner(z, z, 3) * c
}
export const gradients = {
  same: grad(same), view: grad(view), checkpointed: grad(checkpointed),
  apart: grad(apart), onlyRead: grad(onlyRead), printed: grad(printed),
}
export const tangents = {
  same: jvp(same), view: jvp(view), checkpointed: jvp(checkpointed),
  apart: jvp(apart), onlyRead: jvp(onlyRead), printed: jvp(printed),
}
const copied = (x: Float64Array): number => { const y = x.slice(); return turns(y, y, 3) }
export const second = hessian(copied)
`
const { code, diagnostics } = compileFiles({ '/main.ts': text }, ['/main.ts']).get('/main.ts')!
const module = load({ '/main.ts': code }, '/main.ts')
type Gradient = (x: Float64Array) => Float64Array
type Tangent = (primals: [Float64Array], tangents: [Float64Array]) => { readonly value: number; readonly tangent: number }
const gradients = module.gradients as Readonly<Record<string, Gradient>>
const tangents = module.tangents as Readonly<Record<string, Tangent>>
const here = (by = 0): Float64Array => new Float64Array([0.7 + by, 1.3])
const along = (): [Float64Array] => [new Float64Array([1, 0])]

test('nothing is refused when compiling', () => expect(diagnostics).toEqual([]))

describe('written by one name and read by the other', () => {
  test.each(['same', 'view', 'checkpointed'])('%s is refused by both modes', (name) => {
    expect(() => gradients[name]!(here())).toThrow(/CT0004/)
    expect(() => tangents[name]!([here()], along())).toThrow(/CT0004/)
  })

  test('and at second order', () => expect(() => functionOf(module, 'second')(here())).toThrow(/CT0004/))
})

describe('apart, only read, or without a derivative', () => {
  test.each(['apart', 'onlyRead', 'printed'])('%s is right by both modes', (name) => {
    const f = functionOf(module, name) as (x: Float64Array) => number
    const slope = (f(here(1e-6)) - f(here(-1e-6))) / 2e-6
    const { value, tangent } = tangents[name]!([here()], along())
    expect(value).toBe(f(here()))
    expect(tangent).toBeCloseTo(slope, 6)
    expect(gradients[name]!(here())[0]).toBeCloseTo(slope, 6)
  })
})
