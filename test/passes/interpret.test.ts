import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parse } from '../../compiler/ir/parse.ts'
import { arbitraryArguments, arbitraryProgram } from '../support/arbitrary-function.ts'
import { interpret } from '../support/interpret.ts'

test('loops, exits, arrays and calls run as they would in JavaScript', () => {
  const square = parse(`function square(x = "3"): number
  const x: number
{
  return x * x
}
`)
  const walk = parse(`function walk(u, n): number
  const u: Float64Array
  const n: number
  let s: number
  let exit: number
  const i: number
  const q: number
  let k: number
  const v: Float64Array
  const r: { a: number, b: number[] }
{
  let s = 0
  let exit = 0
  const v = view(u, 1)
  for (i = n - 1; i >= 0; i += -1) exit exit {
    const q = call "square"(u[i])
    s = s + q
    if (s > 20) {
      exit = 1
      break
    } else {
      v[0] = s
    }
  }
  const r = record<{ a: number, b: number[] }>(exit, list<number[]>(1, 2))
  r.a = r.a + 1
  r.b.fill(5, 1)
  let k = 0
  do {
    k = k + 1
  } while (k < 3)
  return s * 1000 + r.a * 100 + r.b[1] * 10 + k
}
`)
  const program = { functions: new Map([['square', square], ['walk', walk]]) } // prettier-ignore
  const u = Float64Array.of(1, 2, 3, 4)
  expect(interpret(walk, [u, 4], { program })).toBe(25_253)
  expect([...u]).toEqual([1, 16, 3, 4])
  expect(interpret(square, [])).toBe(9)
})

test('a value that was never given, and an endless loop, are errors', () => {
  const read = parse('function f(): number\n  const a: number\n{\n  const a\n  return a\n}\n')
  expect(() => interpret(read, [])).toThrow('a is read before it has a value')
  const endless = parse('function f(): void\n{\n  while (true) {\n  }\n}\n')
  expect(() => interpret(endless, [], { fuel: 100 })).toThrow('out of fuel')
})

test('random programs end with a number, and always the same', () => {
  let finite = 0
  fc.assert(
    fc.property(arbitraryProgram(), arbitraryArguments(), (program, [x, y, u]) => {
      const first = interpret(program.main, [x, y, u.slice()], { program })
      expect(first).toBeTypeOf('number')
      expect(interpret(program.main, [x, y, u.slice()], { program })).toBe(first)
      if (Number.isFinite(first)) finite++
    }),
    { numRuns: 300, seed: 1 },
  )
  expect(finite).toBeGreaterThan(250)
})
