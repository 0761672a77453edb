import { describe, expect, test } from 'vitest'
import { CotangentError, loadGraph, saveGraph } from '../runtime/graph/index.ts'
import { createCompiler } from '../compiler/index.ts'
import { compile, run } from './support/compile.ts'
import { runApart } from './support/graph-process.ts'
import { functionOf, load } from './support/load.ts'
import { typeErrors } from './support/typecheck.ts'

/** Saving and loading pullbacks: the cases R4 to R7 of the contract, and what may be wrong with a file. */

type Pull = ((cotangent: unknown) => unknown) & { release(): void }
type Operator = (...args: unknown[]) => { readonly pullback: Pull }

const functions = `
  export function chain(x: Float64Array, n: number): number {
    let sum = 0
    for (let i = 0; i < n; i++) {
      x[i % x.length] = Math.sin(x[i % x.length]!) * x[0]!
      sum += x[i % x.length]! * x[1]!
    }
    return sum
  }
  export interface Model { scale: number; weights: Float64Array; rows: number[][]; label: string }
  export function record(m: Model, x: number): number {
    let sum = 0
    for (const row of m.rows) for (let i = 0; i < row.length; i++) sum += Math.exp(row[i]! * m.scale) * m.weights[i]! * x
    return m.label === 'half' ? sum / 2 : sum
  }
  function fib(n: number, x: number): number { return n < 2 ? x * x : fib(n - 1, x) * Math.sin(fib(n - 2, x)) }
  export function calls(x: number): number { return fib(6, x) * x }
  export function rows(m: number[][]): number[] {
    const out: number[] = []
    for (const row of m) { row[0] = row[0]! * row[1]!; out.push(row[0] * row[0]) }
    return out
  }
  export function linear(x: number): number { return 3 * x }
`
const operators = ['chain', 'record', 'calls', 'rows', 'linear']
const text = `import { vjp } from 'cotangent'
  import { saveGraph, loadGraph } from 'cotangent/graph'
  export { saveGraph, loadGraph }
  ${functions}
  ${operators.map((name) => `export const p_${name} = vjp(${name}${name === 'record' ? ', { wrt: [0, 1] }' : ''})`).join('\n')}`

const module = run(text)
const operator = (name: string): Operator => functionOf(module, `p_${name}`) as unknown as Operator

const model = { scale: 0.3, weights: new Float64Array([1.5, -0.25]), rows: [[0.1, 0.2], [-0.7]], label: 'half' }
const points: Readonly<Record<string, readonly unknown[]>> = {
  chain: [new Float64Array([0.3, 0.7, -0.4]), 5],
  record: [model, 1.25],
  calls: [1.1],
  rows: [
    [
      [0.5, 2],
      [1.5, -3],
    ],
  ],
  linear: [2],
}
const seeds = (name: string): readonly unknown[] =>
  name === 'rows'
    ? [
        [1, 0],
        [-2.5, 1e-3],
        [NaN, -0],
      ]
    : [1, -2.5, 1e-300]
const live = (name: string): Pull => operator(name)(...structuredClone(points[name]!)).pullback

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')

function errorOf(f: () => unknown): CotangentError {
  try {
    f()
  } catch (error) {
    if (error instanceof CotangentError) return error
    throw error
  }
  throw new Error('nothing was thrown')
}

