import { expectTypeOf, test } from 'vitest'
import type { Gradient } from 'cotangent'

test('numbers and arrays of them', () => {
  expectTypeOf<Gradient<number>>().toEqualTypeOf<number>()
  expectTypeOf<Gradient<3>>().toEqualTypeOf<number>()
  expectTypeOf<Gradient<Float64Array>>().toEqualTypeOf<Float64Array>()
  expectTypeOf<Gradient<Float64Array<ArrayBuffer>>>().toEqualTypeOf<Float64Array>()
  expectTypeOf<Gradient<Float32Array>>().toEqualTypeOf<Float32Array>()
  expectTypeOf<Gradient<number[]>>().toEqualTypeOf<number[]>()
  expectTypeOf<Gradient<number[][]>>().toEqualTypeOf<number[][]>()
  expectTypeOf<Gradient<readonly (readonly number[])[]>>().toEqualTypeOf<number[][]>()
  expectTypeOf<Gradient<readonly Float64Array[]>>().toEqualTypeOf<Float64Array[]>()
})

test('what carries no derivative', () => {
  expectTypeOf<Gradient<string>>().toEqualTypeOf<never>()
  expectTypeOf<Gradient<boolean>>().toEqualTypeOf<never>()
  expectTypeOf<Gradient<bigint>>().toEqualTypeOf<never>()
  expectTypeOf<Gradient<Int32Array>>().toEqualTypeOf<never>()
  expectTypeOf<Gradient<Uint8Array>>().toEqualTypeOf<never>()
  expectTypeOf<Gradient<(x: number) => number>>().toEqualTypeOf<never>()
  expectTypeOf<Gradient<string[]>>().toEqualTypeOf<never>()
  expectTypeOf<Gradient<{ label: string }>>().toEqualTypeOf<never>()
  expectTypeOf<Gradient<[string, boolean]>>().toEqualTypeOf<never>()
  expectTypeOf<Gradient<Map<string, boolean>>>().toEqualTypeOf<never>()
  expectTypeOf<Gradient<Map<string, number>>>().toEqualTypeOf<Map<string, number>>()
  expectTypeOf<Gradient<unknown>>().toEqualTypeOf<never>()
})

test('records keep the fields that carry one', () => {
  expectTypeOf<Gradient<{ x: number; label: string }>>().toEqualTypeOf<{ x: number }>()
  expectTypeOf<Gradient<{ readonly a: { b: number[]; on: boolean }; readonly meta: { name: string } }>>().toEqualTypeOf<{
    a: { b: number[] }
  }>()
  expectTypeOf<Gradient<{ x?: number }>>().toEqualTypeOf<{ x?: number }>()
  expectTypeOf<Gradient<Record<string, number>>>().toEqualTypeOf<Record<string, number>>()
  expectTypeOf<Gradient<{ x: number | string }>>().toEqualTypeOf<{ x: number }>()
  expectTypeOf<Gradient<{ x: number }[]>>().toEqualTypeOf<{ x: number }[]>()
})

test('tuples keep their positions', () => {
  expectTypeOf<Gradient<[number, Float64Array]>>().toEqualTypeOf<[number, Float64Array]>()
  expectTypeOf<Gradient<readonly [number, string]>>().toEqualTypeOf<[number, undefined]>()
})

test('class instances give their fields, not their methods', () => {
  class Vector {
    readonly x: number = 0
    readonly y: number = 0
    label = ''
    plus(other: Vector): Vector {
      return other
    }
  }
  expectTypeOf<Gradient<Vector>>().toEqualTypeOf<{ x: number; y: number }>()
})

test('recursive types', () => {
  interface Tree {
    weight: number
    children: Tree[]
  }
  interface TreeGradient {
    weight: number
    children: TreeGradient[]
  }
  expectTypeOf<Gradient<Tree>>().toExtend<TreeGradient>()
})
