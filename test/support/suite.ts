import { compileFiles, type Compiled } from './compile.ts'
import { sourceOf, virtualFolder, type Check, type Fixture } from './fixture.ts'
import { load, type Module } from './load.ts'
import { contractedGradient, requestName, withRequests, type Unit } from './requests.ts'

const units: readonly Unit[] = ['adjoint', 'tangent', 'pullback', 'gradient', 'into', 'second']

/** What the compiler does not have yet, by its own word. */
export class Unbuilt extends Error {}

/** A compiled unit; asking for its code or module throws what went wrong, so that each test fails with its own reason. */
export interface Built {
  code(): string
  module(): Module
}

export interface Suite {
  of(fixture: Fixture, unit: Unit): Built
  /** The fixture's own emitted gradients, given back to the compiler as text and differentiated once more. */
  again(fixture: Fixture): Built
}

/** Compiles every unit of every fixture with one compiler, then the emitted text again with another. */
export function buildSuite(fixtures: readonly Fixture[]): Suite {
  const others = Object.assign({}, ...fixtures.map((fixture) => fixture.others)) as Record<string, string>
  const files: Record<string, string> = {}
  for (const fixture of fixtures)
    for (const unit of units) files[pathOf(fixture, unit)] = withRequests(sourceOf(fixture), unit, fixture.checks)
  const first = compileAll({ ...others, ...files }, Object.keys(files))
  const of = (fixture: Fixture, unit: Unit): Built => built(first, pathOf(fixture, unit), fixture.others)

  const secondFiles: Record<string, string> = {}
  for (const fixture of fixtures) {
    const text = textAgain(fixture, of(fixture, 'gradient'))
    if (text !== undefined) secondFiles[pathOf(fixture, 'again')] = text
  }
  const second = compileAll({ ...others, ...secondFiles }, Object.keys(secondFiles))
  return { of, again: (fixture) => built(second, pathOf(fixture, 'again'), fixture.others) }
}

function pathOf(fixture: Fixture, unit: string): string {
  return `${virtualFolder}/${fixture.name}.${unit}.ts`
}

type Outcome = Compiled | Error

function compileAll(files: Readonly<Record<string, string>>, entries: readonly string[]): Map<string, Outcome> {
  try {
    return compileFiles(files, entries)
  } catch {
    // One file brought the compiler down: find out which, at the price of a compiler each.
    return new Map(
      entries.map((entry): [string, Outcome] => {
        try {
          return [entry, compileFiles(files, [entry]).get(entry)!]
        } catch (error) {
          return [entry, error instanceof Error ? error : new Error(String(error))]
        }
      }),
    )
  }
}

function built(outcomes: ReadonlyMap<string, Outcome>, path: string, others: Readonly<Record<string, string>>): Built {
  let module: Module | undefined
  const code = (): string => {
    const outcome = outcomes.get(path)
    if (outcome === undefined) throw new Unbuilt(`${path} was not built.`)
    if (outcome instanceof Error) throw outcome
    const errors = outcome.diagnostics.filter(({ severity }) => severity === 'error')
    if (errors.length > 0) {
      const text = errors.map(({ code, message, hint }) => `${path}: ${code}: ${message} (${hint})`).join('\n')
      throw errors.every(({ code }) => code === 'CT9002') ? new Unbuilt(text) : new Error(text)
    }
    return outcome.code
  }
  return { code, module: () => (module ??= load({ ...others, [path]: code() }, path)) }
}

function textAgain(fixture: Fixture, gradient: Built): string | undefined {
  let code: string
  try {
    code = gradient.code()
  } catch {
    return undefined
  }
  const bodies = fixture.checks.flatMap((check) => {
    const emitted = emittedName(code, check, fixture.checks)
    // A single `wrt` gives the gradient itself; what sums it up expects a list.
    const wrapped = emitted && contractedGradient(check, `${requestName(check, fixture.checks)}_again`, emitted)
    return wrapped ? [check.wrtText.startsWith('[') ? wrapped : wrapped.replaceAll(/\bg\[0\]/g, 'g')] : []
  })
  return bodies.length === 0
    ? undefined
    : `import { grad as gradAgain } from 'cotangent'\n${code}\n${bodies.join('\n').replaceAll('= grad(', '= gradAgain(')}\n`
}

function emittedName(code: string, check: Check, checks: readonly Check[]): string | undefined {
  return new RegExp(`export const ${requestName(check, checks)} = .*=> (\\w+)\\(\\.\\.\\.args\\)$`, 'm').exec(code)?.[1]
}
