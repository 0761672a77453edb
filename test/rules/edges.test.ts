import { describe, expect, test } from 'vitest'
import type { Expression } from '../../compiler/ir/nodes.ts'
import { parseExpression } from '../../compiler/ir/parse-expression.ts'
import { variablesIn } from '../../compiler/ir/walk.ts'
import { partials } from '../../compiler/rules/partials.ts'
import { evaluateNumber } from '../support/evaluate.ts'
import { derivative } from './symbolic.ts'

/** The partial derivatives of an operation for its variables, at one point. */
function partialsAt(text: string, values: readonly number[]): number[] {
  const expression = parseExpression(text)
  const names = [...variablesIn(expression)]
  const point = new Map(names.map((name, index) => [name, values[index]!]))
  return names.map((name) => evaluateNumber(derivative(expression, name), point))
}

describe('kinks and edges', () => {
  test.each<[string, number[], number[]]>([
    ['Math.abs(x)', [0], [0]],
    ['Math.sign(x)', [0], [0]],
    ['Math.floor(x)', [2.5], [0]],
    ['Math.sqrt(x)', [0], [Infinity]],
    ['Math.cbrt(x)', [0], [Infinity]],
    ['Math.log(x)', [0], [Infinity]],
    ['Math.log1p(x)', [-1], [Infinity]],
    ['Math.asin(x)', [1], [Infinity]],
    ['Math.acos(x)', [-1], [-Infinity]],
    ['Math.acosh(x)', [1], [Infinity]],
    ['Math.atanh(x)', [1], [Infinity]],
    ['Math.acosh(x)', [-2], [NaN]],
    ['Math.acosh(x)', [1e200], [1e-200]],
    ['Math.max(a, b)', [2, 2], [0.5, 0.5]],
    ['Math.min(a, b)', [2, 2], [0.5, 0.5]],
    ['Math.max(a, b)', [-Infinity, -Infinity], [0.5, 0.5]],
    ['Math.max(a, b)', [-0, 0], [0.5, 0.5]],
    ['Math.max(0, b)', [0], [0.5]],
    ['Math.max(a, b, c)', [2, 2, 1], [0.5, 0.5, 0]],
    ['Math.max(a, b, c, d)', [4, 4, 4, 4], [0.25, 0.25, 0.25, 0.25]],
    ['Math.min(a, b, c)', [1, 5, 1], [0.5, 0, 0.5]],
    ['Math.hypot(a, b)', [0, 0], [0, 0]],
    ['Math.hypot(a, b, c)', [0, 0, 0], [0, 0, 0]],
    ['Math.hypot(a)', [0], [0]],
    ['Math.hypot(a, b)', [3, 4], [0.6, 0.8]],
    ['Math.atan2(y, x)', [0, 0], [NaN, NaN]],
    ['a % 3', [7.5], [1]],
    ['a % b', [7.5, 3], [1, -2]],
    ['a % b', [-7.5, 3], [1, 2]],
    ['a ** 0', [0], [0]],
    ['a ** 1', [0], [1]],
    ['a ** 2', [0], [0]],
    ['a ** 3', [0], [0]],
    ['a ** 0.5', [0], [Infinity]],
    ['a ** -1', [0], [-Infinity]],
    ['a ** b', [0, 0], [0, 0]],
    ['a ** b', [0, 1], [1, 0]],
    ['a ** b', [0, 2], [0, 0]],
    ['a ** b', [0, 0.5], [Infinity, 0]],
    ['a ** b', [0, -1], [-Infinity, -Infinity]],
    ['a ** b', [-2, 3], [12, NaN]],
    ['a ** b', [2, 0], [0, Math.log(2)]],
    ['0 ** b', [2], [0]],
    ['0 ** b', [0], [0]],
    ['Math.pow(a, b)', [0, 1], [1, 0]],
    ['Math.fround(x)', [0.1], [1]],
    ['a / b', [1, 0], [Infinity, -Infinity]],
  ])('%s at %j has the partials %j', (text, values, expected) => {
    const found = partialsAt(text, values)
    // The sign of a zero derivative carries nothing.
    expect(found.map((value) => value + 0)).toEqual(expected.map((value) => value + 0))
  })
})

describe('literal exponents agree with the general rule', () => {
  test.each([0, 1, 2, 3, 4, 5, 8, 9, 10, -1, -2, -3, -9, 0.5, -0.5, 1.5, 2.5, 0.1])('exponent %d', (exponent) => {
    for (const base of [0, 1, 0.5, 2, -1, -2, 3.7, NaN, Infinity, 1e-200, 1e100]) {
      const point = new Map([
        ['x', base],
        ['n', exponent],
        ['out', base ** exponent],
      ])
      const [x, n, out] = ['x', 'n', 'out'].map(parseExpression) as [Expression, Expression, Expression]
      const literal = evaluateNumber(partials('**', [x, { kind: 'number', value: exponent }], out)[0]!, point)
      const general = evaluateNumber(partials('**', [x, n], out)[0]!, point)
      const limit = 1e-14 * Math.abs(general)
      const agrees = Object.is(literal + 0, general + 0) || Math.abs(literal - general) <= limit
      expect(agrees, `${String(base)} ** ${String(exponent)}: ${String(literal)} for ${String(general)}`).toBe(true)
    }
  })
})

describe('NaN in gives NaN out', () => {
  const varying = [
    'Math.sin(x)',
    'Math.abs(x)',
    'Math.sqrt(x)',
    'Math.tanh(x)',
    'Math.exp(x)',
    'x * x',
    '1 / x',
    'x ** 2',
    'x ** 3',
    'x ** 0.5',
  ]
  test.each([...varying, 'Math.hypot(x)', 'Math.hypot(x, 1)', 'Math.max(x, 1)', 'Math.min(1, x)', 'Math.max(0, x, 2)', 'Math.atan2(x, 1)'])(
    '%s',
    (text) => {
      expect(partialsAt(text, [NaN])).toEqual([NaN])
    },
  )

  test('also for the operand that is a number', () => {
    expect(partialsAt('Math.max(a, b)', [1, NaN])).toEqual([NaN, NaN])
    expect(partialsAt('Math.max(a, b, c)', [1, NaN, 2])).toEqual([NaN, NaN, NaN])
    expect(partialsAt('Math.hypot(a, b)', [1, NaN])).toEqual([NaN, NaN])
  })
})
