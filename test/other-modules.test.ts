import { describe, expect, test } from 'vitest'
import { compile, run } from './support/compile.ts'
import { functionOf } from './support/load.ts'

/** What a derivative uses of the module of its function, when that is another one than the one that asks. */

const asking = `import { grad } from 'cotangent'
import { f } from './model.ts'
const N = 100
const table = N
export const df = grad(f)
export const used = table
`
const codes = (model: string): readonly string[] =>
  compile(asking, { '/model.ts': model }).diagnostics.map(({ code, message }) => `${code}: ${message}`)
const gradient = (model: string, ...args: unknown[]): unknown => functionOf(run(asking, { '/model.ts': model }), 'df')(...args)

test('a default value means what it means in its own module', () => {
  expect(gradient('const N = 3\nexport function f(x: number, n = N): number { return x * n }', 2)).toBe(3)
  expect(gradient('export const N = [3]\nexport function f(x: number, n: readonly number[] = N): number { return x * n[0] }', 2)).toBe(3)
  expect(gradient('export function f(x: number, n: number = 2 * x): number { return x * n }', 2)).toBe(8)
})

describe('constants that are not exported', () => {
  const uses = 'export function f(x: number): number { return x * table[1] }'

  test('are repeated where nobody can change them', () => {
    expect(gradient(`const table = [1, 2, 3]\n${uses}`, 2)).toBe(2)
    expect(gradient(`const table = [1, 2, 3] as const\nexport const all = (): readonly number[] => table\n${uses}`, 2)).toBe(2)
    expect(gradient(`const table = new Float64Array([1, 2, 3])\nexport const n = table.length\n${uses}`, 2)).toBe(2)
  })

  test.each([
    'export function change(): void { table[1] = 5 }',
    'export function change(): void { table[1]++ }',
    'export function change(): void { [table[1]] = [5] }',
    'export function change(): void { ({ a: table[1] } = { a: 5 }) }',
    'export function change(): void { for (table[1] of [5]) void 0 }',
    'export function change(): void { table.fill(5) }',
    'export const lent = () => table',
    'declare function anyone(list: number[]): void\nexport const lend = () => anyone(table)',
    'export const holder = { table }',
  ])('are not where somebody might: %s', (other) => {
    expect(codes(`const table = [1, 2, 3]\n${other}\n${uses}`)).toEqual([
      'CT2006: `f` uses `table` of `model.ts`, which is not exported and can not be copied',
    ])
  })
})
