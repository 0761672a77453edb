import { posix } from 'node:path'
import { describe, expect, test } from 'vitest'
import { createCompiler } from '../compiler/index.ts'
import { compare, describe as explain } from './oracle/compare.ts'
import { gradient } from './oracle/differences.ts'
import { flatten } from './oracle/leaves.ts'
import { functionOf, load } from './support/load.ts'

/** Classes of packages, in the ways in which packages write them: small ones, whose JavaScript stands here and runs beside the derivative. */

const folder = '/project'

interface Package {
  readonly source: string
  readonly types?: string
}

function compile(main: string, { source, types }: Package): ReturnType<ReturnType<typeof createCompiler>['compileFile']> {
  const path = posix.join(folder, 'main.ts')
  const at = (name: string): string => posix.join(folder, 'node_modules/it', name)
  const files = { [at('index.js')]: source, ...(types !== undefined && { [at('index.d.ts')]: types }) }
  return createCompiler({ files: { [path]: `import { grad } from 'cotangent'\n${main}`, ...files } }).compileFile(path)
}

const messages = (main: string, of: Package): readonly string[] =>
  compile(main, of).diagnostics.map(({ code, message }) => `${code} ${message}`)

/** `main` exports `f`, whose derivative is compared with differences. */
function check(main: string, of: Package, ...args: readonly (readonly unknown[])[]): string {
  const { code, diagnostics } = compile(`${main}\nexport const df = grad(f)`, of)
  expect(diagnostics.map(({ code, message }) => `${code} ${message}`)).toEqual([])
  const module = load({ '/main.ts': code }, '/main.ts', { it: load({ '/it.js': of.source }, '/it.js') })
  const original = functionOf(module, 'f') as (...args: never[]) => number
  for (const given of args) {
    const found = flatten(functionOf(module, 'df')(...given))
    const verdict = compare(found, gradient(original, given).slice(0, found.length))
    expect(explain(verdict), JSON.stringify(given)).toBe('equal')
  }
  return code
}

const vector: Package = {
  source: `
    export class Vector {
      static { this.prototype.isVector = true }
      constructor(x = 0, y = 0) { this.x = x; this.y = y }
      set(x, y) { if (y === undefined) y = this.y; this.x = x; this.y = y; return this }
      clone() { return new this.constructor(this.x, this.y) }
      copy(v) { this.x = v.x; this.y = v.y; return this }
      add(v) { this.x += v.x; this.y += v.y; return this }
      scale(s) { if (s.isVector) { this.x *= s.x; this.y *= s.y } else { this.x *= s; this.y *= s } return this }
      dot(v) { return this.x * v.x + this.y * v.y }
      get length() { return Math.sqrt(this.dot(this)) }
      reflect(n) { return this.add(_v.copy(n).scale(-2 * this.dot(n))) }
      static of(list) { return new Vector(list[0], list[1]) }
    }
    const _v = new Vector()`,
  types: `
    export declare class Vector {
      constructor(x?: number, y?: number)
      readonly isVector: true
      x: number
      y: number
      set(x: number, y?: number): this
      clone(): this
      copy(v: Vector): this
      add(v: Vector): this
      scale(s: number | Vector): this
      dot(v: Vector): number
      readonly length: number
      reflect(n: Vector): this
      static of(list: ArrayLike<number>): Vector
    }`,
}

