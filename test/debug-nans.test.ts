import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { createCompiler } from '../compiler/index.ts'
import { folders } from './support/command.ts'
import { functionOf, load, type Module } from './support/load.ts'
import { typeErrors } from './support/typecheck.ts'

/** `--debug-nans`: derivatives that throw where a gradient is first not finite. */

const text = `import { grad, hessian, valueAndGrad, vjp } from 'cotangent'

export function loss(w: Float64Array, x: Float64Array): number {
  let sum = 0
  for (let i = 0; i < x.length; i++) {
    const distance = w[0]! - x[i]!
    const root = Math.sqrt(Math.abs(distance))
    sum += root * w[1]!
  }
  return sum
}

function stored(x: Float64Array): number {
  const u = new Float64Array(x.length)
  for (let i = 0; i < x.length; i++) {
    u[i] = x[i]! * 2
  }
  let sum = 0
  for (let i = 0; i < x.length; i++) sum += Math.sqrt(u[x.length - 1 - i]!)
  return sum
}

function nested(x: number, depth: number): number {
  if (depth === 0) return Math.log(x)
  return nested(x * x, depth - 1)
}

const pushed = (x: number, n: number): number => {
  const list: number[] = []
  for (let i = 0; i < n; i++) {
    list.push(x * i)
  }
  let sum = 0
  for (let i = n - 1; i >= 0; i--) sum += Math.sqrt(list[i]!)
  return sum
}

const record = (p: { a: number; b: { c: number } }): number => p.a * Math.sqrt(p.b.c)

export const gradient = grad(loss)
export const both = valueAndGrad(loss)
export const second = hessian(loss)
export const ofStored = grad(stored)
export const ofNested = grad(nested)
export const ofPushed = grad(pushed)
export const ofRecord = vjp(record)
`

function compiled(debugNans: boolean): { readonly code: string; readonly module: Module } {
  const { code, diagnostics } = createCompiler({ files: { '/main.ts': text }, debugNans }).compileFile('/main.ts')
  expect(diagnostics).toEqual([])
  return { code, module: load({ '/main.ts': code }, '/main.ts') }
}

describe('--debug-nans', () => {
  const [plain, debug] = [compiled(false), compiled(true)]
  const call = (name: string, ...args: unknown[]): unknown => functionOf(debug.module, name)(...args)
  const w = (): Float64Array => new Float64Array([1, 2])

  test('the variable and the line where a gradient is first not finite', () => {
    // The derivative of the root is infinite at 0, and that of `Math.abs` is 0 there.
    expect(functionOf(plain.module, 'gradient')(w(), new Float64Array([3, 1]))).toEqual(new Float64Array([NaN, Math.SQRT2]))
    expect(() => call('gradient', w(), new Float64Array([3, 1]))).toThrow('The gradient of distance (main.ts:6) is NaN.')
    expect(() => call('both', w(), new Float64Array([1]))).toThrow('distance (main.ts:6)')
    expect(() => call('ofStored', new Float64Array([1, 0]))).toThrow('The gradient of u[i] (main.ts:16) is Infinity.')
    expect(() => call('ofPushed', 1, 2)).toThrow('The gradient of what is pushed (main.ts:31) is Infinity.')
    expect(() => call('ofNested', 0, 1)).toThrow(/The gradient of \w+ \(main\.ts:2\d\) is (?:NaN|Infinity)/)
    const { pullback } = call('ofRecord', { a: 1, b: { c: 0 } }) as { pullback: (seed: number) => unknown }
    expect(() => pullback(1)).toThrow('The gradient of p (main.ts:38) is Infinity at .b.c.')
  })

  test('no buffer of the caller is touched', () => {
    const out = new Float64Array([7, 7])
    const into = debug.module.gradient as { into: (out: Float64Array, w: Float64Array, x: Float64Array) => void }
    expect(() => into.into(out, w(), new Float64Array([1]))).toThrow('distance')
    expect(out).toEqual(new Float64Array([7, 7]))
    into.into(out, w(), new Float64Array([3]))
    expect(out).toEqual(functionOf(plain.module, 'gradient')(w(), new Float64Array([3])))
  })

  test('the same numbers where they are finite, and code that passes the type checker', () => {
    const x = new Float64Array([3, 0.5])
    for (const [name, ...args] of [
      ['gradient', w(), x],
      ['both', w(), x],
      ['second', w(), x],
      ['ofStored', x],
      ['ofNested', 2, 3],
    ] as const)
      expect(call(name, ...args)).toEqual(functionOf(plain.module, name)(...args))
    expect(plain.code).not.toContain('checkFinite')
    expect(Object.fromEntries(typeErrors({ '/main.ts': debug.code }))).toEqual({})
  })

  const folder = folders()

  test('cotangent build --debug-nans', async () => {
    const { path, run } = folder({
      'main.ts': text,
      'tsconfig.json': JSON.stringify({
        compilerOptions: { strict: true, target: 'es2022', module: 'esnext', moduleResolution: 'bundler', types: [] },
        files: ['main.ts'],
      }),
    })
    expect(await run(['build', '--out-dir', 'gen', '--debug-nans'])).toMatchObject({ code: 0, stderr: '' })
    expect(readFileSync(join(path, 'gen/main.ts'), 'utf8')).toContain('checkFinite("distance (main.ts:6)")')
  })
})
