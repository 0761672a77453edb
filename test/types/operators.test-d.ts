import { describe, expectTypeOf, test } from 'vitest'
import { grad, jvp, stopGradient, valueAndGrad, vjp } from 'cotangent'

/** Compiled, never run: what editors infer for each operator, and the requests they refuse. */

declare function scalar(x: number): number
declare function loss(w: Float64Array, k: number, label?: string): number
declare function several(x: Float64Array, y: Float32Array, z: number[]): number
declare function optional(x: number, y?: number): number
declare function rest(...xs: number[]): number
declare function withAux(w: Float64Array, k: number): [number, { steps: number }]
declare function model(w: Float64Array, x: Float64Array): Float64Array
declare function inert(label: string, x: number): number
declare function integers(x: Int32Array): number

describe('grad', () => {
  test('takes the first argument unless wrt says otherwise', () => {
    expectTypeOf(grad(scalar)).toBeCallableWith(1)
    expectTypeOf(grad(scalar)(1)).toEqualTypeOf<number>()
    expectTypeOf(grad(loss)(new Float64Array(2), 1)).toEqualTypeOf<Float64Array>()
    expectTypeOf(grad(loss, { wrt: 1 })(new Float64Array(2), 1)).toEqualTypeOf<number>()
    expectTypeOf(grad(loss, {})(new Float64Array(2), 1, 'a')).toEqualTypeOf<Float64Array>()
    expectTypeOf(grad(optional, { wrt: 1 })(1, 2)).toEqualTypeOf<number>()
    expectTypeOf(grad(rest, { wrt: 2 })(1, 2, 3)).toEqualTypeOf<number>()
    expectTypeOf(grad((x: number) => x * x)(2)).toEqualTypeOf<number>()
  })

  test('a list of arguments gives a tuple', () => {
    expectTypeOf(grad(loss, { wrt: [0, 1] })(new Float64Array(2), 1)).toEqualTypeOf<[Float64Array, number]>()
    expectTypeOf(grad(several, { wrt: [2, 0, 1] })(new Float64Array(1), new Float32Array(1), [1])).toEqualTypeOf<
      [number[], Float64Array, Float32Array]
    >()
    expectTypeOf(grad(scalar, { wrt: [0] })(1)).toEqualTypeOf<[number]>()
  })

  test('nests', () => {
    expectTypeOf(grad(grad(scalar))(1)).toEqualTypeOf<number>()
    expectTypeOf(grad((x: number) => x * grad((y: number) => x * y)(1))(4)).toEqualTypeOf<number>()
    const df = grad(scalar)
    expectTypeOf(grad(df)(1)).toEqualTypeOf<number>()
  })

  test('hasAux passes the second result on', () => {
    expectTypeOf(grad(withAux, { hasAux: true })(new Float64Array(1), 1)).toEqualTypeOf<
      { grad: Float64Array } & { aux: { steps: number } }
    >()
    const { grad: gradient, aux } = grad((x: number) => [x * x, 'note'], { hasAux: true })(1)
    expectTypeOf(gradient).toEqualTypeOf<number>()
    expectTypeOf(aux).toEqualTypeOf<string>()
    expectTypeOf(grad(scalar, { hasAux: false })(1)).toEqualTypeOf<number>()
  })

  test('into writes to the caller', () => {
    expectTypeOf(grad(loss).into(new Float64Array(2), new Float64Array(2), 1)).toEqualTypeOf<void>()
    expectTypeOf(valueAndGrad(loss).into(new Float64Array(2), new Float64Array(2), 1)).toEqualTypeOf<number>()
    expectTypeOf(grad(loss, { wrt: [0, 1] }).into([new Float64Array(2), 0], new Float64Array(2), 1)).toEqualTypeOf<void>()
    expectTypeOf(valueAndGrad(withAux, { hasAux: true }).into(new Float64Array(1), new Float64Array(1), 1).aux).toEqualTypeOf<{
      steps: number
    }>()
    // @ts-expect-error: one number is no buffer
    grad(scalar).into(0, 1)
    // @ts-expect-error: the gradient of a Float64Array is not written to a list
    grad(loss).into([0, 0], new Float64Array(2), 1)
  })

  test('refuses what it cannot mean', () => {
    // @ts-expect-error: a result that is not a number
    grad(model)
    // @ts-expect-error: a tuple without hasAux
    grad(withAux)
    // @ts-expect-error: hasAux without a tuple
    grad(scalar, { hasAux: true })
    // @ts-expect-error: a string has no gradient
    grad(inert)
    // @ts-expect-error: nor has an integer array
    grad(integers)
    // @ts-expect-error: nor has a string in a list
    grad(loss, { wrt: [0, 2] })
    // @ts-expect-error: no such argument
    grad(scalar, { wrt: 1 })
    // @ts-expect-error: no such argument, in a list
    grad(loss, { wrt: [0, 3] })
    // @ts-expect-error: not a position
    grad(rest, { wrt: -1 })
    // @ts-expect-error: nor this
    grad(rest, { wrt: 0.5 })
    // @ts-expect-error: an empty list
    grad(scalar, { wrt: [] })
    // @ts-expect-error: no argument at all
    grad(() => 1)
    // @ts-expect-error: not a literal
    grad(scalar, { wrt: Number('0') })
    // @ts-expect-error: no such option
    grad(scalar, { wrt: 0, mode: 'forward' })
    // @ts-expect-error: no such option either
    grad(scalar, { with: 0 })
    // @ts-expect-error: not a function
    grad(1)
    // @ts-expect-error: the type of an argument must be known
    grad((x) => x * x)
    // @ts-expect-error: the arguments are those of the function
    grad(loss)('a')
  })
})

