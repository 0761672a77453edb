import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Field, FunctionNode, Statement } from '../../compiler/ir/nodes.ts'
import { parse } from '../../compiler/ir/parse.ts'
import { parseExpression } from '../../compiler/ir/parse-expression.ts'
import { parseType, showType } from '../../compiler/ir/parse-type.ts'
import { show } from '../../compiler/ir/show.ts'
import { showExpression } from '../../compiler/ir/show-expression.ts'
import { Cursor } from '../../compiler/ir/tokens.ts'
import { mapBlocksOf } from '../../compiler/ir/walk.ts'
import { arbitraryExpression, arbitraryOrigin } from '../support/arbitrary-expression.ts'
import { arbitraryFunction } from '../support/arbitrary-function.ts'

describe('the printed form comes back as it was', () => {
  test.each([
    'tagged { kind: opaque "string", r?: number }',
    'classes("Circle", "Square") { private concealed r: number, private: number, concealed?: number }',
    'tagged classes() { tagged: number[] }[]',
    'class "Vec3" (x, y) { x: number, y: number } | undefined',
    'tagged classes("A") type Tree',
    'tagged type Tree | null',
  ])('for the type %s', (text) => {
    const fields: readonly Field[] = [{ name: 'value', type: { kind: 'number' } }]
    const type = parseType(new Cursor(text, () => fields))
    expect(showType(type)).toBe(text)
    const present = type.kind === 'array' ? type.element : type
    if (text.includes('Tree')) expect(present).toMatchObject({ kind: 'record', name: 'Tree', tagged: true, fields })
  })

  test('for every expression', () => {
    fc.assert(
      fc.property(arbitraryExpression, (expression) => {
        expect(parseExpression(showExpression(expression))).toStrictEqual(expression)
      }),
      { numRuns: 2000, seed: 1 },
    )
  })

  test('for functions with control flow', () => {
    fc.assert(
      fc.property(arbitraryFunction(), (fn) => {
        expect(parse(show(fn))).toStrictEqual(fn)
      }),
      { numRuns: 300, seed: 1 },
    )
  })

  test('for every kind of statement with whatever expressions, and where they came from', () => {
    fc.assert(
      fc.property(
        fc.tuple(...Array.from({ length: 6 }, () => arbitraryExpression)),
        fc.infiniteStream(arbitraryOrigin),
        (parts, origins) => {
          const fn = everyStatement(parts)
          const mark = (block: readonly Statement[]): Statement[] =>
            block.map((statement) => {
              const origin = origins.next().value
              return mapBlocksOf(origin.line % 2 === 0 ? statement : { ...statement, origin }, mark)
            })
          const marked: FunctionNode = { ...fn, body: mark(fn.body) }
          expect(parse(show(fn))).toStrictEqual(fn)
          expect(parse(show(marked, { origins: true }))).toStrictEqual(marked)
          const placed: FunctionNode = { ...marked, origin: origins.next().value }
          expect(parse(show(placed, { origins: true }))).toStrictEqual(placed)
        },
      ),
      { numRuns: 200, seed: 1 },
    )
  })

  test.each(['', ' ', 'plain', ' two  spaces ', '@1:2:3', '"quoted"', 'line\nbreak', '// more', 'ends with {'])(
    'for the comment %j',
    (text) => {
      const origin = { file: 'a.ts', line: 1, start: 2, end: 3 }
      const body: Statement[] = [
        { kind: 'comment', text },
        { kind: 'comment', text, origin },
      ]
      const fn: FunctionNode = { name: 'f', parameters: [], variables: {}, result: { kind: 'void' }, body }
      expect(parse(show(fn, { origins: true }))).toStrictEqual(fn)
    },
  )
})

