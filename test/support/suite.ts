import type { Diagnostic } from '../../compiler/diagnostics/report.ts'
import type { Step } from '../../compiler/index.ts'
import { compileFiles, type Compiled } from './compile.ts'
import { problemsAfter } from './every-pass.ts'
import { sourceOf, virtualFolder, type Fixture } from './fixture.ts'
import { wrongPlaces } from './mapping.ts'
import { load, type Module } from './load.ts'
import { againText, units, withRequests, type Unit } from './requests.ts'
import { typeErrors } from './typecheck.ts'

/** A unit as the compiler left it. `code` and `module` are only for units without errors. */
export interface Built {
  readonly errors: readonly Diagnostic[]
  /** What TypeScript says of the emitted text under `--strict`. */
  readonly typeErrors: readonly string[]
  /** What the passes broke on the way, by `verify`. */
  readonly broken: readonly string[]
  readonly code: string
  /** Emitted statements that do not lead to what they come from. */
  wrongPlaces(): readonly string[]
  module(): Module
}

export interface Suite {
  /** The functions themselves, to run and to differentiate by differences. */
  original(fixture: Fixture): Module
  /** `undefined`: the fixture asks for nothing of the kind. */
  of(fixture: Fixture, unit: Unit): Built | undefined
}

/** Compiles every unit of every fixture with one compiler, then the emitted adjoints again with another. */
export function buildSuite(fixtures: readonly Fixture[]): Suite {
  const others = Object.assign({}, ...fixtures.map((fixture) => fixture.others)) as Record<string, string>
  const files: Record<string, string> = {}
  for (const fixture of fixtures) {
    files[pathOf(fixture, 'original')] = sourceOf(fixture)
    for (const unit of Object.keys(units) as (keyof typeof units)[]) {
      const text = withRequests(sourceOf(fixture), unit, fixture.checks)
      if (text !== undefined) files[pathOf(fixture, unit)] = text
    }
  }
  const broken = new Map<string, string[]>()
  const trace = (step: Step, path: string): void => {
    const known = broken.get(path)
    if (known) known.push(...problemsAfter(step))
    else broken.set(path, [...problemsAfter(step)])
  }
  const first = compileFiles({ ...others, ...files }, Object.keys(files), trace)

  const secondFiles: Record<string, string> = {}
  for (const fixture of fixtures) {
    const adjoint = first.get(pathOf(fixture, 'adjoint'))!
    const text = errorsOf(adjoint).length === 0 ? againText(adjoint.code, fixture.checks) : undefined
    if (text !== undefined) secondFiles[pathOf(fixture, 'again')] = text
  }
  const second = compileFiles({ ...others, ...secondFiles }, Object.keys(secondFiles), trace)

  const all = new Map([...first, ...second])
  const emitted = [...all].filter(([, compiled]) => errorsOf(compiled).length === 0).map(([path, { code }]) => [path, code] as const)
  const wrongTypes = typeErrors({ ...others, ...Object.fromEntries(emitted) })
  const loaded = new Map<string, Module>()
  const moduleOf = (path: string, fixture: Fixture): Module => {
    const known = loaded.get(path) ?? load({ ...fixture.others, [path]: all.get(path)!.code }, path)
    loaded.set(path, known)
    return known
  }
  return {
    // A fixture that asks for derivatives itself only runs compiled; every other one is left as it is.
    original: (fixture) => moduleOf(pathOf(fixture, 'original'), fixture),
    of: (fixture, unit) => {
      const path = pathOf(fixture, unit)
      const compiled = all.get(path)
      return (
        compiled && {
          errors: errorsOf(compiled),
          typeErrors: wrongTypes.get(path) ?? [],
          broken: broken.get(path) ?? [],
          code: compiled.code,
          wrongPlaces: () => wrongPlaces(compiled.code, compiled.map!, unit === 'again' ? secondFiles[path]! : files[path]!),
          module: () => moduleOf(path, fixture),
        }
      )
    },
  }
}

function pathOf(fixture: Fixture, unit: string): string {
  return `${virtualFolder}/${fixture.name}.${unit}.ts`
}

const errorsOf = ({ diagnostics }: Compiled): readonly Diagnostic[] => diagnostics.filter(({ severity }) => severity === 'error')