describe('what a class is made of', () => {
  const programs: Readonly<Record<string, string>> = {
    'fields and methods': 'return new Vector(x[0], x[1]).add(new Vector(1, 2)).dot(new Vector(3, x[0]))',
    'defaults of parameters': 'return new Vector(x[0]).add(new Vector(2)).set(x[1]! * x[1]!).length',
    'a getter': 'return new Vector(x[0], x[1]).length ** 3',
    'an instance of the same class': 'const v = new Vector(x[0], x[1]); return v.clone().scale(x[0]!).dot(v)',
    'a static method': 'return Vector.of(x).length',
    'what all instances have from their prototype': 'return new Vector(x[0], x[1]).scale(new Vector(x[1], 3)).scale(x[0]!).length',
    'fields from outside': 'const v = new Vector(); v.x = x[0]! * x[1]!; v.y -= x[0]!; return v.length',
    'instances in lists': 'return x.map((a) => new Vector(a, a * a)).reduce((sum, v) => sum.add(v), new Vector()).length',
    'scratch of the module': 'return new Vector(x[0], x[1]).reflect(new Vector(0.6, 0.8)).reflect(new Vector(x[1], 1)).x',
    'scratch in a loop': `let sum = 0
      for (let i = 0; i < 3; i++) sum += new Vector(x[0], i).reflect(new Vector(0.6, x[1])).x
      return sum`,
  }
  test.each(Object.entries(programs))('%s', (_, body) => {
    check(`import { Vector } from 'it'\nexport function f(x: number[]): number { ${body} }`, vector, [[1.5, 0.7]], [[-0.4, 2]])
  })

  test('instances as arguments, of which the gradient is', () => {
    const main = "import type { Vector } from 'it'\nexport const f = (v: Vector, w: Vector): number => v.clone().add(w).length * v.x"
    const code = check(`${main}\nimport { Vector as V } from 'it'\nexport const made = (x: number, y: number): V => new V(x, y)`, vector)
    const it = load({ '/it.js': vector.source }, '/it.js')
    const module = load({ '/main.ts': code }, '/main.ts', { it })
    const made = functionOf(module, 'made')
    const { x, y } = functionOf(module, 'df')(made(1, 2), made(2, 2)) as { x: number; y: number }
    expect([x, y]).toEqual([5.6, 0.8])
  })

  test('by a module that was imported as a whole', () => {
    check("import * as it from 'it'\nexport const f = (x: number): number => new it.Vector(x, 2).length", vector, [1.5])
  })

  test('a class of the program extends one of a package', () => {
    const main = `import { Vector } from 'it'
      class Weighted extends Vector {
        constructor(x: number, y: number, readonly weight: number) { super(x, y) }
        energy(): number { return this.weight * this.dot(this) }
      }
      export const f = (x: number): number => new Weighted(x, 2, 3 * x).energy()`
    check(main, vector, [1.5])
  })

  test('a package without types', () => {
    check(
      "import { Vector } from 'it'\nexport const f = (x: number): number => new Vector(x, 2).add(new Vector(x, x)).dot(Vector.of([x, 1]))",
      { source: vector.source },
      [1.5],
    )
  })
})

const older: Package = {
  source: `
    export class Base { constructor(k) { if (k === void 0) { k = 2 } this.k = k } scaled(x) { return this.k * x } }
    export class Point extends Base {
      constructor(x, y) {
        if (x === void 0) { x = 0.0; }
        if (y === void 0) { y = 0.0; }
        super(x * y)
        this.x = x
        this.y = y
      }
      plus(other, target) {
        if (target === void 0) { target = new Point(); }
        target.x = this.x + other.x
        target.y = this.y + other.y
        return target
      }
      minus(other, target) {
        if (target) { target.x = this.x - other.x; target.y = this.y - other.y }
        else { return new Point(this.x - other.x, this.y - other.y) }
      }
      norm() { return Math.sqrt(this.x * this.x + this.y * this.y) }
    }`,
  types: `
    export declare class Base { constructor(k?: number); k: number; scaled(x: number): number }
    export declare class Point extends Base {
      constructor(x?: number, y?: number)
      x: number
      y: number
      plus(other: Point, target?: Point): Point
      minus(other: Point): Point
      minus(other: Point, target: Point): void
      norm(): number
    }`,
}

describe('as compilers write classes for older engines', () => {
  const programs: Readonly<Record<string, string>> = {
    'defaults that are tested': 'return new Point(x).norm() + new Point(x, x).norm()',
    'a target that is left out': 'return new Point(x, 2).plus(new Point(1, x)).norm()',
    'a target that is given': 'const out = new Point(); new Point(x, 2).plus(new Point(1, x), out); return out.norm()',
    'a result that is given or returned':
      'const out = new Point(); const p = new Point(x, 2); p.minus(new Point(1, x), out); return p.minus(out).norm()',
    'methods of the class that is extended': 'return new Point(x, 3).scaled(x)',
  }
  test.each(Object.entries(programs))('%s', (_, body) => {
    check(`import { Point } from 'it'\nexport function f(x: number): number { ${body} }`, older, [1.5], [-0.3])
  })
})

const observed: Package = {
  source: `
    export class Turn {
      constructor(angle = 0) { this._angle = angle }
      get angle() { return this._angle }
      set angle(value) { this._angle = value; this._onChangeCallback() }
      add(other) { this._angle = this._angle + other._angle; this._onChangeCallback(); return this }
      _onChange(callback) { this._onChangeCallback = callback; return this }
      _onChangeCallback() {}
    }
    const order = 'XY'
    function warn(text) { log.push(text) }
    const log = []
    export class Named {
      constructor(kind = order) { this._kind = kind; this.n = 1 }
      value(x) {
        switch (this._kind) {
          case 'XY': return x * x
          case 'YX': return x
          default: warn('an unknown order')
        }
        return 0
      }
    }`,
  types: `
    export declare class Turn {
      constructor(angle?: number)
      angle: number
      add(other: Turn): this
      _onChange(callback: () => void): this
    }
    export declare class Named { constructor(kind?: string); n: number; value(x: number): number }`,
}

