/**
 * What the compiler decided about a derivative, as plain data: `cotangent inspect --json` prints this.
 *
 * Texts such as `why` are for reading and may change from version to version. Everything else is told apart by its fields.
 */

import type { OperatorName } from '../1-read/result.ts'
import type { PassName } from '../pass.ts'

export interface Inspection {
  /** Of this format. It changes when a field changes its meaning or goes. */
  readonly version: 1
  readonly file: string
  readonly function: string
  readonly operator: OperatorName
  /** The arguments that it is with respect to: all of them for `jvp`. */
  readonly wrt: readonly Argument[]
  readonly hasAux: boolean
  /** Every function that is differentiated on the way: the one asked for first, then those that it calls and that are not put in the place of their calls. */
  readonly parts: readonly Part[]
  /** What each pass gave, in their order. */
  readonly steps: readonly StepReport[]
}

export interface Argument {
  /** From 0. */
  readonly index: number
  readonly name: string
}

/** One function, differentiated once. */
export interface Part {
  /** Names it among the steps. */
  readonly subject: string
  readonly function: string
  /** By a forward and a reverse sweep, or by tangents in one sweep. */
  readonly mode: 'reverse' | 'forward'
  /** The parameters that move. */
  readonly independent: readonly string[]
  readonly lines: readonly LineReport[]
  /** Of the reverse mode only. */
  readonly loops: readonly LoopReport[]
  readonly values: readonly ValueReport[]
}

/**
 * - `active`: what the line computes depends on the independent variables, and the result depends on it, both so that a derivative flows
 * - `varied`: only the first; `useful`: only the second; `inactive`: neither
 * - `control`: a condition, the head of a loop, an exit or an effect, which carry no derivative
 * - `none`: nothing is computed there
 */
export type LineActivity = 'active' | 'varied' | 'useful' | 'inactive' | 'control' | 'none'

export interface LineReport {
  readonly file: string
  /** From 1. */
  readonly line: number
  readonly text: string
  readonly activity: LineActivity
  /** Why the line, or a part of it, is not active. */
  readonly why: readonly string[]
}

/** As `LoopWay` in `3-differentiate/plan.ts`. */
export type LoopKind = 'fused' | 'replayed' | 'passive' | 'untaped' | 'sized' | 'reserved' | 'growing'

export interface LoopReport {
  readonly file: string
  readonly line: number
  readonly kind: LoopKind
  /** The number of iterations, as an expression of the function's variables, where it is known before the loop runs. */
  readonly trips: string | null
  /** The tapes that it fills, as they are called in the emitted code. */
  readonly tapes: readonly string[]
  /** The variables that its reversal computes again as it goes, if it is `replayed`. */
  readonly carried: readonly string[]
  /** Why it is not reversed on the spot; `null` where it is. */
  readonly why: string | null
}

export interface ValueReport {
  readonly file: string
  /** Where it is computed. */
  readonly line: number
  /** As the author would say it: `y`, `Math.sin(x)`, `u[i]`. */
  readonly value: string
  /** Which of a variable's values it is, where it takes several. */
  readonly when: string | null
  readonly source: 'in scope' | 'computed again' | 'stored'
  /** The expression that gives it again. */
  readonly from: string | null
  readonly storage: Storage | null
  readonly why: string
}

export interface Storage {
  /** `variable`: a local that outlives the branch which computes it. `residual`: a field of what the forward half gives to the backward half. */
  readonly kind: 'tape' | 'variable' | 'residual'
  /** As the emitted code calls it. */
  readonly name: string
  /** `reference`: what it leads to stays alive besides. `copy`: of storage that its owner could change; what is in it counts where it is one flat array. */
  readonly holds: 'value' | 'reference' | 'copy'
  /** What one value takes, as a number or as a formula. */
  readonly bytesEach: string
  /** All that is kept at one time. */
  readonly bytes: string
  /** Whether the tape grows, and may then be up to twice as long. */
  readonly grows: boolean
}

export interface StepReport {
  readonly pass: PassName
  readonly subject: string
  /** One, or the forward and the backward half. */
  readonly functions: readonly { readonly name: string; readonly statements: number; readonly variables: number; readonly text: string }[]
}
