import { expect, test } from 'vitest'
import { compileFiles } from '../support/compile.ts'
import { load } from '../support/load.ts'

const program = (body: string): string => `import { grad } from 'cotangent'
function f(x: Float64Array): number {
  let sum = 0
  ${body}
  return sum
}
export const into = (out: Float64Array, x: Float64Array): void => grad(f).into(out, x)
export const fresh = (x: Float64Array): Float64Array => grad(f)(x)
`

type Compiled = { into: (out: Float64Array, x: Float64Array) => void; fresh: (x: Float64Array) => Float64Array }

/** The gradient in buffers full of something else against the gradient in new ones, which are zeros. */
function expectSame(code: string): void {
  const { into, fresh } = load({ '/main.ts': code }, '/main.ts') as unknown as Compiled
  for (const n of [0, 1, 2, 3, 4, 7]) {
    const x = Float64Array.from({ length: n }, (_, i) => Math.sin(i + 1))
    const out = new Float64Array(n).fill(7)
    into(out, x)
    expect([...out], `n = ${String(n)}`).toEqual([...fresh(x)])
  }
}

const reached = [
  ['neighbours', 'for (let i = 0; i + 1 < x.length; i++) sum += x[i]! * x[i + 1]!'],
  ['all elements', 'for (let i = 0; i < x.length; i++) sum += x[i]! * x[i]!'],
  ['two before', 'for (let i = 2; i < x.length; i++) sum += x[i]! * x[i - 2]!'],
  ['downwards', 'for (let i = x.length - 1; i >= 0; i--) sum += x[i]! * x[i]!'],
  ['two sweeps', 'let p = 1\n  for (let i = 0; i < x.length; i++) p *= Math.cos(x[i]!)\n  sum = p'],
  ['a second loop', 'for (let i = 0; i < x.length; i++) sum += x[i]! * x[i]!\n  for (let i = 0; i < x.length; i++) sum *= x[i]!'],
] as const
const notReached = [
  ['under a condition', 'for (let i = 0; i < x.length; i++) if (x[i]! > 0) sum += x[i]! * x[i]!'],
  ['each second one', 'for (let i = 0; i < x.length; i += 2) sum += x[i]! * x[i]!'],
  ['by another index', 'for (let i = 0; i < x.length; i++) sum += x[(i * 3) % x.length]! ** 2'],
  ['not the last', 'for (let i = 0; i + 1 < x.length; i++) sum += x[i]! * x[i]!'],
  ['not the first', 'for (let i = 4; i < x.length; i++) sum += x[i]! * x[i]!'],
  ['until something is found', 'for (let i = 0; i < x.length; i++) {\n    if (x[i]! < 0) break\n    sum += x[i]! * x[i]!\n  }'],
  ['beyond a half', 'for (let i = 0; i < x.length / 2; i++) sum += x[i]! * x[i]!'],
  ['with a fixed one', 'for (let i = 0; i < x.length; i++) sum += x[i]! * x[1]!'],
  ['in a nested loop', 'for (let i = 0; i < x.length; i++) for (let j = 0; j < 2; j++) sum += x[i]! * x[j]!'],
] as const

const files = Object.fromEntries([...reached, ...notReached].map(([name, body]) => [`/${name}.ts`, program(body)]))
const compiled = compileFiles(files, Object.keys(files))

test.each(reached)('assigns what a loop reaches first: %s', (name) => {
  const { code } = compiled.get(`/${name}.ts`)!
  expect(code).not.toContain('fill(0)')
  expectSame(code)
})

test.each(notReached)('clears what a loop may not reach: %s', (name) => {
  const { code } = compiled.get(`/${name}.ts`)!
  expect(code).toContain('fill(0)')
  expectSame(code)
})