/** Each statement in each of its forms. */
function everyStatement([a, b, c, d, e, f]: readonly Parameters<typeof showExpression>[0][]): FunctionNode {
  const [p, q, r, s, t, u] = [a!, b!, c!, d!, e!, f!]
  const leave: Statement[] = [
    { kind: 'assign', target: { kind: 'variable', name: 'exit' }, value: { kind: 'number', value: 1 } },
    { kind: 'break' },
  ]
  return {
    name: 'not an identifier',
    parameters: [
      { name: 'x' },
      { name: 'y', typeText: 'Readonly<"a">' },
      { name: 'z', typeText: 'number', defaultText: 'x + 1' },
      { name: 'w', defaultText: '"' },
    ],
    variables: {
      x: { type: { kind: 'array', storage: 'Float64Array', element: { kind: 'number' } }, mutable: false },
      exit: { type: { kind: 'number' }, mutable: true },
    },
    result: { kind: 'opaque', text: 'Map<string, "x">' },
    body: [
      { kind: 'declare', name: 'bare' },
      { kind: 'declare', name: 'exit', value: p },
      { kind: 'assign', target: { kind: 'variable', name: 'effect' }, value: q },
      { kind: 'assign', target: { kind: 'element', array: { kind: 'variable', name: 'effect' }, index: q }, value: r },
      { kind: 'assign', target: { kind: 'element', array: q, index: p }, value: r },
      { kind: 'assign', target: { kind: 'field', record: s, name: 'length' }, value: r },
      { kind: 'fill', array: p, value: q },
      { kind: 'fill', array: p, value: q, start: r },
      { kind: 'fill', array: p, value: q, end: r },
      { kind: 'fill', array: p, value: q, start: r, end: s },
      { kind: 'copyInto', target: p, source: q },
      { kind: 'copyInto', target: p, source: q, offset: t },
      { kind: 'push', array: p, value: q },
      { kind: 'truncate', array: p, length: q, from: r },
      { kind: 'if', test: t, then: [{ kind: 'effect', expression: u }], else: [] },
      { kind: 'if', test: t, then: [], else: [{ kind: 'throw', value: u }] },
      { kind: 'loop', counter: { name: 'i', from: p, to: q, comparison: '<=', step: -2.5 }, body: [] },
      { kind: 'loop', counter: { name: 'i', from: p, to: q, comparison: '>', step: 1 }, body: leave, exit: 'exit' },
      { kind: 'loop', test: t, body: leave, exit: 'exit' },
      { kind: 'loop', test: t, testAt: 'top', body: [] },
      { kind: 'loop', test: t, testAt: 'bottom', body: [], exit: 'top' },
      { kind: 'loop', body: [{ kind: 'comment', text: 'for ever' }] },
      { kind: 'call', callee: 'a.ts#f|grad:wrt=0', arguments: [] },
      { kind: 'call', result: 'exit', callee: 'a "quoted" name', arguments: [p, q] },
      { kind: 'reserve', tape: 'x', length: p, pooled: true },
      { kind: 'reserve', tape: 'x', length: q, pooled: false },
      { kind: 'release', tape: 'x' },
      { kind: 'release', tape: 'x', exact: true },
      { kind: 'return' },
      { kind: 'return', value: u },
    ],
  }
}

test('a function reads like TypeScript', () => {
  const text = `function walk(s, n): number
  let s: number
  const n: number
  let exit: number
  const i: number
{
  // An early return has become a code.
  let exit = 0
  for (i = 0; i < n; i += 1) exit exit {
    s = s * 2 - -1
    if (s > 4) {
      exit = 1
      break
    } else {
      s = -s ? 1 : 2
    }
  }
  return (s + exit) ** 2 / Math.PI
}
`
  expect(show(parse(text))).toBe(text)
})

test.each([
  ['a + b * c', 'a + b * c'],
  ['(a + b) * c', '(a + b) * c'],
  ['a - (b - c)', 'a - (b - c)'],
  ['(a - b) - c', 'a - b - c'],
  ['a ** b ** c', 'a ** b ** c'],
  ['(a ** b) ** c', '(a ** b) ** c'],
  ['(-a) ** 2', '(-a) ** 2'],
  ['-(a ** 2)', '-(a ** 2)'],
  ['a ** -1', 'a ** -1'],
  ['a ? b : c ? d : e', 'a ? b : c ? d : e'],
  ['(a ? b : c) ? d : e', '(a ? b : c) ? d : e'],
  ['a<b&&c||!d', 'a < b && c || !d'],
])('%s is printed as %s', (text, expected) => {
  expect(showExpression(parseExpression(text))).toBe(expected)
})

test.each(['a +', '-a ** 2', '-2 ** 2', 'a b', '(a', 'a[1', 'f(a', '#', 'a ? b', ''])('%j is refused', (text) => {
  expect(() => parseExpression(text)).toThrow(/printed form/)
})
