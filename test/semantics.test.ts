import { describe, expect, test } from 'vitest'
import { compile, run } from './support/compile.ts'
import { functionOf } from './support/load.ts'

/** The contract's cases with their numbers: each test is named by its id. */

type Numeric = (...args: number[]) => number
interface Pullback {
  value: unknown
  pullback: (cotangent: unknown) => unknown
}

const all = 'enableGrad, grad, hessian, hvp, jacobian, jvp, noGrad, setGradEnabled, stopGradient, valueAndGrad, vjp'

function build(text: string): (name: string) => (...args: unknown[]) => unknown {
  const imports = all.split(', ').filter((name) => new RegExp(`\\b${name}\\(`).test(text))
  const module = run(`import { ${imports.join(', ')} } from 'cotangent'\n${text}`)
  return (name) => functionOf(module, name)
}

describe('grad modes', () => {
  test('M1: a constant result has gradient 0, and a warning says so', () => {
    const text = `import { grad, noGrad } from 'cotangent'
      export const f = (x: number): number => noGrad(() => x * 2)
      export const g = grad(f)`
    expect(functionOf(run(text), 'f')(3)).toBe(6)
    expect(functionOf(run(text), 'g')(3)).toBe(0)
    const { diagnostics } = compile(text)
    expect(diagnostics.map(({ code, severity }) => [code, severity])).toEqual([['CT4001', 'warning']])
  })

  test('M2: enabled again within, it differentiates', () => {
    expect(build('export const g = grad((x: number) => noGrad(() => enableGrad(() => x * 2)))')('g')(3)).toBe(2)
    expect(build('export const g = grad((x: number) => noGrad(() => { const y = enableGrad(() => x * 2)\n return y }))')('g')(3)).toBe(2)
  })

  test('M3: enabling is not retroactive', () => {
    const text = 'export const g = grad((x: number) => { const y = noGrad(() => x * 2)\n return enableGrad(() => y * 2) + x })'
    expect(build(text)('g')(3)).toBe(1)
  })

  test('M4: a cut edge, not a cut region', () => {
    const at = build('export const g = grad((x: number) => x * 2 + stopGradient(x) * x)')
    expect(at('g')(3)).toBe(5)
  })

  test('M4 for an array: constants where they are read through the reference, alive elsewhere', () => {
    const at = build(`export const g = grad((x: Float64Array) => { const c = stopGradient(x)\n return c[0]! * x[0]! + twice(c) })
      function twice(a: Float64Array): number { let s = 0\n for (let i = 0; i < a.length; i++) s += 2 * a[i]!\n return s }`)
    expect(at('g')(new Float64Array([3, 4]))).toEqual(new Float64Array([3, 0]))
  })

  test('M5: a factor that is a constant', () => {
    expect(build('export const g = grad((x: number) => { const y = noGrad(() => x * x)\n return y * x })')('g')(3)).toBe(9)
  })

  test('M6: a flag that is known at run time', () => {
    const at = build('export const g = grad((x: number, flag: boolean) => setGradEnabled(flag, () => x * x) + x)')
    expect([at('g')(3, true), at('g')(3, false)]).toEqual([7, 1])
    expect(
      build('export const g = grad((x: number) => setGradEnabled(true, () => x * x) + setGradEnabled(false, () => x * x))')('g')(3),
    ).toBe(6)
  })

  test('M7: leaving a region brings the mode back', () => {
    const early = `export const g = grad((x: number) => {
      const y = noGrad(() => { if (x > 2) return x * x\n return x })
      return y * x + x * x })`
    expect(build(early)('g')(3)).toBe(15)
    const thrown = `export const g = grad((x: number) => {
      noGrad(() => { if (x > 5) throw new Error('too large') })
      return x * x })`
    expect(build(thrown)('g')(3)).toBe(6)
    expect(() => build(thrown)('g')(6)).toThrow('too large')
  })

  test('M8: a call without a rule', () => {
    const at = build('export const g = grad((x: number) => x * noGrad(() => JSON.parse(JSON.stringify([x]))[0] as number))')
    expect(at('g')(3)).toBe(3)
  })

  test('M9: writes in place are constants from there on', () => {
    const at = build(`export const g = grad((x: Float64Array) => {
      const u = x.slice()
      noGrad(() => { u[0] = u[0]! * 10 })
      let s = 0
      for (let i = 0; i < u.length; i++) s += u[i]! * u[i]!
      return s })`)
    expect(at('g')(new Float64Array([3, 4]))).toEqual(new Float64Array([0, 8]))
    const block = build(`export const g = grad((x: Float64Array) => {
      let s = 0
      for (let i = 0; i < x.length; i++) {
        let scale = 0
        noGrad(() => { for (let k = 0; k < x.length; k++) { if (k > 1) break\n scale += x[k]! * x[i]! } })
        s += scale * x[i]!
      }
      return s })`)
    expect(block('g')(new Float64Array([3, 4]))).toEqual(new Float64Array([21, 28]))
  })

  const seen = 'declare const globalThis: { outOfSight(x: Float64Array): number }\n'
  const outOfSight = (f: (x: Float64Array) => number): void => void Object.assign(globalThis, { outOfSight: f })

  test('M8: what a function without source changes is never taken for unchanged', () => {
    const at = build(`${seen}export const g = grad((x: Float64Array) => {
      const s = x[0]! * x[1]!
      return s + noGrad(() => globalThis.outOfSight(x)) })
      export const scratch = grad((x: number, d: Float64Array) => {
        const s = x * d[0]!
        noGrad(() => globalThis.outOfSight(d))
        return s })`)
    outOfSight((x) => x[0]!)
    expect(at('g')(new Float64Array([3, 4]))).toEqual(new Float64Array([4, 3]))
    outOfSight((x) => (x[0] = 7))
    expect(() => at('g')(new Float64Array([3, 4]))).toThrow(/CT0018.*globalThis\.outOfSight/)
    expect(at('scratch')(3, new Float64Array([5]))).toBe(5)
  })

  test('M8: what the library makes of an array is a constant', () => {
    const at = build(`export const g = grad((x: Float64Array) => {
      const copy = noGrad(() => JSON.parse(JSON.stringify(Array.from(x))) as number[])
      return copy[0]! * x[0]! + noGrad(() => structuredClone(x))[1]! * x[1]! })`)
    expect(at('g')(new Float64Array([3, 4]))).toEqual(new Float64Array([3, 4]))
  })

  test('M9: what can not be told apart is refused', () => {
    const refused = (text: string): readonly string[] => compile(text).diagnostics.map(({ code }) => code)
    const recursive = `import { grad, noGrad } from 'cotangent'
      function fill(x: Float64Array, i: number): void { if (i < x.length) { x[i] = x[i]! * 2\n fill(x, i + 1) } }
      export const g = grad((x: Float64Array) => { const u = x.slice()\n noGrad(() => fill(WHAT, 0))\n return u[0]! })`
    expect(refused(recursive.replace('WHAT', 'u'))).toEqual(['CT2020'])
    expect(refused(recursive.replace('WHAT', 'u.slice()'))).toEqual([])
    const leaving = `import { grad, noGrad } from 'cotangent'
      export const g = grad((p: { a: number; b: number[] }) => { const q = noGrad(() => ({ a: p.a, b: WHAT }))\n return q.a * p.a + q.b[0]! * p.b[0]! })`
    expect(refused(leaving.replace('WHAT', 'p.b'))).toEqual(['CT2020'])
    expect(functionOf(run(leaving.replace('WHAT', 'p.b.slice()')), 'g')({ a: 3, b: [4] })).toEqual({ a: 3, b: [4] })
  })

  test('M9: a whole array is copied in place', () => {
    const at = build(`function f(x: Float64Array, y: Float64Array): number {
        noGrad(() => { y.set(x) })
        let s = 0
        for (let i = 0; i < x.length; i++) s += y[i]! * x[i]!
        return s }
      export const g = grad(f, { wrt: [0, 1] })
      export const t = jvp(f)`)
    const [x, y] = [new Float64Array([1, 2]), new Float64Array([3, 4])]
    expect(at('g')(x, y.slice())).toEqual([new Float64Array([1, 2]), new Float64Array(2)])
    expect(at('t')([x, y.slice()], [x.slice(), y.slice()])).toEqual({ value: 5, tangent: 5 })
  })

  test('M10: no trace of the markers in the original function', () => {
    const { code } = compile(`import { enableGrad, grad, noGrad, setGradEnabled, stopGradient } from 'cotangent'
      export function f(x: number, on: boolean): number {
        let y = noGrad(() => x * enableGrad(() => stopGradient(x) * 2))
        noGrad(() => { y += 1 })
        return y + setGradEnabled(on, () => x * x)
      }
      export const g = grad(f)`)
    const original = code.slice(code.indexOf('export function f'), code.indexOf('export const g'))
    expect(original).not.toMatch(/Grad|stopGradient/)
    expect(original).toContain('let y = (x * ((x) * 2))')
    expect(original).toContain('{ y += 1 }')
  })

  test('M11: an argument that is not used has zeros of its shape, and a warning says so', () => {
    const text = `import { grad } from 'cotangent'
      export function f(x: number, unused: Float64Array): number { return x * x }
      export const g = grad(f, { wrt: 1 })`
    expect(functionOf(run(text), 'g')(3, new Float64Array(4))).toEqual(new Float64Array(4))
    const { diagnostics } = compile(text)
    expect(diagnostics.map(({ severity }) => severity)).toEqual(['warning'])
    expect(diagnostics[0]!.message).toContain('unused')
  })

  test('M12: the identity', () => {
    const at = build('export const g = grad((x: number) => x)\nexport const t = jvp((x: number) => x)')
    expect(at('g')(3)).toBe(1)
    expect(at('t')([3], [2])).toEqual({ value: 3, tangent: 2 })
  })
})

