import { TraceMap, traceSegment } from '@jridgewell/trace-mapping'
import { describe, expect, test } from 'vitest'
import { compile } from './support/compile.ts'

/** Where a piece of the emitted code leads to: `/main.ts:4:2`, the line counted from 1, or nothing. */
function placeOf(code: string, map: string, piece: string, after = ''): string | undefined {
  const at = code.indexOf(piece, code.indexOf(after))
  expect(at, `${piece} in\n${code}`).toBeGreaterThanOrEqual(0)
  const above = code.slice(0, at).split('\n')
  const traced = new TraceMap(map)
  const segment = traceSegment(traced, above.length - 1, above.at(-1)!.length)
  return !segment || segment.length === 1 ? undefined : `${traced.sources[segment[1]]!}:${String(segment[2] + 1)}:${String(segment[3])}`
}

function compiled(text: string, others: Readonly<Record<string, string>> = {}): (piece: string, after?: string) => string | undefined {
  const { code, map, diagnostics } = compile(text, others)
  expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([])
  return (piece, after) => placeOf(code, map!, piece, after)
}

describe('the map of a compiled file', () => {
  const place = compiled(
    `#!/usr/bin/env node
import { grad } from 'cotangent'
import { checked } from './checked.ts'

export function loss(x: Float64Array, n: number): number {
  let y = 1
  for (let i = 0; i < n; i++) {
    if (x[i]! > 3) {
      y *= Math.sin(x[i]!)
    } else y += checked(x[i]!)
  }
  return y *
    y
}

export const value = grad(loss)(new Float64Array([1]), 1) // the end
`,
    {
      '/checked.ts': `export function checked(x: number): number {
  if (x < 0) throw new RangeError('negative')
  return x * x
}
`,
    },
  )

  test('leaves the text of the author where it was', () => {
    expect(place("import { grad } from 'cotangent'")).toBe('/main.ts:2:0')
    expect(place('y *= Math')).toBe('/main.ts:9:6')
    expect(place('// the end')).toBe('/main.ts:16:58')
  })

  test('leads from each statement of both sweeps to its primal statement', () => {
    const after = 'function loss_grad'
    expect(place('function loss_grad')).toBe('/main.ts:5:0')
    expect(place('let y = 1', after)).toBe('/main.ts:6:2')
    expect(place('for (let i = 0', after)).toBe('/main.ts:7:2')
    expect(place('// 12: return', after)).toBe('/main.ts:12:2')
    expect(place('let y_bar', after)).toBe('/main.ts:12:2')
    expect(place('for (let i =', 'let y_bar')).toBe('/main.ts:7:2')
    expect(place('if (', 'let y_bar')).toBe('/main.ts:8:4')
    expect(place('Math.cos', after)).toBe('/main.ts:9:6')
  })

  test('leads from statements of other modules into these', () => {
    expect(place('if (', 'else {')).toBe('/checked.ts:2:2')
    expect(place('throw new RangeError', 'function loss_grad')).toBe('/checked.ts:2:13')
  })

  test('leads from what the compiler made up to what needs it', () => {
    expect(place('loss_tapes.take', 'function loss_grad')).toBe('/main.ts:7:2')
    expect(place('return x_bar')).toBe('/main.ts:7:2')
  })

  test('leads from the import of the runtime nowhere', () => {
    expect(place("'cotangent/runtime'")).toBeUndefined()
  })
})

test('a function that stands in the place of its request leads to its own statements', () => {
  const place = compiled(`import { grad } from 'cotangent'
export const slopes = (k: number) => { const first = grad((x: number) => {
    const y = x * k
    return y * y
  }); return first } // the end
`)
  expect(place('const y')).toBe('/main.ts:3:4')
  expect(place('return', 'const y')).toBe('/main.ts:3:4')
  expect(place('return first')).toBe('/main.ts:5:6')
  expect(place('// the end')).toBe('/main.ts:5:21')
})

test('lines within text that is kept as it is lead to themselves', () => {
  const place = compiled(`import { grad, hook } from 'cotangent'
export function loss(x: Float64Array): number {
  const y = x.slice()
  hook(
    y,
    (g) => {
      if (g.length > 3) {
        throw new Error('too many')
      }
      return g
    },
  )
  let sum = 0
  for (let i = 0; i < y.length; i++) sum += y[i]! * y[i]!
  return sum
}
export const slope = grad(loss)(new Float64Array(2))
`)
  expect(place('(g) => {', 'function loss_grad')).toBe('/main.ts:4:2')
  expect(place('if (g.length > 3)', 'function loss_grad')).toBe('/main.ts:7:6')
  expect(place('throw new Error', 'function loss_grad')).toBe('/main.ts:8:8')
  expect(place('return g', 'throw new Error')).toBe('/main.ts:10:6')
})

test('lines may end as they do on Windows', () => {
  const text = `import { grad, hook } from 'cotangent'
function loss(x: Float64Array): number {
  hook(x, (g) => {
    if (g.length > 3)
      throw new Error('too many')
  })
  return x[0]! * x[0]!
}
export const slope = grad(loss)(new Float64Array(2))`
  const place = compiled(text.replaceAll('\n', '\r\n'))
  expect(place('throw new Error', 'function loss_grad')).toBe('/main.ts:5:6')
  expect(place('x_grad[0]', 'function loss_grad')).toBe('/main.ts:7:2')
})

test('the check of what is given leads to the function', () => {
  const place = compiled(`import { grad } from 'cotangent'

export function loss(x: Float64Array): number {
  let sum = 0
  for (let i = 0; i < x.length; i++) sum += x[i]! * x[i]!
  return sum
}
export const slope = grad(loss)
`)
  expect(place('loss_storage.check(')).toBe('/main.ts:3:0')
})

test('the map holds the texts, and is made once', () => {
  const file = compile("import { grad } from 'cotangent'\nexport const slope = grad((x: number) => x * x)(2)\n")
  expect((JSON.parse(file.map!) as { sourcesContent: string[] }).sourcesContent[0]).toContain('x * x')
  expect(file.map).toBe(file.map)
  expect(compile('export {}\n').map).toBeUndefined()
})
