import { createOut, logSumExpCase, orbitCase, type Timed } from '../cases.ts'

/** A gradient whose tapes are measured against what `inspect` says of them. */
export interface TapeCase {
  readonly name: string
  /** The file of the function, and its name there. */
  readonly file: string
  readonly function: string
  readonly wrt: readonly number[]
  /** The file that asks for the gradient, and what takes it from its exports. */
  readonly request: string
  readonly take: (exports: Readonly<Record<string, Timed>>) => Timed
  /** Its arguments, the place of the result first. */
  readonly args: readonly unknown[]
  /** What the variables of formulas are, arrays by their lengths. */
  readonly variables: Readonly<Record<string, unknown>>
  /** How often loops run whose trips are no formula. */
  readonly iterations?: number
}

/** Sizes are given, so that a test can take small ones. */
export function createTapeCases(steps: number, n: number, orbitSteps: number): TapeCase[] {
  const sum = logSumExpCase(n)
  const orbit = orbitCase(orbitSteps)
  return [
    {
      name: `pendulum, ${steps.toLocaleString('en')} steps`,
      file: 'advanced/programs/simulation.ts',
      function: 'kept',
      wrt: [0],
      request: 'advanced/programs/simulation',
      take: ({ full }) => full!,
      args: [new Float64Array(3), new Float64Array([1, 0.2, 0.1]), steps],
      variables: { steps },
    },
    {
      name: sum.name,
      file: 'problems/log-sum-exp.ts',
      function: 'logSumExp',
      wrt: [0],
      request: 'requests/log-sum-exp',
      take: ({ gradient }) => gradient!,
      args: [createOut(sum), ...sum.args],
      variables: { x: sum.args[0] },
    },
    {
      name: orbit.name,
      file: 'problems/n-body.ts',
      function: 'orbitError',
      wrt: [0, 1],
      request: 'requests/n-body',
      take: ({ gradient }) => gradient!,
      args: [createOut(orbit), ...orbit.args],
      variables: { steps: orbitSteps, positions: orbit.args[0], velocities: orbit.args[1] },
      // Of the loop over pairs.
      iterations: 10 * orbitSteps,
    },
  ]
}
