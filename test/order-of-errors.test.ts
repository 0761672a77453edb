import { expect, test } from 'vitest'
import { compileFiles } from './support/compile.ts'
import { functionOf, load } from './support/load.ts'

/** What the reversal of a loop needs may be computed before the loop, but not before a check that stands in front of it. */

const path = '/errors/program.ts'
const text = `import { grad, valueAndGrad } from 'cotangent'
interface Options { factor: number }
function summed(w: Float64Array): number {
  let s = 0
  for (let i = 0; i < w.length; i++) s += Math.sin(w[i]! * w[0]!)
  return s
}
const required = (options: Options | undefined): Options => {
  if (options === undefined) throw new RangeError('no options')
  return options
}
export function thrown(w: Float64Array, options?: Options): number {
  const s = summed(w)
  if (options === undefined) throw new RangeError('no options')
  const factor = options.factor
  return s * factor
}
export function thrownByAnother(w: Float64Array, options?: Options): number {
  const s = summed(w)
  const { factor } = required(options)
  return s * factor
}
export function empty(w: Float64Array, rows: number[][]): number {
  const s = summed(w)
  if (rows.length === 0) throw new RangeError('no rows')
  const factor = rows[0]![0]!
  return s * factor
}
export const gradients = { thrown: grad(thrown), thrownByAnother: grad(thrownByAnother), empty: valueAndGrad(empty) }
`

const { code, diagnostics } = compileFiles({ [path]: text }, [path]).get(path)!
const module = load({ [path]: code }, path)
const gradients = module.gradients as Readonly<Record<string, (...args: unknown[]) => unknown>>

test('all are compiled', () => expect(diagnostics).toEqual([]))

test.each(['thrown', 'thrownByAnother', 'empty'])('%s', (name) => {
  const args = [new Float64Array([0.4, 1.6]), name === 'empty' ? [] : undefined]
  expect(() => functionOf(module, name)(...args)).toThrow(RangeError)
  expect(() => gradients[name]!(...args)).toThrow(RangeError)
})