describe('valueAndGrad', () => {
  test('gives both', () => {
    expectTypeOf(valueAndGrad(scalar)(1)).toEqualTypeOf<{ value: number; grad: number }>()
    const { value, grad: gradient } = valueAndGrad(loss, { wrt: [1, 0] })(new Float64Array(1), 1)
    expectTypeOf(value).toEqualTypeOf<number>()
    expectTypeOf(gradient).toEqualTypeOf<[number, Float64Array]>()
    const result = valueAndGrad(withAux, { hasAux: true, wrt: 1 })(new Float64Array(1), 1)
    expectTypeOf(result.value).toEqualTypeOf<number>()
    expectTypeOf(result.grad).toEqualTypeOf<number>()
    expectTypeOf(result.aux).toEqualTypeOf<{ steps: number }>()
    // @ts-expect-error: a result that is not a number
    valueAndGrad(model)
  })
})

describe('vjp', () => {
  test('takes a cotangent of the result to the gradient', () => {
    const { value, pullback } = vjp(model)(new Float64Array(2), new Float64Array(2))
    expectTypeOf(value).toEqualTypeOf<Float64Array>()
    expectTypeOf(pullback).parameter(0).toEqualTypeOf<Float64Array>()
    expectTypeOf(pullback(new Float64Array(2))).toEqualTypeOf<Float64Array>()
    expectTypeOf(pullback.release()).toEqualTypeOf<void>()
    expectTypeOf(vjp(model, { wrt: [0, 1] })(new Float64Array(2), new Float64Array(2)).pullback(new Float64Array(2))).toEqualTypeOf<
      [Float64Array, Float64Array]
    >()
    expectTypeOf(vjp(scalar)(1).pullback(1)).toEqualTypeOf<number>()
    // @ts-expect-error: a number is no cotangent of an array
    pullback(1)
  })

  test('of a tuple and a record', () => {
    const { value, pullback } = vjp((x: number): [number, Float64Array] => [x, new Float64Array(1)])(1)
    expectTypeOf(value).toEqualTypeOf<[number, Float64Array]>()
    expectTypeOf(pullback).parameter(0).toEqualTypeOf<[number, Float64Array]>()
    expectTypeOf(vjp((x: number) => ({ y: x, label: 'a' }))(1).pullback)
      .parameter(0)
      .toEqualTypeOf<{ y: number }>()
    const split = vjp((x: number) => [x, 'note'], { hasAux: true })(1)
    expectTypeOf(split.pullback(1)).toEqualTypeOf<number>()
    expectTypeOf(split.aux).toEqualTypeOf<string>()
  })

  test('refuses a result without numbers', () => {
    // @ts-expect-error: a string has no cotangent
    vjp((x: number) => String(x))
    // @ts-expect-error: nor has nothing
    vjp((x: number) => void x)
  })
})

describe('jvp', () => {
  test('takes arguments and tangents as lists', () => {
    const forward = jvp(loss)
    expectTypeOf(forward([new Float64Array(1), 2], [new Float64Array(1), 1])).toEqualTypeOf<{ value: number; tangent: number }>()
    forward([new Float64Array(1), 2, 'a'], [undefined, 1, undefined])
    expectTypeOf(
      jvp(model)([new Float64Array(1), new Float64Array(1)], [new Float64Array(1), undefined]).tangent,
    ).toEqualTypeOf<Float64Array>()
    // @ts-expect-error: a tangent has the shape of its argument
    forward([new Float64Array(1), 2], [1, 1])
    // @ts-expect-error: a string does not move
    forward([new Float64Array(1), 2, 'a'], [undefined, 1, 'a'])
    // @ts-expect-error: an argument is missing
    forward([new Float64Array(1)], [new Float64Array(1)])
  })
})

test('stopGradient gives what it was given', () => {
  const one = Number('1')
  expectTypeOf(stopGradient(one)).toEqualTypeOf<number>()
  expectTypeOf(stopGradient({ x: new Float64Array(1) })).toEqualTypeOf<{ x: Float64Array<ArrayBuffer> }>()
})
