import { describe, expect, it } from 'vitest'
import { jacobian } from './oracle/differences.ts'
import { functionOf } from './support/load.ts'
import { run } from './support/compile.ts'

/** Functions whose pullback reads what the caller also has, its argument or the value, or has written it since. The residuals are no copies of these. */
const programs = {
  'reads its argument': 'return new Float64Array([x[0]! * x[1]!, Math.sin(x[0]!) * k[0]!])',
  'gives its argument': 'return x',
  'gives what it has written several times':
    'const y = x.slice(); for (let i = 0; i < 3; i++) { y[0]! = y[0]! * y[1]! + k[0]!; y[1]! *= Math.sin(y[0]!) } return y',
  'gives what it reads again': 'const y = new Float64Array(2); y[0] = x[0]! * x[1]!; y[1] = y[0]! ** 2 * k[1]!; return y',
  'gives its argument or a copy': 'const y = k[0]! > 0 ? x.slice() : x; return new Float64Array([y[0]! * x[1]!, y[1]! ** 2])',
}

describe('a Jacobian by rows', () => {
  it.each(Object.entries(programs))('of a function that %s', (_, body) => {
    const module = run(`
      import { jacobian } from 'cotangent'
      export function f(x: Float64Array, k: Float64Array): Float64Array { ${body} }
      export const rows = (x: Float64Array, k: Float64Array): Float64Array[] => jacobian(f, { mode: 'reverse' })(x, k)
      export const chosen = (x: Float64Array, k: Float64Array): Float64Array[] => jacobian(f)(x, k)
      export const columns = (x: Float64Array, k: Float64Array): Float64Array[] => jacobian(f, { mode: 'forward' })(x, k)`)
    const given = (): [Float64Array, Float64Array] => [new Float64Array([0.7, 1.3]), new Float64Array([0.9, -0.4])]
    const [x, k] = given()
    const differences = jacobian((moved: Float64Array) => functionOf(module, 'f')(moved, k.slice()), [x])
    for (const name of ['rows', 'chosen', 'columns']) {
      const args = given()
      // The second call finds its buffers used.
      for (let call = 0; call < 2; call++) {
        const found = functionOf(module, name)(...args) as Float64Array[]
        for (const i of [0, 1]) for (const j of [0, 1]) expect(found[i]![j], `${name} ${i} ${j}`).toBeCloseTo(differences[j]![i]!.value, 8)
      }
      expect(args).toEqual(given())
    }
  })
})