describe('higher orders and nesting', () => {
  test('N1: no perturbation confusion in a sum', () => {
    expect(build('export const g = grad((x: number) => x * grad((y: number) => x + y)(1))')('g')(1)).toBe(1)
  })

  test('N2: no perturbation confusion in a product', () => {
    expect(build('export const g = grad((x: number) => x * grad((y: number) => x * y)(1))')('g')(4)).toBe(8)
  })

  test('N3: one to six times the derivative of a power', () => {
    const orders = [1, 2, 3, 4, 5, 6]
    const texts = orders.map((order) => `export const d${String(order)} = ${'grad('.repeat(order)}f${')'.repeat(order)}`)
    const at = build(`const f = (x: number): number => x ** 5\n${texts.join('\n')}`)
    expect(orders.map((order) => at(`d${String(order)}`)(2))).toEqual([80, 160, 240, 240, 120, 0])
  })

  const rosenbrock = `export function rosenbrock(x: Float64Array): number {
    let sum = 0
    for (let i = 0; i + 1 < x.length; i++) {
      const a = 1 - x[i]!
      const b = x[i + 1]! - x[i]! * x[i]!
      sum += a * a + 100 * b * b
    }
    return sum
  }`

  test('N4: the Hessian of rosenbrock', () => {
    const at = build(`${rosenbrock}\nexport const h = hessian(rosenbrock)\nexport const d = hessian((x: number) => x ** 4)`)
    expect(at('h')(new Float64Array([-1.2, 1]))).toEqual([new Float64Array([1330, 480]), new Float64Array([480, 200])])
    expect(at('d')(2)).toBe(48)
  })

  test('N5: hvp against the Hessian, the Jacobian by columns against by rows', () => {
    const at = build(`${rosenbrock}
      export const h = hessian(rosenbrock)
      export const p = hvp(rosenbrock)
      function field(x: Float64Array, t: number): Float64Array {
        const y = new Float64Array(x.length + 1)
        for (let i = 0; i < x.length; i++) y[i] = Math.sin(x[i]! * t) * x[0]!
        y[x.length] = x[1]! ** 3
        return y
      }
      export const chosen = jacobian(field)
      export const columns = jacobian(field, { mode: 'forward' })
      export const rows = jacobian(field, { mode: 'reverse' })
      export const along = jacobian(field, { wrt: 1 })
      export const scalar = jacobian((x: number) => x ** 3)
      export const row = jacobian((x: number[]) => x[0]! * x[1]!)`)
    const [x, v] = [new Float64Array([0.3, -0.7, 1.1]), new Float64Array([1, -2, 0.5])]
    const rows = at('h')(x) as Float64Array[]
    const product = at('p')(x, v) as Float64Array
    rows.forEach((row, i) => expect(row.reduce((sum, h, j) => sum + h * v[j]!, 0)).toBeCloseTo(product[i]!, 12))
    const [columns, byRows] = [at('columns')(x, 2) as Float64Array[], at('rows')(x, 2) as Float64Array[]]
    expect(at('chosen')(x, 2)).toEqual(columns)
    expect([columns.length, columns[0]!.length]).toEqual([4, 3])
    columns.forEach((row, i) => row.forEach((entry, j) => expect(entry).toBeCloseTo(byRows[i]![j]!, 12)))
    expect((at('along')(x, 2) as Float64Array)[0]).toBeCloseTo(0.09 * Math.cos(0.6), 12)
    expect([at('scalar')(2), at('row')([3, 5])]).toEqual([12, new Float64Array([5, 3])])
  })

  test('N6: the gradient of the norm of the gradient', () => {
    const at = build(`${rosenbrock}
      function norm(x: Float64Array): number {
        const g = grad(rosenbrock)(x)
        let s = 0
        for (let i = 0; i < g.length; i++) s += g[i]! * g[i]!
        return Math.sqrt(s)
      }
      export const value = norm
      export const slope = grad(norm)
      export const viaProduct = grad((x: Float64Array) => { const p = hvp(rosenbrock)(x, x)\n return p[0]! })`)
    const x = new Float64Array([-1.2, 1])
    const slope = at('slope')(x) as Float64Array
    const h = 1e-6
    const norm = (dx: number, dy: number): number => {
      const [a, b] = [x[0]! + dx, x[1]! + dy]
      const [g0, g1] = [-2 * (1 - a) - 400 * a * (b - a * a), 200 * (b - a * a)]
      return Math.hypot(g0, g1)
    }
    expect(slope[0]).toBeCloseTo((norm(h, 0) - norm(-h, 0)) / (2 * h), 4)
    expect(slope[1]).toBeCloseTo((norm(0, h) - norm(0, -h)) / (2 * h), 4)
    // p0 = (2 - 400 (b - 3 a a)) a - 400 a b
    expect((at('viaProduct')(x) as Float64Array)[0]).toBeCloseTo(2 - 800 + 9 * 400 * 1.44, 8)
  })

  test('N7: a captured variable that changes between two evaluations', () => {
    const f = `(x: number): number => {
        let k = x
        const inner = (y: number): number => k * y * y
        const slope = grad(inner)
        const a = slope(x)
        k = x * x
        const b = slope(x)
        k = 0
        return a * b
      }`
    const at = build(`export const f = ${f}
      export const g = grad(f)
      export const looped = (x: number): number => {
        let k = 1
        let sum = 0
        for (let i = 1; i <= 3; i++) {
          k *= x
          sum += grad((y: number) => k * y * y * i)(x)
        }
        return sum
      }
      export const slopes = grad(looped)`)
    // 2 x^2 * 2 x^3, and 2 x^2 + 4 x^3 + 6 x^4.
    expect([at('f')(2), at('g')(2)]).toEqual([128, 320])
    expect([at('looped')(2), at('slopes')(2)]).toEqual([136, 248])
  })

  test('N8: the derivative with respect to the learning rate of the loss after 20 steps', () => {
    const at = build(`
      function loss(w: Float64Array, data: Float64Array): number {
        let sum = 0
        for (let i = 0; i + 1 < data.length; i += 2) {
          const miss = Math.tanh(w[0]! * data[i]! + w[1]!) - data[i + 1]!
          sum += miss * miss
        }
        return sum
      }
      export function after(rate: number, data: Float64Array): number {
        const w = new Float64Array([0.5, -0.2])
        for (let step = 0; step < 20; step++) {
          const g = grad(loss)(w, data)
          for (let i = 0; i < w.length; i++) w[i]! -= rate * g[i]!
        }
        return loss(w, data)
      }
      export function afterInto(rate: number, data: Float64Array): number {
        const w = new Float64Array([0.5, -0.2])
        const g = new Float64Array(2)
        let total = 0
        for (let step = 0; step < 20; step++) {
          total = valueAndGrad(loss).into(g, w, data)
          for (let i = 0; i < w.length; i++) w[i]! -= rate * g[i]!
        }
        return loss(w, data) + 0 * total
      }
      export const g = grad(after)
      export const gInto = grad(afterInto)
      export const h = hessian(after)`)
    const data = new Float64Array([1, 0.3, 2, 0.9, -1, -0.6])
    const difference = (name: string, x: number, h: number): number => {
      const f = (by: number): number => at(name)(x + by * h, data) as number
      return (8 * (f(1) - f(-1)) - (f(2) - f(-2))) / (12 * h)
    }
    expect(at('g')(0.05, data)).toBeCloseTo(difference('after', 0.05, 1e-4), 7)
    expect(at('gInto')(0.05, data)).toBeCloseTo(at('g')(0.05, data) as number, 12)
    expect(at('h')(0.05, data)).toBeCloseTo(difference('g', 0.05, 1e-4), 6)
  })
})

