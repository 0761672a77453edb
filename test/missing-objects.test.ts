import { describe, expect, test } from 'vitest'
import { compile } from './support/compile.ts'
import { load } from './support/load.ts'

/** Objects that may be missing: which are taken apart, and that the others fail as the program itself does. */

const loop = (annotation: string): string => `{
  let p: Point | undefined
  let sum = 0
  ${annotation}
  for (let i = 0; i < x.length; i++) {
    if (p) sum += p.x * x[i]! + p.y
    p = x[i]! > 1 ? undefined : { x: x[i]! ** 2, y: sum * x[i]! }
  }
  return sum * (p?.x ?? 1)
}`

const functions = {
  asserted: `{
  let p: Point | undefined
  for (const v of x) p = { x: v * v, y: v }
  return p!.x
}`,
  takenAway: `{
  let p: Point | undefined = { x: x[0]!, y: 1 }
  const reset = (): void => { p = undefined }
  if (x[0]! > 1) reset()
  if (p) {
    reset()
    return p.x
  }
  return x[0]! * 2
}`,
  previous: `{
  let before: Point | undefined
  let sum = 0
  for (let i = 0; i < x.length; i++) {
    if (before) sum += before.x * x[i]!
    before = { x: x[i]! ** 2, y: 0 }
  }
  return sum
}`,
  again: `{
  let p: Point | null = null
  let sum = 0
  for (const v of x) {
    sum += (p?.x ?? 2) * v
    p = v > 0 ? { x: v * v, y: 0 } : null
  }
  return sum
}`,
  kept: loop(''),
  chunks: loop('/** @checkpoint every=2 */'),
}

type Name = keyof typeof functions
type Of<Result> = (x: Float64Array) => Result

const { code, diagnostics } = compile(
  [
    "import { grad } from 'cotangent'",
    'interface Point { readonly x: number; readonly y: number }',
    ...Object.entries(functions).map(([name, body]) => `export function ${name}(x: Float64Array): number ${body}`),
    ...Object.keys(functions).map((name) => `export const of_${name} = (x: Float64Array) => grad(${name})(x)`),
  ].join('\n'),
)
const module = load({ '/main.ts': code }, '/main.ts')
const original = (name: Name): Of<number> => module[name] as Of<number>
const gradient = (name: Name): Of<Float64Array> => module[`of_${name}`] as Of<Float64Array>

test('all are differentiated', () => {
  expect(diagnostics).toEqual([])
})

describe('an object that is not there', () => {
  const errorOf = (f: Of<unknown>, point: readonly number[]): unknown => {
    try {
      return f(Float64Array.from(point))
    } catch (error) {
      return String(error)
    }
  }

  test.each([
    ['asserted', []],
    ['takenAway', [0.5]],
  ] as const)('ends the derivative of %s with the error of the function', (name, point) => {
    const expected = errorOf(original(name), point)
    expect(expected).toMatch(/^TypeError/)
    expect(errorOf(gradient(name), point)).toBe(expected)
  })

  test('does not end it where there is one', () => {
    expect(gradient('asserted')(Float64Array.of(3, 2))).toEqual(Float64Array.of(0, 4))
    expect(gradient('takenAway')(Float64Array.of(2))).toEqual(Float64Array.of(2))
  })
})

describe('what is emitted', () => {
  // Without the lines of the program above what reverses them.
  const emitted = (name: Name): string => new RegExp(`function ${name}_grad.*?\n}`, 's').exec(code)![0].replaceAll(/^ *\/\/ .*\n/gm, '')

  test('asks for the iteration, and makes no object', () => {
    expect(emitted('previous')).toContain('if (i > 0)')
    expect(emitted('previous')).not.toMatch(/\{ x:|undefined|_there/)
  })

  test('has a truth value where it may be missing again', () => {
    expect(emitted('again')).toContain('p_there')
    expect(emitted('again')).not.toMatch(/\{ x:|undefined|null/)
  })
})

test('a loop that carries such an object can be checkpointed', () => {
  const point = Float64Array.of(0.7, -0.4, 1.3, 0.55, 0.2)
  expect(gradient('chunks')(point)).toEqual(gradient('kept')(point))
})
