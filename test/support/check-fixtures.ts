import { describe, expect, test } from 'vitest'
import type { Fixture } from './fixture.ts'
import { goldens, goldenText, hasGoldens, hasStaleGolden } from './golden.ts'
import * as checks from './point.ts'
import { refused } from './refused.ts'
import { units, unitOf, type Ask, type Unit } from './requests.ts'
import { buildSuite } from './suite.ts'

const allUnits = [...(Object.keys(units) as (keyof typeof units)[]), 'again'] as const satisfies readonly Unit[]

/**
 * Every fixture at every point, by the seven checks of the design: golden text, strict types, the primal bit for bit, the gradient against differences
 * of the original, forward against reverse, pullbacks called again, and second derivatives (nested, forward over reverse, and the emitted text
 * compiled once more). What the compiler refuses is listed in `support/refused.ts`.
 */
export function checkFixtures(fixtures: readonly Fixture[]): void {
  const suite = buildSuite(fixtures)
  for (const fixture of fixtures)
    describe(fixture.name, () => {
      const compiled = allUnits.filter((unit) => {
        const built = suite.of(fixture, unit)
        if (built === undefined) return false
        const messages = built.errors.map(({ code, message }) => `${code}: ${message}`)
        const isKnown = refused[unit].includes(fixture.name)
        if (isKnown)
          test(`${unit} is refused, and known to be`, () => {
            expect(messages, 'it compiles by now: take it out of support/refused.ts').not.toEqual([])
            expect(messages.join()).not.toContain('CT9001')
          })
        else {
          test(`${unit} compiles, and under --strict`, () => expect([...messages, ...built.typeErrors].join('\n')).toBe(''))
          test(`${unit} is well-formed after every pass`, () => expect(built.broken.join('\n')).toBe(''))
          // Emitted text that is compiled again leads to emitted text, whose statements are no lines of a program that comments show.
          if (unit !== 'again') test(`${unit} leads to its source`, () => expect(built.wrongPlaces().join('\n')).toBe(''))
        }
        return messages.length === 0 && !isKnown
      })
      const has = (...asks: readonly Ask[]): boolean => asks.every((ask) => compiled.some((unit) => unit === unitOf(ask)))

      if (hasGoldens(fixture))
        test.each(goldens)('%s as it was', (golden) => {
          if (has(golden)) {
            const { code } = suite.of(fixture, golden)!
            expect(code, 'if this is better: UPDATE_GOLDENS=1 npx vitest run test/fixtures').toBe(goldenText(fixture, golden, code))
          } else expect(hasStaleGolden(fixture, golden), 'a golden file of what is refused').toBe(false)
        })

      for (const check of fixture.checks)
        for (const [index, args] of check.points.entries()) {
          const at = `${check.name} at point ${String(index)}`
          const point = checks.pointOf(suite, fixture, check, args)
          for (const ask of ['adjoint', 'tangent', 'pullback'] as const)
            if (has(ask)) test(`${at}: primal of the ${ask}`, () => checks.checkPrimal(point, ask))
          if (has('adjoint')) test(`${at}: gradient`, () => checks.checkGradient(point))
          if (check.scalar && has('adjoint', 'gradient')) test(`${at}: grad and into`, () => checks.checkGradientAgain(point))
          if (has('tangent', 'pullback')) test(`${at}: forward against reverse`, () => checks.checkTangent(point))
          if (has('adjoint', 'pullback')) test(`${at}: pullbacks`, () => checks.checkPullback(point))
          for (const ask of ['second', 'over', 'again'] as const)
            if (check.scalar && check.second && has('adjoint', ask)) test(`${at}: ${ask}`, () => checks.checkSecond(point, ask))
        }
    })
}
