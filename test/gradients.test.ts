import { describe, expect, test } from 'vitest'
import { compare, describe as describeVerdict } from './oracle/compare.ts'
import { gradient as differences } from './oracle/differences.ts'
import { deepCopy, flatten, sameBits } from './oracle/leaves.ts'
import { compileFiles } from './support/compile.ts'
import { readFixtures, sourceOf, virtualFolder } from './support/fixture.ts'
import { functionOf, load } from './support/load.ts'
import { requestName, withRequests } from './support/requests.ts'
import { typeErrors } from './support/typecheck.ts'

/**
 * Differentiated programs that themselves ask for derivatives come with nesting. Every other scalar fixture's value and gradient against the original and its differences. A fixture that the compiler refuses must be in the list below:
 * refusing one more fails, and so does a fixture in the list that compiles by now.
 */
const refused = new Set(['branch-side-effects', 'branch-values-of-logic', 'calls-defaults'])

const fixtures = readFixtures().filter(({ checks, text }) => checks.every(({ scalar }) => scalar) && !text.includes("from 'cotangent'"))
const pathOf = (name: string): string => `${virtualFolder}/${name}.adjoint.ts`
const files = Object.assign({}, ...fixtures.map(({ others }) => others)) as Record<string, string>
for (const fixture of fixtures) files[pathOf(fixture.name)] = withRequests(sourceOf(fixture), 'adjoint', fixture.checks)!
const compiled = compileFiles(
  files,
  fixtures.map(({ name }) => pathOf(name)),
)

for (const fixture of fixtures)
  describe(fixture.name, () => {
    const { code, diagnostics } = compiled.get(pathOf(fixture.name))!
    const errors = diagnostics.filter(({ severity }) => severity === 'error')
    if (errors.length > 0 || refused.has(fixture.name)) {
      test('is refused, and known to be', () => {
        expect(
          errors.map(({ code, message }) => `${code} ${message}`),
          fixture.name,
        ).not.toEqual([])
        expect(errors.map(({ code }) => code)).not.toContain('CT9001')
        expect(refused, errors.map(({ message }) => message).join('\n')).toContain(fixture.name)
      })
      return
    }
    test('passes --strict', () => {
      expect([...typeErrors({ ...fixture.others, [pathOf(fixture.name)]: code }).values()].flat()).toEqual([])
    })
    for (const check of fixture.checks)
      test.for(check.points.map((args, index) => [index, args] as const))(`${check.name} at point %i`, ([, args]) => {
        const module = load({ ...fixture.others, [pathOf(fixture.name)]: code }, pathOf(fixture.name))
        const original = functionOf(load({ ...fixture.others, [fixture.path]: sourceOf(fixture) }, fixture.path), check.name)
        const [own, theirs] = [deepCopy(args) as unknown[], deepCopy(args) as unknown[]]
        const result = functionOf(module, requestName('adjoint', check, fixture.checks))(...own) as { value: unknown; grad: unknown }
        const expected = original(...theirs)
        expect({ value: result.value, same: sameBits(result.value, expected), args: own }, code).toEqual({
          value: expected,
          same: true,
          args: theirs,
        })
        const withWrt = (...values: unknown[]): number =>
          original(...args.map((arg, at) => (check.wrt.includes(at) ? values[check.wrt.indexOf(at)] : deepCopy(arg)))) as number
        const verdict = compare(
          flatten(result.grad),
          differences(
            withWrt,
            check.wrt.map((at) => args[at]),
          ),
          {
            ...(check.single || args.some((arg) => arg instanceof Float32Array) ? { coarse: 0.02, rounding: 1e-5 } : {}),
            value: expected as number,
          },
        )
        expect(verdict.kind, `${describeVerdict(verdict)}\n${code}`).toBe('equal')
      })
  })