describe('retained graphs', () => {
  const text = `
    export function f(x: Float64Array, n: number): number {
      let sum = 0
      for (let i = 0; i < n; i++) {
        x[i % x.length] = Math.sin(x[i % x.length]!) * x[0]!
        sum += x[i % x.length]! * x[1]!
      }
      return sum
    }
    export const p = vjp(f)
    export const g = grad(f)`
  const at = build(text)
  const [here, there] = [
    [0.3, 0.7, -0.4],
    [1.1, -0.2, 0.6],
  ].map((values) => () => Float64Array.from(values)) as [() => Float64Array, () => Float64Array]
  const pull = (x: Float64Array): ((cotangent: unknown) => unknown) => (at('p')(x, 5) as Pullback).pullback

  test('R1: a pullback called twice', () => {
    const pullback = pull(here())
    const first = pullback(1) as Float64Array
    const kept = first.slice()
    const second = pullback(1)
    expect(second).toEqual(kept)
    expect(first).toEqual(kept)
    expect(second).not.toBe(first)
    expect(kept).toEqual(at('g')(here(), 5))
  })

  test('R2: two live pullbacks, called in turn in both orders', () => {
    const [expectedHere, expectedThere] = [at('g')(here(), 5), at('g')(there(), 5)]
    expect(expectedHere).not.toEqual(expectedThere)
    for (const first of [here, there]) {
      const [one, other] = [pull(first()), pull(first === here ? there() : here())]
      const [ours, theirs] = first === here ? [expectedHere, expectedThere] : [expectedThere, expectedHere]
      expect([one(1), other(1), other(1), one(1)]).toEqual([ours, theirs, theirs, ours])
    }
  })

  test('R1 and R3 for arrays on a tape: neither the pullback nor the caller changes what was kept', () => {
    const at = build(`export const p = vjp((rows: Float64Array[], x: Float64Array) => {
        let out = 0
        for (let i = 0; i < 3; i++) {
          const copy = x.slice()
          const row = rows[i]!
          copy[0] = copy[0]! * row[0]!
          for (let k = 0; k < copy.length; k++) copy[k] = Math.sin(copy[k]!) * row[k]!
          out += copy[0]! * copy[1]!
        }
        return out
      }, { wrt: 1 })`)
    const rows = [new Float64Array([1.1, 0.4]), new Float64Array([0.7, 1.3]), new Float64Array([0.2, 0.9])]
    const { pullback } = at('p')(rows, new Float64Array([0.5, 0.8])) as Pullback
    const once = pullback(1)
    expect(pullback(1)).toEqual(once)
    for (const row of rows) row.fill(7)
    expect(pullback(1)).toEqual(once)
  })

  test('R3: arguments changed after the forward call', () => {
    const x = here()
    const pullback = pull(x)
    x.fill(5)
    expect(pullback(1)).toEqual(at('g')(here(), 5))
    expect(x).toEqual(new Float64Array([5, 5, 5]))
  })
})