describe('who is told of changes', () => {
  const main =
    "import { Turn } from 'it'\nexport function f(x: number, given: Turn): number { given.angle = 2; return given.add(new Turn(x)).angle ** 2 }"
  const run = (): { df: (...args: unknown[]) => unknown; Turn: new (angle: number) => { _onChange: (f: () => void) => void } } => {
    const it = load({ '/it.js': observed.source }, '/it.js')
    const module = load({ '/main.ts': compile(`${main}\nexport const df = grad(f)`, observed).code }, '/main.ts', { it })
    return { df: functionOf(module, 'df'), Turn: it.Turn as never }
  }

  test('setters and a method that does nothing', () => {
    check(
      "import { Turn } from 'it'\nexport function f(x: number): number { const t = new Turn(x); t.angle = t.angle * x; return t.add(t).angle }",
      observed,
      [1.5],
    )
  })

  test('an object from outside that tells nobody', () => {
    const { df, Turn } = run()
    expect(df(3, new Turn(1))).toBe(10)
  })

  test('one that tells somebody ends the function', () => {
    const { df, Turn } = run()
    const watched = new Turn(1)
    watched._onChange(() => undefined)
    expect(() => df(3, watched)).toThrow('`_onChangeCallback` is not that of its class')
  })

  test('a gradient that the declared type has no field for', () => {
    const text = "import { Turn } from 'it'\nconst f = (t: Turn): number => t.angle\nexport const df = grad(f)"
    expect(messages(text, observed)).toEqual([
      'CT2043 a gradient for `Turn` would have `_angle`, of which the type of the package says nothing',
    ])
  })

  test('a way that is seldom taken, and does what a derivative can not do', () => {
    const code = check(
      "import { Named } from 'it'\nexport const f = (x: number): number => new Named().value(x) + new Named('YX').value(x)",
      observed,
      [1.5],
    )
    expect(code).toContain('`warn` is called here, which a derivative can not do')
  })
})

describe('what a module keeps', () => {
  const keeping = (body: string): Package => ({
    source: `export class Vector {
        constructor(x = 0, y = 0) { this.x = x; this.y = y }
        set(x, y) { this.x = x; this.y = y; return this }
        add(v) { this.x += v.x; this.y += v.y; return this }
        dot(v) { return this.x * v.x + this.y * v.y }
        clone() { return new Vector(this.x, this.y) }
      }
      const kept = new Vector(1, 2)
      ${body}`,
    types: `export declare class Vector { constructor(x?: number, y?: number); x: number; y: number; dot(v: Vector): number }
      export declare function through(x: number): number
      export declare function last(): Vector`,
  })
  const main = "import { through } from 'it'\nexport const f = (x: number): number => through(x)"

  test('storage that every call gives a value first', () => {
    check(main, keeping('export function through(x) { kept.set(x, 2); return kept.dot(kept) * x }'), [3])
  })

  test('storage that nothing is put into', () => {
    check(main, keeping('export function through(x) { const v = new Vector(x, x); return v.dot(kept) }'), [3])
  })

  const refused: Readonly<Record<string, readonly [body: string, code: string]>> = {
    'a sum of all calls': ['export function through(x) { return kept.add(new Vector(x, x)).x }', 'CT2006'],
    'what another function reads': [
      'export function through(x) { kept.set(x, x); return kept.x }\nexport function last() { return kept.clone() }',
      'CT2006',
    ],
    'what is given a value on one path': ['export function through(x) { if (x > 0) { kept.set(x, 1) } return kept.dot(kept) }', 'CT2042'],
    'what is given a value in part': ['export function through(x) { kept.x = x; return kept.dot(kept) }', 'CT2042'],
    'what is given away': ['const all = []\nexport function through(x) { kept.set(x, 1); all.push(kept); return kept.x }', 'CT2'],
  }
  test.each(Object.entries(refused))('%s is refused', (_, [body, code]) => {
    const found = messages(`${main}\nexport const df = grad(f)`, keeping(body))
    expect(found.length).toBeGreaterThan(0)
    for (const one of found) expect(one.startsWith(code), one).toBe(true)
  })
})
