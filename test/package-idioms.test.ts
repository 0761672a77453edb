import { posix } from 'node:path'
import { describe, expect, test } from 'vitest'
import { createCompiler } from '../compiler/index.ts'
import { gradient } from './oracle/differences.ts'
import { compare, describe as explain } from './oracle/compare.ts'
import { flatten } from './oracle/leaves.ts'
import { functionOf, load } from './support/load.ts'

/** How JavaScript of packages is written: small modules, whose functions run beside their derivatives. */

type Files = Readonly<Record<string, string>>
type Numeric = (x: number[]) => number

const folder = '/project'
const path = posix.join(folder, 'main.ts')
const main = `import { grad } from 'cotangent'
import { f as it } from 'it'
export const f = (x: number[]): number => it(x)
export const df = grad(f)`

function compile(files: Files): ReturnType<ReturnType<typeof createCompiler>['compileFile']> {
  const installed = { 'it/index.d.ts': 'export declare function f(x: number[]): number', ...files }
  const all = Object.entries(installed).map(([name, text]) => [posix.join(folder, 'node_modules', name), text] as const)
  return createCompiler({ files: { [path]: main, ...Object.fromEntries(all) } }).compileFile(path)
}

const codes = (files: Files): readonly string[] => compile(files).diagnostics.map(({ code }) => code)

/** One module, which runs as it stands. */
function original(text: string): Numeric {
  const exports: { f?: Numeric } = {}
  const body = text.replace(/export (?=function|const)/g, '')

  new Function('exports', `${body}\nexports.f ??= f`)(exports)
  return exports.f!
}

function check(text: string, points: readonly (readonly number[])[]): void {
  const { code, diagnostics } = compile({ 'it/index.js': text })
  expect(diagnostics.map(({ code, message }) => `${code} ${message}`)).toEqual([])
  const f = original(text)
  const df = functionOf(load({ '/main.ts': code }, '/main.ts', { it: { f } }), 'df')
  for (const x of points) {
    const verdict = compare(flatten(df([...x])), gradient(f, [[...x]]))
    expect(explain(verdict), JSON.stringify(x)).toBe('equal')
  }
}

const points = [
  [0.7, 1.3],
  [1.4, 0.2],
]

const idioms: Readonly<Record<string, string>> = {
  'a result that is null at first': `export function f(x) {
    var price = null
    if (x[0] > 1) { price = x[0] * x[1] } else { price = x[1] * x[1] }
    return price
  }`,
  'fields that an object gets later': `const convert = ({ r, g, alpha }) => {
    if (r === undefined) r = 0
    let res = { mode: 'it', l: r * g, a: g }
    if (alpha !== undefined) { res.alpha = alpha }
    if (res.l > 0.9) res.h = Math.atan2(g, r)
    return res
  }
  export function f(x) {
    const one = convert({ r: x[0], g: x[1] })
    const two = convert({ r: x[0], g: x[1], alpha: x[0] * x[0] })
    return one.l * one.a + two.alpha * (one.h === undefined ? 2 : one.h)
  }`,
  'options that are left out': `function turned(a, b, options = {}) {
    if (options.final === true) return wrapped(a, b)
    if (options.id === 0 || options.id) return 0
    return Math.atan2(a, b)
  }
  function wrapped(a, b) {
    let angle = turned(b, a)
    return (angle + 180) % 360
  }
  export function f(x) { return turned(x[0], x[1]) * x[0] }`,
  'arguments that may be left out': `function scaled(a) {
    var by = arguments.length > 1 && arguments[1] !== void 0 ? arguments[1] : 3
    var more = arguments.length > 2 ? arguments[2] : undefined
    return more === undefined ? a * by : a * by * more
  }
  export function f(x) { return scaled(x[0]) * scaled(x[1], x[0]) + scaled(x[0], x[1], x[1] * x[1]) }`,
  'a list of any kind, copied': `function coordinates(point) {
    if (!point) { throw new Error('a point is required') }
    if (!Array.isArray(point)) {
      if (point.type === 'Point') { return [...point.coordinates] }
    }
    if (Array.isArray(point) && point.length >= 2 && !Array.isArray(point[0])) { return [...point, 1] }
    throw new Error('no point')
  }
  export function f(x) { const c = coordinates([x[0], x[1] * x[0]]); return c[0] * c[1] * c.length }`,
  'a function that is chosen among those that are made': `const linear = (x) => x
  function easing(a, b) {
    if (a === b) { return linear }
    const c = 3 * a
    const d = 3 * (b - a)
    return function (t) { return ((1 - c - d) * t + d) * t * t + c * t * a }
  }
  export function f(x) { return easing(x[0], x[1])(0.3) * easing(x[1], x[1])(x[0]) }`,
  'a counter that is read after its loop': `export function f(x) {
    var s = 0, i
    for (i = 0; i < x.length; i++) s += x[i] * i
    for (var j = 0; j < 3; j++) { if (s > 2 * j) break }
    return s * s * i + j * x[0]
  }`,
  'the kind of a value, by its text': `function listOf(input) { return Object.prototype.toString.call(input) !== '[object Array]' ? [input] : input }
  export function f(x) { return listOf(x[0])[0] * listOf(x)[1] }`,
  'functions by call and apply': `function largest(list) { return Math.max.apply(null, list) }
  function add(by) { this.total += by; return this }
  export function f(x) { const o = { total: x[0] }; add.call(o, x[1] * x[0]); return largest(x) * o.total }`,
  'a class of whose fields nobody says what they are': `class Line {
    constructor(xs, ys) { this.xs = xs; this.ys = ys; this.ks = this.slopes(new Float64Array(this.xs.length)) }
    slopes(ks) {
      for (let i = 1; i < ks.length; i++) ks[i] = (this.ys[i] - this.ys[i - 1]) / (this.xs[i] - this.xs[i - 1])
      return ks
    }
    at(x) { return this.ys[0] + this.ks[1] * x * this.ks.length }
  }
  export function f(x) { return new Line([0, 1], x).at(0.3) * x[0] }`,
  'a list that is empty at first': `function rows(n) {
    const A = []
    for (let i = 0; i < n; i++) A.push(new Float64Array(n))
    const B = [], C = []
    for (let i = 0; i < n; i++) { B[i] = [i, 1]; C.push(i) }
    A[1][0] = B[1][0] * C[1]
    return A
  }
  export function f(x) { const A = rows(2); A[0][1] = x[0] * x[1]; return A[0][1] * A[0][1] + A[1][0] * x[0] }`,
  'an object that is chosen, and gets a field': `export function f(x) {
    let res
    switch (Math.floor(x[0])) {
      case 0: res = { r: x[0], g: x[1] * 2 }; break
      default: res = { r: 1, g: x[1] }
    }
    res.mode = 'rgb'
    return res.r * res.g * x[0]
  }`,
  'a function that a function gives': `function errorOf(data, parameters, modelOf) {
    let error = 0
    const model = modelOf(parameters)
    for (let i = 0; i < data.length; i++) error += (data[i] - model(i)) ** 2
    return error
  }
  const line = ([a, b]) => (t) => a * t + b
  export function f(x) { return errorOf([1, 2, 4], x, line) }`,
  'constants of names that were taken out of Math': `const { PI, sin, sqrt: root } = Math
  const rad = PI / 180, two = root(4)
  export function f(x) { return sin(x[0] * rad * 30) * x[1] * two }`,
}

