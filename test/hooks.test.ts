import { describe, expect, test } from 'vitest'
import { compile, run } from './support/compile.ts'
import { functionOf, type Module } from './support/load.ts'
import { typeErrors } from './support/typecheck.ts'
import { checkFinite, clamp, clipNorm, log, reverse, scale } from '../runtime/hooks.ts'

/** The contract's cases of hooks, H1 to H20, each named by its id. */

const operators = ['grad', 'hook', 'noGrad', 'valueAndGrad', 'vjp']
const imported = (text: string): string =>
  `import { ${operators.filter((name) => new RegExp(`\\b${name}\\(`).test(text)).join(', ')} } from 'cotangent'\n${text}`
const build = (text: string): Module => run(imported(text))
const call = (text: string, ...args: unknown[]): unknown => functionOf(build(text), 'g')(...args)

describe('hooks', () => {
  test('H1: nothing keeps the gradient', () => {
    expect(call('export const g = grad((x: number) => { const y = 2 * x\n hook(y, () => undefined)\n return y * y })', 3)).toBe(24)
  })

  test('H2: what is given replaces it', () => {
    expect(call('export const g = grad((x: number) => { const y = 2 * x\n hook(y, (g) => g * 10)\n return y * y })', 3)).toBe(240)
  })

  test('H3: several run in the order they were written', () => {
    const module = build(`export const seen: number[] = []
      export const g = vjp((x: number) => {
        const y = 2 * x
        hook(y, (g) => { seen.push(g)\n return g + 1 })
        hook(y, (g) => { seen.push(g)\n return g * 2 })
        hook(y, (g) => { seen.push(g) })
        return y
      })`)
    const { pullback } = functionOf(module, 'g')(3) as { pullback: (seed: number) => number }
    expect(pullback(1)).toBe(8)
    expect(module.seen).toEqual([1, 2, 4])
  })

  test('H4 and H7: once, with the sum of all uses, wherever it is written', () => {
    for (const place of [0, 1, 2]) {
      const lines = ['const a = 2 * y', 'const b = 3 * y + 5 * y']
      lines.splice(place, 0, 'hook(y, (g) => { seen.push(g) })')
      const module = build(
        `export const seen: number[] = []\nexport const g = grad((x: number) => { const y = x * x\n ${lines.join('\n')}\n return a + b })`,
      )
      expect(functionOf(module, 'g')(3)).toBe(60)
      expect(module.seen).toEqual([10])
    }
  })

  test('H5: on a parameter last, on the total', () => {
    const module = build(`export const seen: number[] = []
      export const g = grad((x: number) => { hook(x, (g) => { seen.push(g)\n return g * 100 })\n return 2 * x + 5 * x })`)
    expect(functionOf(module, 'g')(3)).toBe(700)
    expect(module.seen).toEqual([7])
    expect(
      call(
        'export const g = grad((x: Float64Array) => { let s = 0\n for (let i = 0; i < x.length; i++) s += i * x[i]!\n hook(x, (g) => g.map((e) => e * 10))\n return s })',
        new Float64Array(3),
      ),
    ).toEqual(new Float64Array([0, 10, 20]))
  })

  test('H6 and H8: on the result, in every pullback call, with the seed', () => {
    const module = build(`export const seen: number[] = []
      export const g = vjp((x: number) => { const y = x * x\n hook(y, (g) => { seen.push(g) })\n return y })`)
    const { pullback } = functionOf(module, 'g')(3) as { pullback: (seed: number) => number }
    expect([pullback(1), pullback(2)]).toEqual([6, 12])
    expect(module.seen).toEqual([1, 2])
  })

  test('H9: with 0 where the value is multiplied by 0', () => {
    const module = build(`export const seen: number[] = []
      export const g = grad((x: number) => { const y = x * x\n hook(y, (g) => { seen.push(g) })\n return y * 0 + x })`)
    expect(functionOf(module, 'g')(3)).toBe(1)
    expect(module.seen).toEqual([0])
  })

  test('H10: not where the value is not on the path, or is a constant', () => {
    const module = build(`export const seen: number[] = []
      export const g = grad((x: number) => {
        const y = x * x
        hook(y, (g) => { seen.push(g) })
        const z = noGrad(() => x * 3)
        hook(z, (g) => { seen.push(g) })
        return z * x })`)
    expect(functionOf(module, 'g')(3)).toBe(9)
    expect(module.seen).toEqual([])
  })

  test('H11: in reverse of the order in which the values were made', () => {
    const module = build(`export const seen: string[] = []
      export const g = grad((x: number) => {
        const a = x * 1
        const b = x * 2
        const c = x * 3
        hook(a, () => { seen.push('a') })
        hook(b, () => { seen.push('b') })
        hook(c, () => { seen.push('c') })
        return a + b + c })`)
    expect(functionOf(module, 'g')(3)).toBe(6)
    expect(module.seen).toEqual(['c', 'b', 'a'])
  })

  test('H12: an exception passes, and no buffer of the caller is touched', () => {
    const module = build(`export const state = { fail: true }
      export const g = valueAndGrad((x: Float64Array) => {
        let s = 0
        for (let i = 0; i < x.length; i++) {
          const y = x[i]! * x[i]!
          hook(y, (g) => { if (state.fail && i === 0) throw new Error('stop')\n return g })
          s += y
        }
        return s })`)
    const g = module.g as { into: (out: Float64Array, x: Float64Array) => number }
    const out = new Float64Array([7, 7])
    expect(() => g.into(out, new Float64Array([1, 2]))).toThrow('stop')
    expect(out).toEqual(new Float64Array([7, 7]))
    ;(module.state as { fail: boolean }).fail = false
    expect(g.into(out, new Float64Array([1, 2]))).toBe(5)
    expect(out).toEqual(new Float64Array([2, 4]))
  })

  test('H13: something of another shape is an error that names the variable and the place', () => {
    const text = (given: string): string =>
      `export const g = grad((x: Float64Array) => { const y = x.slice()\n hook(y, () => ${given})\n return y[0]! * y[1]! })`
    expect(() => call(text('new Float64Array(3)'), new Float64Array(2))).toThrow(/CT0005.*y \(main\.ts:\d+\).*Float64Array of length 3/)
    expect(() => call(text("'three' as never"), new Float64Array(2))).toThrow(/CT0005.*a string/)
    expect(() => call("export const g = grad((x: number) => { const y = x * x\n hook(y, () => 'three' as never)\n return y })", 2)).toThrow(
      /CT0005.*y \(main/,
    )
  })

  test('H14: once an iteration, the last one first', () => {
    const module = build(`export const seen: number[] = []
      export const g = grad((x: number) => {
        let y = x
        for (let i = 0; i < 3; i++) { y = y * 2\n hook(y, (g) => { seen.push(g) }) }
        return y })`)
    expect(functionOf(module, 'g')(3)).toBe(8)
    expect(module.seen).toEqual([1, 2, 4])
  })

  test('H14 for independent iterations: in reverse order too, after all that the function does', () => {
    const module = build(`export const seen: unknown[] = []
      export const g = grad((x: number) => {
        let s = 0
        for (let i = 0; i < 3; i++) {
          const y = x * i
          seen.push(i)
          hook(y, (g) => { seen.push(['hook', i])\n return g * 2 })
          if (i === 1) continue
          s += y * y
        }
        return s })
      export const h = grad((x: number) => {
        let s = 0
        for (let i = 0; i < 2; i++) { seen.push(i)\n s += x * x }
        const y = s * 2
        hook(y, () => { seen.push('hook') })
        return y })`)
    expect(functionOf(module, 'g')(3)).toBe(48)
    const seen = module.seen as unknown[]
    expect(seen.splice(0)).toEqual([0, 1, 2, ['hook', 2], ['hook', 1], ['hook', 0]])
    expect(functionOf(module, 'h')(3)).toBe(24)
    expect(seen).toEqual([0, 1, 'hook'])
  })

  test('H15 and H16: under a second derivative, as executed', () => {
    const text = `function f(x: number, k: number): number { const y = x * x\n hook(y, (g) => g * k)\n return y * y }
      export const first = grad(f)
      export const second = grad((k: number, x: number) => grad(f)(x, k))`
    expect([functionOf(build(text), 'first')(3, 5), functionOf(build(text), 'second')(5, 3)]).toEqual([540, 108])
    const squared = `function f(x: number): number { const y = x * x\n hook(y, (g) => g * g)\n return y * y }
      export const first = grad(f)\nexport const second = grad(grad(f))`
    expect([functionOf(build(squared), 'first')(3), functionOf(build(squared), 'second')(3)]).toEqual([1944, 3240])
  })

  test('H15 for variables that change later: what they hold where the hook stands', () => {
    const text = (hook: string): string => `let k = 1
        const y = x.map((e) => e * 2)
        hook(y, ${hook})
        k = 5
        let s = 0
        for (const e of y) { k *= 2\n s += e * k }
        return s`
    const at = (body: string): unknown => call(`export const g = grad((x: Float64Array) => { ${body} })`, new Float64Array([3, 4]))
    expect(at(text('(g) => g.map((e) => e * k)'))).toEqual(new Float64Array([20, 40]))
    expect(at(text('(g) => g').replace('hook(y', 'const z = y[0]!\n hook(z, (g) => g * k)\n hook(y'))).toEqual(new Float64Array([20, 40]))
  })

  test('H16 for ready hooks, and for hooks that only look', () => {
    const cube = (hook: string): Module =>
      build(`import { clamp, log, reverse, scale } from 'cotangent/hooks'
        export const seen: unknown[] = []
        function f(x: number): number { const y = x * x * x\n hook(y, ${hook})\n return y * y }
        export const second = grad(grad(f))
        function ofArray(x: Float64Array): number { const y = x.map((e) => e * e * e)\n hook(y, ${hook.replace('(g)', '(g: unknown)')})\n return y[0]! * y[0]! }
        export const g = grad(ofArray)
        export const secondOfArray = grad((x: Float64Array) => grad(ofArray)(x)[0]!)`)
    const both = (hook: string): readonly unknown[] => {
      const module = cube(hook)
      const [x] = [new Float64Array([2])]
      return [functionOf(module, 'second')(2), ...['g', 'secondOfArray'].map((name) => (functionOf(module, name)(x) as Float64Array)[0])]
    }
    // x^6 has the derivatives 192 and 480; held at 1, the gradient is that of x^3, 12, and its derivative 12.
    expect(both('clamp(-1, 1)')).toEqual([12, 12, 12])
    expect(both('scale(3)')).toEqual([1440, 576, 1440])
    expect(both('reverse()')).toEqual([-480, -192, -480])
    expect(both("log('y', (...line) => seen.push(line))")).toEqual([480, 192, 480])
    expect(both('(g) => { seen.push(g) }')).toEqual([480, 192, 480])
    const { diagnostics } = compile(
      imported(`function f(x: Float64Array): number { const y = x.slice()\n hook(y, (g) => g.map((e) => e * e))\n return y[0]! * y[1]! }
        export const h = grad((x: Float64Array) => grad(f)(x)[0]!)`),
    )
    expect(diagnostics.map(({ code, message }) => [code, message.slice(0, 15)])).toEqual([['CT1305', 'the hook on `y`']])
  })

  test('H17 and H18: a slot leaves no trace unless it is bound', () => {
    const body = (slot: string): string => `export function f(x: number): number { const y = 2 * x\n ${slot}\n return y * y }`
    const plain = compile(imported(`${body('')}\nexport const g = grad(f)`)).code
    const unbound = compile(imported(`${body("hook(y, 'slot')")}\nexport const g = grad(f)`)).code
    const emitted = (code: string): string => code.slice(code.indexOf('function f_grad'))
    expect(emitted(unbound)).toBe(emitted(plain))
    const bound = `${body("hook(y, 'slot')")}\nconst ten = (g: number): number => g * 10\nexport const g = grad(f, { hooks: { slot: ten } })\nexport const h = grad(f)`
    expect([call(bound, 3), functionOf(build(bound), 'h')(3)]).toEqual([240, 24])
    const { diagnostics } = compile(imported(`${body("hook(y, 'slot')")}\nexport const g = grad(f, { hooks: { slit: (g: number) => g } })`))
    expect(diagnostics.map(({ code, hint }) => [code, hint])).toEqual([['CT1303', "the slots are: 'slot'"]])
  })

  test('H19: ready hooks', () => {
    expect(clamp(-1, 1)(new Float64Array([-3, 0.5, 2]))).toEqual(new Float64Array([-1, 0.5, 1]))
    expect(clipNorm(1)(new Float64Array([3, 4]))).toEqual(new Float64Array([3 * (1 / 5), 4 * (1 / 5)]))
    expect(clipNorm(10)(new Float64Array([3, 4]))).toBe(undefined)
    expect([scale(2)(3), reverse()(3)]).toEqual([6, -3])
    expect(() => checkFinite('y')({ a: [1, NaN] })).toThrow('The gradient of y is NaN at .a[1].')
    const lines: unknown[][] = []
    log('y', (...line) => lines.push(line))(2)
    expect(lines).toEqual([['y', 2]])
    expect(
      functionOf(
        run(`import { grad, hook } from 'cotangent'
          import { clamp } from 'cotangent/hooks'
          export const g = grad((x: Float64Array) => { const y = x.slice()\n hook(y, clamp(-1, 1))\n return y[0]! * y[1]! })`),
        'g',
      )(new Float64Array([0.5, -7])),
    ).toEqual(new Float64Array([-1, 0.5]))
  })

  test('H20: each hook sees the gradient of the value at its place', () => {
    const module = build(`export const seen: number[] = []
      export const g = vjp((x: number) => {
        let y = 2 * x
        hook(y, (g) => { seen.push(g) })
        y *= 2
        hook(y, (g) => { seen.push(g)\n return g * 5 })
        return y })`)
    const { pullback } = functionOf(module, 'g')(3) as { pullback: (seed: number) => number }
    expect(pullback(1)).toBe(20)
    expect(module.seen).toEqual([1, 10])
  })

  test('a hook away from where its variable gets its value is refused', () => {
    const { diagnostics } = compile(
      imported('export const g = grad((x: number) => { const y = x * x\n if (x > 0) hook(y, (g) => g)\n return y })'),
    )
    expect(diagnostics.map(({ code }) => code)).toEqual(['CT1302'])
  })

  test('what is emitted passes the type checker where nothing but the place of a hook says what it is called with', () => {
    const text = imported(`const seen: unknown[] = []
      export function ofNumber(x: number): number { const y = x * x\n hook(y, (g) => { seen.push(g) })\n return y * y }
      export function ofArray(x: Float64Array): number { const y = x.slice()\n hook(y, g => { if (g.length > 3) seen.push(g.map((e) => e)) })\n return y[0]! }
      export function ofRows(x: number[][]): number { hook(x, function (g = []) { seen.push(g.length) })\n return x[0]![0]! }
      export const slopes = [grad(ofNumber)(1), grad(ofArray)(new Float64Array(1)), grad(ofRows)([[1]])]`)
    const { code, diagnostics } = compile(text)
    expect(diagnostics).toEqual([])
    for (const type of ['number', 'Float64Array', 'number[][]'])
      expect(code).toMatch(new RegExp(`\\(g: ${type.replaceAll(/[[\]]/g, '\\$&')}[) ]`))
    expect(Object.fromEntries(typeErrors({ '/main.ts': code }))).toEqual({})
  })
})