/** Each at a point, by reverse mode, by forward mode, and where the value has a second derivative by both over reverse. */
const kinks: readonly (readonly [text: string, at: number, expected: number])[] = [
  ['Math.abs(x)', 0, 0],
  ['Math.max(x, x)', 1.5, 1],
  ['Math.max(x, 0)', 0, 0.5],
  ['Math.max(0, x)', 0, 0.5],
  ['Math.min(x, 2)', 2, 0.5],
  ['x > 0 ? x : 0', 0, 0],
  ['Math.sqrt(x)', 0, Infinity],
  ['x ** 0', 0, 0],
  ['x ** 1', 0, 1],
  ['x ** 2', 0, 0],
  ['x > 0 ? Math.log(x) : 0', 0, 0],
  ['Math.hypot(x, 0)', 0, 0],
  ['Math.hypot(0, x)', 0, 0],
  ['Math.hypot(x, x)', 0, 0],
  ['x % 3', 7.5, 1],
  ['7.5 % x', 3, -2],
  ['Math.floor(x) * x', 2.5, 2],
  ['Math.sign(x) * x', 2.5, 1],
  ['Math.round(x) + x', 2.5, 1],
  ['x * (x | 0)', 2.5, 2],
  ['x * x', NaN, NaN],
  ['Math.sin(x)', NaN, NaN],
]