describe('JavaScript as it is found', () => {
  test.each(Object.entries(idioms))('%s', (_, text) => check(text, points))

  test('a property that TypeScript says nothing of is looked for before', () => {
    const text = 'export function f(o) { return o.scale === undefined ? o.x * o.x : o.x * o.scale }'
    const types = 'export declare function f(o: { x: number }): number'
    const { code, diagnostics } = createCompiler({
      files: {
        [path]: `import { grad } from 'cotangent'\nimport { f } from 'it'\nexport const df = grad((o: { x: number }): number => f(o))`,
        [posix.join(folder, 'node_modules/it/index.js')]: text,
        [posix.join(folder, 'node_modules/it/index.d.ts')]: types,
      },
    }).compileFile(path)
    expect(diagnostics).toEqual([])
    const df = functionOf(load({ '/main.ts': code }, '/main.ts', { it: {} }), 'df')
    expect(df({ x: 3 })).toEqual({ x: 6 })
    expect(() => df({ x: 3, scale: 2 })).toThrow('scale')
  })
})

describe('JavaScript that may mean something else', () => {
  test('arguments beside defaults', () => {
    const text = `function scaled(a, by = 3) { return a * by * (arguments[1] === undefined ? 2 : 1) }
    export function f(x) { return scaled(x[0], undefined) * scaled(x[1], x[0]) }`
    expect(codes({ 'it/index.js': text })).toContain('CT1005')
  })
})

describe('where a package keeps what it uses', () => {
  test('constants that only its own files are given', () => {
    const files = {
      'it/index.js': "import { D65 } from './constants.js'\nexport function f(x) { return x[0] * D65.X * x[1] + D65.Y }",
      'it/constants.js': 'export const D65 = { X: 0.3127 / 0.329, Y: 1 }',
    }
    const { code, diagnostics } = compile(files)
    expect(diagnostics).toEqual([])
    const df = functionOf(load({ '/main.ts': code }, '/main.ts', { it: {} }), 'df')
    expect(df([2, 3])).toEqual([3 * (0.3127 / 0.329), 2 * (0.3127 / 0.329)])
  })

  test('but none that one of them writes', () => {
    const files = {
      'it/index.js':
        "import { D65 } from './constants.js'\nexport function f(x) { return x[0] * D65.X }\nexport function set(x) { D65.X = x }",
      'it/constants.js': 'export const D65 = { X: 0.9, Y: 1 }',
    }
    expect(codes(files)).toEqual(['CT2006'])
  })

  test.each([
    ['module.exports = main, of another module', "var main = require('./main.js')\nmodule.exports = main", 'module.exports = scaled'],
    ['a member that is required', "module.exports.f = require('./main.js')", 'module.exports = scaled'],
    ['a member of a function', 'module.exports = whole\nfunction whole() {}\nwhole.f = scaled\n', ''],
    ['a constant that is a member', "import whole from './main.cjs'\nexport const f = whole.f", 'module.exports = { f: scaled }'],
  ])('%s', (_, index, other) => {
    const scaled = 'function scaled(x) { return x[0] * x[1] * 2 }\n'
    const isDefault = index.includes('= main')
    const { code, diagnostics } = createCompiler({
      files: {
        [path]: isDefault ? main.replace('{ f as it }', 'it') : main,
        [posix.join(folder, 'node_modules/it/index.d.ts')]: isDefault
          ? 'declare function f(x: number[]): number\nexport = f'
          : 'export declare function f(x: number[]): number',
        [posix.join(folder, 'node_modules/it/index.js')]: index.includes('whole.f = scaled') ? scaled + index : index,
        [posix.join(folder, 'node_modules/it/main.js')]: scaled + other,
        [posix.join(folder, 'node_modules/it/main.cjs')]: scaled + other,
      },
    }).compileFile(path)
    expect(diagnostics.map(({ code, message }) => `${code} ${message}`)).toEqual([])
    const df = functionOf(load({ '/main.ts': code }, '/main.ts', { it: {} }), 'df')
    expect(df([2, 3])).toEqual([6, 4])
  })
})
