import type { Estimate } from './differences.ts'

export type Verdict =
  | { readonly kind: 'equal' }
  /** The derivative lies outside the oracle's bar: somebody is wrong, and the bar says it is not the oracle. */
  | { readonly kind: 'wrong'; readonly component: number; readonly got: number; readonly expected: number; readonly error: number }
  /** The oracle cannot judge this point well enough. A fixture then fails; it must be given a better point. */
  | { readonly kind: 'coarse'; readonly component: number; readonly got: number; readonly expected: number; readonly error: number }

export interface Tolerances {
  /** The widest bar, relative to the gradient, with which the oracle may still judge. */
  readonly coarse?: number
  /** How far rounding may take a right derivative from the truth, relative to the gradient. */
  readonly rounding?: number
  /** The size of the function's value: a gradient far smaller than it is only known to this value's rounding. */
  readonly value?: number
}

/** Where a gradient vanishes there is nothing to be relative to. */
const FLOOR = 1e-8

/** `NaN` equals nothing, and a coarse oracle never widens what is accepted: it gives up instead. */
export function compare(got: readonly number[], estimates: readonly Estimate[], tolerances: Tolerances = {}): Verdict {
  const { coarse = 1e-5, rounding = 1e-10, value = 0 } = tolerances
  if (got.length !== estimates.length) throw new Error(`${got.length} derivatives for ${estimates.length} leaves.`)
  const size = Math.max(0, ...estimates.map((estimate) => Math.abs(estimate.value) || 0), 1e-3 * Math.abs(value))
  let unsure: Verdict = { kind: 'equal' }
  for (const [component, estimate] of estimates.entries()) {
    const found = { component, got: got[component]!, expected: estimate.value, error: estimate.error }
    const off = Math.abs(found.got - found.expected)
    if (!(estimate.error <= coarse * size + FLOOR)) {
      // Not judged; yet a derivative that is far outside even a wide bar is wrong, unless there is a kink or no bar at all.
      if (Number.isNaN(found.got) && Number.isFinite(estimate.error)) return { kind: 'wrong', ...found }
      unsure = { kind: 'coarse', ...found }
    } else if (!(off <= 2 * estimate.error + rounding * size)) return { kind: 'wrong', ...found }
  }
  return unsure
}

export function describe(verdict: Verdict): string {
  if (verdict.kind === 'equal') return 'equal'
  const { component, got, expected, error } = verdict
  const judged = verdict.kind === 'wrong' ? 'is wrong' : 'cannot be judged'
  return `component ${component} ${judged}: derivative ${got}, differences ${expected} +- ${error.toExponential(1)}`
}
