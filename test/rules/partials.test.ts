import { expect, test } from 'vitest'
import type { Expression } from '../../compiler/ir/nodes.ts'
import { operators } from '../../compiler/ir/operators.ts'
import { parseExpression } from '../../compiler/ir/parse-expression.ts'
import { showExpression } from '../../compiler/ir/show-expression.ts'
import { variablesIn } from '../../compiler/ir/walk.ts'
import { hasPartials, isStep, needs, partials } from '../../compiler/rules/partials.ts'
import { compare, describe as tell } from '../oracle/compare.ts'
import { alongPath } from '../oracle/differences.ts'
import { evaluateNumber } from '../support/evaluate.ts'
import { type Domain, smoothOperations } from './smooth-operations.ts'
import { derivative } from './symbolic.ts'

for (const [text, domain] of smoothOperations) {
  const title = `${text} on ${domain.map(([from, to]) => `[${String(from)}, ${String(to)}]`).join(' x ')}`
  const expression = parseExpression(text)
  const names = [...variablesIn(expression)]

  test(`first derivatives of ${title}`, () => {
    for (const name of names) checkAgainstDifferences(expression, names, domain, name, 200)
  })

  test(`second derivatives of ${title}`, () => {
    for (const first of names) {
      const gradient = derivative(expression, first)
      for (const second of names) checkAgainstDifferences(gradient, names, domain, second, 40)
    }
  })
}

/** Compares the derivative of an expression by the rules with differences of it, at random points. */
function checkAgainstDifferences(expression: Expression, names: readonly string[], domain: Domain, moved: string, points: number): void {
  const byRules = derivative(expression, moved)
  const random = generator(1)
  for (let count = 0; count < points; count++) {
    const point = new Map(names.map((name, index) => [name, between(domain[index]!, 0.05 + 0.9 * random())]))
    const centre = point.get(moved)!
    const [from, to] = domain[names.indexOf(moved)]!
    // The oracle's largest step is a quarter of the unit: no step leaves the domain.
    const unit = 2 ** Math.floor(Math.log2(4 * Math.min(centre - from, to - centre)))
    const estimates = alongPath((t) => [evaluateNumber(expression, new Map(point).set(moved, centre + t))], { unit })
    const verdict = compare([evaluateNumber(byRules, point)], estimates, { value: evaluateNumber(expression, point) })
    if (verdict.kind !== 'equal') {
      throw new Error(`d/d${moved} ${showExpression(expression)} at ${JSON.stringify([...point])}: ${tell(verdict)}`)
    }
  }
}

function between([from, to]: readonly [number, number], share: number): number {
  return from + share * (to - from)
}

/** Numbers in [0, 1) that are the same in every run (Mulberry32). */
function generator(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}

test('every operator has a rule, but for those the differentiator treats itself', () => {
  const without = [...operators].filter(([operator, info]) => !hasPartials(operator, Math.max(1, info.minimum)) && info.maximum > 0)
  expect(without.map(([operator]) => operator)).toEqual(['select', 'shown', 'hook', 'isUndefined', 'isNull', 'isNullish'])
})

test('every smooth function of the language stands in the table of tests', () => {
  const tested = new Set(smoothOperations.map(([text]) => (parseExpression(text) as Expression & { kind: 'operation' }).operator))
  const untested = [...operators.keys()].filter((operator) => operator.startsWith('Math.') && !tested.has(operator))
  const constants = untested.filter((operator) => operators.get(operator)!.maximum === 0)
  expect(untested.filter((operator) => !constants.includes(operator))).toEqual(['Math.fround', 'Math.f16round'])
})

test('all functions of this engine are known', () => {
  const unknown = Object.getOwnPropertyNames(Math).filter((name) => !operators.has(`Math.${name}`))
  // `random` is no operation, and `sumPrecise` takes an iterable.
  expect(unknown.filter((name) => name !== 'random' && name !== 'sumPrecise')).toEqual([])
})

test.each([
  ['a + b', ['1', '1']],
  ['a - b', ['1', '-1']],
  ['a * b', ['b', 'a']],
  ['a / b', ['1 / b', '-out / b']],
  ['-a', ['-1']],
  ['a ** 0', ['0']],
  ['a ** 1', ['1']],
  ['a ** 2', ['2 * a']],
  ['a ** 3', ['3 * a * a']],
  ['a ** 5', ['5 * (a * a) * (a * a)']],
  ['a ** -1', ['-1 / (a * a)']],
  ['a ** 0.5', ['0.5 / out']],
  ['a ** 20', ['20 * a ** 19']],
  ['2 ** b', ['0', 'out * Math.log(2)']],
  ['Math.fround(x)', ['1']],
  ['Math.sqrt(x)', ['0.5 / out']],
  ['stopGradient(x)', ['0']],
])('the partials of %s read %j', (text, expected) => {
  const { operator, operands } = parseExpression(text) as Expression & { kind: 'operation' }
  const found = partials(operator, operands, parseExpression('out')).map(showExpression)
  // The partial of a literal operand is nobody's concern, unless the text asks for it.
  const shown = operands[0]?.kind === 'number' ? ['0', found[1]] : found.slice(0, expected.length)
  expect(shown).toEqual(expected)
})

test.each([
  ['a * b', [0], { operands: [1], out: false }],
  ['a * b', [1], { operands: [0], out: false }],
  ['a + b', [0, 1], { operands: [], out: false }],
  ['a / b', [0], { operands: [1], out: false }],
  ['a / b', [1], { operands: [1], out: true }],
  ['Math.exp(x)', [0], { operands: [], out: true }],
  ['Math.sin(x)', [0], { operands: [0], out: false }],
  ['a ** 2', [0], { operands: [0], out: false }],
  ['a ** 0.5', [0], { operands: [], out: true }],
  ['a ** b', [0], { operands: [0, 1], out: false }],
  ['Math.max(a, b, c)', [1], { operands: [0, 1, 2], out: true }],
])('the derivative of %s for %j needs %j', (text, wrt, expected) => {
  const { operator, operands } = parseExpression(text) as Expression & { kind: 'operation' }
  expect(needs(operator, operands, wrt)).toEqual(expected)
})

test('steps are told from smooth operations', () => {
  expect(isStep('Math.floor', 1)).toBe(true)
  expect(isStep('<', 2)).toBe(true)
  expect(isStep('+', 2)).toBe(false)
  expect(isStep('Math.max', 3)).toBe(false)
})