describe('saved and loaded', () => {
  test.each(operators)('R5: %s gives the same bit for bit, here', (name) => {
    const pull = live(name)
    const loaded = loadGraph(operator(name), saveGraph(pull))
    for (const seed of seeds(name)) expect(loaded(seed as never)).toEqual(pull(seed))
    expect(saveGraph(loaded)).toEqual(saveGraph(pull))
  })

  test('R5: all of them give the same bit for bit in a new process', () => {
    const { code } = compile(text)
    const files = Object.fromEntries(operators.map((name) => [name, Buffer.from(saveGraph(live(name))).toString('base64')]))
    const expected = operators.map((name) => seeds(name).map((seed) => hex(saveBits(live(name)(seed)))))
    const script = `import { loadGraph } from 'cotangent/graph'
      import * as main from './main.js'
      import { saveBits } from './bits.js'
      const files = ${JSON.stringify(files)}
      const seeds = { rows: [[1, 0], [-2.5, 1e-3], [NaN, -0]] }
      const given = ${JSON.stringify(operators)}.map((name) => {
        const pullback = loadGraph(main['p_' + name], Buffer.from(files[name], 'base64'))
        return (seeds[name] ?? [1, -2.5, 1e-300]).map((seed) => Buffer.from(saveBits(pullback(seed))).toString('hex'))
      })
      console.log(JSON.stringify(given))`
    const printed = runApart(
      'graphs-test',
      { 'main.ts': code, 'bits.ts': `export ${saveBits.toString()}`, 'script.ts': script },
      'script.js',
    )
    expect(JSON.parse(printed)).toEqual(expected)
  })

  test('R3 and R5: what was saved is the point of the forward call', () => {
    const x = new Float64Array([0.3, 0.7, -0.4])
    const { pullback } = operator('chain')(x, 5)
    const expected = pullback(1)
    x.fill(9)
    expect(loadGraph(operator('chain'), saveGraph(pullback))(1)).toEqual(expected)
  })

  test('R7: without saved values it works, and the file is small', () => {
    const bytes = saveGraph(live('linear'))
    expect(bytes.length).toBeLessThan(200)
    expect(loadGraph(operator('linear'), bytes)(2)).toBe(6)
  })

  test('the emitted text passes the type checker, and is as before without the import', () => {
    const use = `${text}
      export function twice(x: number): number {
        const { pullback } = p_linear(x)
        const loaded: (cotangent: number) => number = loadGraph(p_linear, saveGraph(pullback))
        return loaded(2)
      }`
    expect(Object.fromEntries(typeErrors({ '/main.ts': compile(use).code, '/source.ts': use }))).toEqual({})
    const { code } = compile(text.replaceAll(/.*(cotangent\/graph|export \{ saveGraph).*\n/g, ''))
    expect(code).not.toContain('raph')
    expect(code).toContain('pullback(made.kept, linear_backward)')
  })
})

/** The bits of numbers in any plain structure. */
function saveBits(value: unknown): Uint8Array {
  const found: number[] = []
  const visit = (one: unknown): void => {
    if (typeof one === 'number') found.push(one)
    else if (one !== null && typeof one === 'object') Object.values(one).forEach(visit)
  }
  visit(value)
  return new Uint8Array(new Float64Array(found).buffer)
}

describe('which code a graph belongs to', () => {
  const compiler = createCompiler({ files: {} })
  let folders = 0
  /** One compiler for all of them, so that TypeScript reads its library once. */
  const operatorOf = (body: string, others: Readonly<Record<string, string>> = {}): Operator => {
    const folder = `/${String(folders++)}`
    const main = `import { hook, vjp } from 'cotangent'\nimport 'cotangent/graph'\n${body}`
    for (const [path, text] of Object.entries({ ...others, '/main.ts': main })) compiler.updateFile(folder + path, text)
    const { code, diagnostics } = compiler.compileFile(`${folder}/main.ts`)
    expect(diagnostics).toEqual([])
    return functionOf(load({ ...others, '/main.ts': code }, '/main.ts'), 'p') as unknown as Operator
  }
  const square = 'export function f(x: number): number { return x * x }\nexport const p = vjp(f)'
  const bytes = saveGraph(operatorOf(square)(3).pullback)

  test('comments, names that are taken and other code make no difference', () => {
    const other = `const f_backward = 1\ninterface f_Residuals { x: 1 }\n// more\nexport const used: f_Residuals[] = [{ x: f_backward }]\n\n${square}`
    expect(loadGraph(operatorOf(other), bytes)(1)).toBe(6)
  })

  test('neither does the file that the function is in', () => {
    const there = operatorOf("import { f } from './lib.ts'\nexport const p = vjp(f)", { '/lib.ts': square.split('\n')[0]! })
    expect(loadGraph(there, bytes)(1)).toBe(6)
  })

  test('R6: another function', () => {
    const other = operatorOf(square.replaceAll('f(', 'g(').replace('vjp(f)', 'vjp(g)').replace('vjp(f', 'vjp(g'))
    const error = errorOf(() => loadGraph(other, bytes))
    expect([error.code, error.message]).toEqual(['CT0013', expect.stringMatching(/of the function `f`.*for `g`/)])
  })

  test.each([
    ['the function', square.replace('x * x', 'x * x * 1.5')],
    [
      'what it calls',
      'function h(x: number): number { return x * x }\nexport function f(x: number): number { return h(x) + 0 * x }\nexport const p = vjp(f)',
    ],
    ['the arguments', 'export function f(x: number, y: number): number { return x * y }\nexport const p = vjp(f, { wrt: 1 })'],
  ])('R6: a change of %s', (_, changed) => {
    expect(errorOf(() => loadGraph(operatorOf(changed), bytes)).code).toBe('CT0014')
  })

  test('a change of what is called but not inlined', () => {
    const recursive = (k: string): string => `function h(n: number, x: number): number { return n < 1 ? x * ${k} : h(n - 1, x) * x }
      export function f(x: number): number { return h(3, x) }
      export const p = vjp(f)`
    const saved = saveGraph(operatorOf(recursive('2'))(3).pullback)
    expect(loadGraph(operatorOf(recursive('2')), saved)(1)).toBe(4 * 27 * 2)
    expect(errorOf(() => loadGraph(operatorOf(recursive('3')), saved)).code).toBe('CT0014')
  })

  test('a change of a constant around the function', () => {
    const table = (values: string): string =>
      `const TABLE = ${values}\nexport function f(x: Float64Array): number { return x[0]! * TABLE[1]! }\nexport const p = vjp(f)`
    const saved = saveGraph(operatorOf(table('[1, 2, 3]'))(new Float64Array([1])).pullback)
    expect(loadGraph(operatorOf(table('[1, 2, 3]')), saved)(1)).toEqual(new Float64Array([2]))
    const error = errorOf(() => loadGraph(operatorOf(table('[1, 5, 3]')), saved))
    expect([error.code, error.message]).toEqual(['CT0014', expect.stringContaining('`TABLE`')])
  })

  test('a captured value', () => {
    const make = operatorOf('export function p(k: number, m: number[]) { return vjp((x: number) => x * k * m[0]!) }') as unknown as (
      k: number,
      m: readonly number[],
    ) => Operator
    const saved = saveGraph(make(2, [5])(1).pullback)
    expect(loadGraph(make(2, [7]), saved)(1)).toBe(10)
    const error = errorOf(() => loadGraph(make(3, [5]), saved))
    expect([error.code, error.message]).toEqual(['CT0014', expect.stringContaining('`k`')])
  })

  test('H18: hooks are those of the operator that loads', () => {
    const hooked = (slot: string): string =>
      `export function f(x: number): number { const y = x * x; hook(y, 's'); return y * y }\nexport const p = vjp(f, { hooks: { s: ${slot} } })`
    const saved = saveGraph(operatorOf(hooked('(g: number) => g * 2'))(3).pullback)
    expect(loadGraph(operatorOf(hooked('(g: number) => g * 2')), saved)(1)).toBe(216)
    expect(loadGraph(operatorOf(hooked('(g: number) => g * 10')), saved)(1)).toBe(1080)
  })

  test('H18: also where a hook is a value that the forward half keeps', () => {
    const hooked = (slot: string): Operator =>
      operatorOf(`import { clamp } from 'cotangent/hooks'
        export function f(x: Float64Array): number {
          const y = x.map((v) => v * v)
          hook(y, 's')
          return y[0]! * y[0]! + y[1]!
        }
        export const p = vjp(f, { hooks: { s: ${slot} } })`)
    const saved = saveGraph(hooked('clamp(-3, 3)')(new Float64Array([2, 3])).pullback)
    expect(loadGraph(hooked('clamp(-3, 3)'), saved)(1)).toEqual(new Float64Array([12, 6]))
    expect(loadGraph(hooked('clamp(-1, 0.5)'), saved)(1)).toEqual(new Float64Array([2, 3]))
    expect(loadGraph(hooked('(g) => g.map((v) => 2 * v)'), saved)(1)).toEqual(new Float64Array([64, 12]))
  })

  test('a hook that captures what the function computed can not be saved', () => {
    const operator = operatorOf(`export const p = vjp((x: Float64Array, k: number) => {

      const y = x.map((v) => v * v)
      hook(y, (g) => g.map((v) => v * k))
      return y[0]! * y[1]!
    })`)
    const error = errorOf(() => saveGraph(operator(new Float64Array([2, 3]), 2).pullback))
    expect([error.code, error.message]).toEqual(['CT0009', expect.stringMatching(/`y_hook` is a function/)])
  })

  test('instances of classes', () => {
    const operator = operatorOf(`class Body {
        constructor(public x: number, public v: number) {}
        step(dt: number): void { this.v -= this.x * dt; this.x += this.v * dt }
        get energy(): number { return this.x * this.x + this.v * this.v }
      }
      export function f(x: number, n: number): number {
        const bodies: Body[] = []
        for (let i = 0; i < n; i++) bodies.push(new Body(x * i, 1))
        for (const b of bodies) { b.step(0.1); if (b.energy > 3) bodies[0]!.v += b.x * x }
        let s = 0
        for (const b of bodies) s += b.energy * b.x
        return s
      }
      export const p = vjp(f)`)
    const { pullback } = operator(1.1, 5)
    expect(loadGraph(operator, saveGraph(pullback))(1)).toBe(pullback(1))
  })

  test('files that belong together', () => {
    const lib = "import { vjp } from 'cotangent'\nexport function f(x: number): number { return x * x }\nexport const p = vjp(f)"
    const store = "import { saveGraph } from 'cotangent/graph'\nexport const save = saveGraph"
    const main = "import { p } from './lib.ts'\nimport { save } from './store.ts'\nexport const used = [p, save]"
    const compiled = (files: Readonly<Record<string, string>>): string =>
      compile("import { p } from './lib.ts'\nexport { p }", { ...files, '/lib.ts': lib }).code
    expect(compiled({ '/store.ts': store })).not.toContain('graphOf')
    const { code } = compile(lib, { '/store.ts': store, '/app.ts': main.replace('./lib.ts', './main.ts') })
    expect(code).toContain('graphOf(f_vjp')
    expect(compile(lib, { '/store.ts': store }).code).not.toContain('graphOf')
  })
})
