import { describe, expect, test } from 'vitest'
import { compileFiles } from './support/compile.ts'
import { functionOf, load, type Module } from './support/load.ts'
import { typeErrors } from './support/typecheck.ts'

/** Functions with reverse rules of their authors: `customVjp(f, rule)`. */

const text = `import { checkpoint, customVjp, grad, hessian, hvp, jacobian, valueAndGrad, vjp } from 'cotangent'

// A straight-through estimator: the rule says something else than the function.
const round = customVjp((x: number) => Math.round(x), (x) => ({ value: Math.round(x), pullback: (g) => g }))
export const throughRound = grad((x: number) => round(3 * x) * x)

const mul = customVjp((a: number, b: number) => a * b, (a, b) => ({ value: a * b, pullback: (g) => [g * b, g * a] }))
function chain(x: number[]): number {
  let s = 1
  for (let i = 0; i < x.length; i++) {
    if (i % 2 === 0) s = mul(s, x[i]!) + mul(x[i]!, x[i]!)
    else s += mul(s, 2)
  }
  return s
}
function plainChain(x: number[]): number {
  let s = 1
  for (let i = 0; i < x.length; i++) {
    if (i % 2 === 0) s = s * x[i]! + x[i]! * x[i]!
    else s += s * 2
  }
  return s
}
export const chains = [grad(chain), grad(plainChain)]

// Arrays that the rule reads, and that are changed after the call.
const norm = customVjp(
  (x: Float64Array) => Math.hypot(...x),
  (x) => {
    const n = Math.hypot(...x)
    return { value: n, pullback: (g) => x.map((v) => (g * v) / n) }
  },
)
function norms(x: Float64Array): number {
  const y = x.slice()
  let t = 0
  for (let k = 0; k < 3; k++) {
    t += norm(y) * norm(x)
    y[k] = t
  }
  return t
}
function plainNorms(x: Float64Array): number {
  const y = x.slice()
  let t = 0
  for (let k = 0; k < 3; k++) {
    t += Math.hypot(...y) * Math.hypot(...x)
    y[k] = t
  }
  return t
}
export const normGradients = [grad(norms), grad(plainNorms)]

function softmax(x: Float64Array): Float64Array {
  const y = x.map(Math.exp)
  let s = 0
  for (const v of y) s += v
  return y.map((v) => v / s)
}
function softmaxRule(x: Float64Array) {
  const y = softmax(x)
  const pullback = (g: Float64Array) => {
    let d = 0
    for (let i = 0; i < g.length; i++) d += g[i]! * y[i]!
    return y.map((v, i) => v * (g[i]! - d))
  }
  return { value: y, pullback }
}
const ruled = customVjp(softmax, softmaxRule)
const twice = (x: Float64Array): Float64Array => {
  const y = ruled(x)
  y[0] = y[0]! * 2
  return ruled(y)
}
const plainTwice = (x: Float64Array): Float64Array => {
  const y = softmax(x)
  y[0] = y[0]! * 2
  return softmax(y)
}
export const jacobians = [jacobian(twice, { mode: 'reverse' }), jacobian(plainTwice)]
export const pulled = (x: Float64Array) => {
  const { pullback } = vjp(twice)(x)
  return [pullback(new Float64Array([1, 0, 0])), pullback(new Float64Array([0, 2, 1])), pullback(new Float64Array([1, 0, 0]))]
}

// An implicit function: the loop is not differentiated.
function solve(a: number): number {
  let y = 1
  for (let i = 0; i < 100; i++) y = Math.cos(a * y)
  return y
}
const fixed = customVjp(solve, (a) => {
  const y = solve(a)
  const s = -Math.sin(a * y)
  return { value: y, pullback: (g) => (g * s * y) / (1 - s * a) }
})
export const implicit = [valueAndGrad((a: number) => fixed(a) ** 2), valueAndGrad((a: number) => solve(a) ** 2)]

interface Spring { x: number; w: number[]; name: string }
const energy = customVjp(
  (p: Spring, s: number) => p.x * p.w[0]! * s,
  (p, s) => ({ value: p.x * p.w[0]! * s, pullback: (g) => [{ x: g * p.w[0]! * s, w: [g * p.x * s, 0] }, g * p.x * p.w[0]!] }),
)
function springs(x: number[]): number {
  const p = { x: x[0]!, w: [x[1]!, 2], name: 'a' }
  const v = energy(p, x[2]!)
  p.x = v
  return energy(p, 2) * v
}
export const ofSprings = grad(springs)

// The derivative of the rule, not of the function.
const cubed = customVjp((x: number) => x ** 3, (x) => ({ value: x ** 3, pullback: (g) => 3 * g * x * x + 0 * g }))
export const seconds = [grad(grad(cubed)), hessian(cubed), (x: number) => hvp(cubed)(x, 1), grad(grad(round))]
export const third = grad(grad(grad((x: number) => cubed(x) * x)))
const sumOfCubes = (x: Float64Array): number => {
  let s = 0
  for (let i = 0; i < x.length; i++) s += cubed(x[i]! * x[(i + 1) % x.length]!)
  return s
}
export const matrix = hessian(sumOfCubes)
export const product = hvp(sumOfCubes)

export const withCheckpoint = grad((x: number) => checkpoint((y: number) => cubed(y) * fixed(y))(x))
export function captured(a: number): number {
  const k = 3 * a
  return grad((x: number) => {
    const scaled = customVjp((y: number) => y * y * k, (y) => ({ value: y * y * k, pullback: (g) => 2 * g * y * k }))
    return scaled(x) * scaled(scaled(x))
  })(a)
}
// One rule for functions of several types.
const double = (x: { readonly length: number; readonly [i: number]: number }) => ({ value: 2 * x[0]!, pullback: (g: number) => [2 * g, 0] })
const ofList = customVjp((x: number[]) => 2 * x[0]!, double)
const ofArray = customVjp((x: Float64Array) => 2 * x[0]!, double)
export const ofBoth = [grad((x: number[]) => ofList(x) ** 2), grad((x: Float64Array) => ofArray(x) ** 2)]
const clamped = customVjp((x: Float64Array) => x.slice(), (x) => ({ value: x.slice(), pullback: (g) => g.map((v) => Math.max(-1, Math.min(1, v))) }))
export const clip = grad((x: Float64Array) => { const y = clamped(x); return 5 * y[0]! - 0.5 * y[1]! })
const short = customVjp((x: Float64Array) => x[0]!, (_x) => ({ value: 1, pullback: (g) => new Float64Array([g]) }))
export const tooShort = grad((x: Float64Array) => short(x))
export const values = [round(2.6), mul(2, 3), cubed(2)]
`

