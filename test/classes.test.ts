import { describe, expect, test } from 'vitest'
import { compile, run } from './support/compile.ts'

const vector = `
export class Vec2 {
  constructor(readonly x: number, readonly y: number) {}
  scale(s: number): Vec2 { return new Vec2(this.x * s, this.y * s) }
  get square(): number { return this.x * this.x + this.y * this.y }
}
`

describe('instances as arguments and results', () => {
  test('the gradient is a plain structure of the numeric fields', () => {
    const module = run(`import { grad } from 'cotangent'
${vector}
function f(v: Vec2, s: number): number { return v.scale(s).square }
export const g = grad(f, { wrt: [0, 1] })(new Vec2(3, -2), 2)`)
    expect(module.g).toStrictEqual([{ x: 24, y: -16 }, 52])
  })

  test('a result is a real instance, with its class', () => {
    const module = run(`import { vjp } from 'cotangent'
${vector}
function f(x: number): Vec2 { return new Vec2(x, x * x).scale(2) }
const { value, pullback } = vjp(f)(3)
export const isVector = value instanceof Vec2
export const square = value.square
export const bar = pullback({ x: 1, y: 10 })`)
    expect([module.isVector, module.square, module.bar]).toStrictEqual([true, 360, 122])
  })

  test('one whose constructor does more than taking fields is made without running it again', () => {
    const module = run(`import { vjp } from 'cotangent'
export let made = 0
class Ring {
  readonly area: number
  constructor(private r: number, h: number) { this.area = Math.PI * (r * r - h * h) }
  get radius(): number { return this.r }
}
function f(x: number): Ring { return new Ring(x, 1) }
const { value } = vjp(f)(2)
export const seen = [value instanceof Ring, value.radius, value.area === 3 * Math.PI, Object.keys(value).sort()]`)
    expect(module.seen).toStrictEqual([true, 2, true, ['area', 'r']])
  })
})

describe('what can not be followed is refused', () => {
  test('an instance of a class that the program does not show, when its method is called', () => {
    const module = run(`import { grad } from 'cotangent'
class A { constructor(public k: number) {}
of(x: number): number { return x * this.k } }
class B extends A { override of(x: number): number { return x * x } }
function f(x: number, a: A): number { return a.of(x) }
const df = grad(f)
export const known = [df(3, new A(2)), df(3, new B(2))]
const stranger = Object.setPrototypeOf(new A(2), { constructor: Array, of: (x: number) => x ** 3 }) as A
export let message = ''
try { df(3, stranger) } catch (error) { message = String(error) }`)
    expect(module.known).toStrictEqual([2, 6])
    expect(module.message).toContain('`of` is not known')
  })

  test.each([
    [
      'an argument with # fields',
      'class P { #x = 1\nadd(x: number): number { return x * this.#x } }\nfunction f(x: number, p: P): number { return p.add(x) }',
      'CT',
    ],
    [
      'a method of which several generic classes have a version',
      'class A<T> { k = 2\nt?: T\nof(x: number): number { return x * this.k } }\nclass B extends A<string> { override of(x: number): number { return x * x } }\nfunction f(x: number, a: A<string>): number { return a.of(x) }',
      'CT3006',
    ],
    [
      'this, before the constructor is done',
      'const all: A[] = []\nclass A { x: number\nconstructor(x: number) { this.x = x; all.push(this) } }\nfunction f(x: number): number { return new A(x).x }',
      'CT1009',
    ],
  ])('%s', (_, text, code) => {
    const { diagnostics } = compile(`import { grad } from 'cotangent'\n${text}\nexport const g = grad(f)`)
    expect(diagnostics.map((one) => one.code).join()).toContain(code)
  })
})