describe('kinks and edges', () => {
  const texts = kinks.map(([text], i) => {
    const k = String(i)
    return `const f${k} = (x: number): number => ${text}\nexport const g${k} = grad(f${k})\nexport const t${k} = jvp(f${k})`
  })
  const at = build(texts.join('\n'))
  test.each(kinks.map(([text, x, expected], i) => ({ text, x, expected, i })))(
    'the derivative of $text at $x is $expected',
    ({ x, expected, i }) => {
      expect((at(`g${String(i)}`) as Numeric)(x)).toBe(expected)
      expect(at(`t${String(i)}`)([x], [1])).toMatchObject({ tangent: expected })
    },
  )

  const loop = build(`
    export const sum = valueAndGrad((x: Float64Array) => {
      let s = 0
      for (let i = 0; i < x.length; i++) s += x[i]! * x[i]!
      return s
    })
    export const trips = valueAndGrad((x: number, n: number) => {
      let y = x
      for (let i = 0; i < n; i++) y = Math.sin(y) * x
      return y
    })`)

  test('an array of length 0', () => {
    expect(loop('sum')(new Float64Array(0))).toEqual({ value: 0, grad: new Float64Array(0) })
  })

  test('a loop of zero trips', () => {
    expect(loop('trips')(3, 0)).toEqual({ value: 3, grad: 1 })
    expect(loop('trips')(3, -2)).toEqual({ value: 3, grad: 1 })
  })

  test('Math.atan2 where both arguments are zero', () => {
    const both = build('const f = (x: number, y: number): number => Math.atan2(x, y)\nexport const g = grad(f, { wrt: [0, 1] })')
    expect(both('g')(0, 0)).toEqual([NaN, NaN])
  })

  test('NaN in gives NaN out, and zero off the active path', () => {
    expect(loop('sum')(new Float64Array([1, NaN]))).toEqual({ value: NaN, grad: new Float64Array([2, NaN]) })
  })
})