function compiled(): Module {
  const { code, diagnostics } = compileFiles({ '/main.ts': text }, ['/main.ts']).get('/main.ts')!
  expect(diagnostics.map((one) => `${one.code}: ${one.message}`)).toEqual([])
  expect([...typeErrors({ '/main.ts': code })].flatMap(([, errors]) => errors)).toEqual([])
  return load({ '/main.ts': code }, '/main.ts')
}

const module = compiled()
type F = (...args: unknown[]) => unknown
const listed = (name: string): readonly F[] => module[name] as readonly F[]
const close = (actual: unknown, expected: unknown): void => {
  const flat = (value: unknown): number[] => (typeof value === 'number' ? [value] : [...(value as number[])].flatMap(flat))
  const [a, b] = [flat(actual), flat(expected)]
  expect(a.length).toBe(b.length)
  a.forEach((value, i) => expect(value).toBeCloseTo(b[i]!, 9))
}

describe('customVjp', () => {
  test('is the function itself where nothing is differentiated', () => {
    expect(module.values).toEqual([3, 6, 8])
  })

  test('the rule counts, whatever the function does', () => {
    close(functionOf(module, 'throughRound')(0.7), 3 * 0.7 + Math.round(2.1))
    close(functionOf(module, 'clip')(new Float64Array([1, 2])), [1, -0.5])
  })

  test('rules of several arguments, in loops and branches', () => {
    const [ruled, plain] = listed('chains')
    close(ruled!([0.7, 0.2, -1, 2]), plain!([0.7, 0.2, -1, 2]))
  })

  test('what a rule reads is as it was at the call', () => {
    const [ruled, plain] = listed('normGradients')
    close(ruled!(new Float64Array([0.7, 0.2, -1])), plain!(new Float64Array([0.7, 0.2, -1])))
  })

  test('arrays as values, and pullbacks that are called again', () => {
    const x = new Float64Array([0.7, 0.2, -1])
    const [ruled, plain] = listed('jacobians')
    const rows = plain!(x) as Float64Array[]
    close(ruled!(x), rows)
    const [first, second, again] = functionOf(module, 'pulled')(x) as Float64Array[]
    close(first, rows[0])
    close(again, rows[0])
    close(
      second,
      rows[1]!.map((v, i) => 2 * v + rows[2]![i]!),
    )
  })

  test('an implicit function has the derivative of its loop', () => {
    const [ruled, plain] = listed('implicit') as readonly ((a: number) => { value: number; grad: number })[]
    expect(ruled!(0.8).value).toBe(plain!(0.8).value)
    close(ruled!(0.8).grad, plain!(0.8).grad)
  })

  test('records', () => {
    close(functionOf(module, 'ofSprings')([0.7, 0.2, -1]), [0.0224, 0.1176, -0.01568])
  })

  test('second and third derivatives are those of the rule', () => {
    const [second, matrix, product, ofRound] = listed('seconds')
    for (const f of [second, matrix, product]) close(f!(1.5), 9)
    close(ofRound!(0.3), 0)
    close(functionOf(module, 'third')(1.5), 24 * 1.5)
    const x = new Float64Array([0.5, -1, 2])
    const rows = functionOf(module, 'matrix')(x) as Float64Array[]
    const v = new Float64Array([1, 0.5, -2])
    close(
      functionOf(module, 'product')(x, v),
      rows.map((row) => row.reduce((sum, value, i) => sum + value * v[i]!, 0)),
    )
    close(rows[0]![1], 9 * 0.25 * 1)
  })

  test('within what is run again, and with what it captures', () => {
    const y = 0.8
    const solve = (a: number): number => Array.from({ length: 100 }).reduce<number>((one) => Math.cos(a * one), 1)
    const slope = (solve(y + 1e-6) - solve(y - 1e-6)) / 2e-6
    expect(functionOf(module, 'withCheckpoint')(y)).toBeCloseTo(3 * y * y * solve(y) + y ** 3 * slope, 7)
    const k = 3 * y
    close(functionOf(module, 'captured')(y), 6 * k ** 4 * y ** 5)
  })

  test('one rule for several functions', () => {
    const [ofList, ofArray] = listed('ofBoth')
    close(ofList!([3, 1]), [24, 0])
    close(ofArray!(new Float64Array([3, 1])), [24, 0])
  })

  test('a gradient of another length is an error', () => {
    expect(() => functionOf(module, 'tooShort')(new Float64Array([1, 2]))).toThrow(/CT0015.*`short`.*length 1 .*length 2/)
  })
})
