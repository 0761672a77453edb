import { differences, type Difference } from './differences.ts'
import { flattenArguments, flattenGradient, type Leaf } from './leaves.ts'

/** For the tests of programs that use gradients: compares one with differences of the original function. */

export interface CheckOptions {
  /** The arguments the gradient belongs to, as in the request. The default is the first. */
  readonly wrt?: number | readonly number[]
  /** The distance allowed, relative to the size of the entry or of the whole gradient's largest entry, whichever matters more. Default `1e-6`. */
  readonly tolerance?: number
  /** Checks at most this many entries, evenly spread: two dozen evaluations of the function are needed for each. Default: all. */
  readonly entries?: number
}

export interface CheckReport {
  /** How many entries were compared. */
  readonly checked: number
  /** The largest distance found, relative to the size of its entry. */
  readonly worst: number
}

type Arguments = readonly unknown[]

/**
 * Throws when the gradient differs from extrapolated central differences by more than the tolerance and the differences' own error.
 * It throws too where the differences are too coarse to tell, at a kink for example: a check that cannot fail proves nothing.
 */
export function checkGradients<A extends Arguments>(
  f: (...args: A) => number,
  gradient: (...args: A) => unknown,
  args: Readonly<A>,
  options: CheckOptions = {},
): CheckReport {
  const tolerance = options.tolerance ?? 1e-6
  const wrt = typeof options.wrt === 'object' ? options.wrt : [options.wrt ?? 0]
  const leaves = flattenArguments(args, wrt)
  const claimed = gradient(...leaves.copy<A>(leaves.values))
  const entries = flattenGradient(typeof options.wrt === 'object' ? (claimed as readonly unknown[]) : [claimed], args, wrt)
  const chosen = choose(leaves.values.length, options.entries)
  const largest = Math.max(0, ...entries.map(({ value }) => Math.abs(value)).filter(Number.isFinite))
  const failures: string[] = []
  let worst = 0
  for (const at of chosen) {
    const entry = entries[at]!
    const found = differences((value) => f(...leaves.copy<A>(leaves.values.with(at, value))), leaves.values[at]!)
    const scale = Math.max(Math.abs(entry.value), Math.abs(found.value), 1e-3 * largest, Number.MIN_VALUE)
    const failure = judge(entry, found, scale, tolerance)
    if (failure !== undefined) failures.push(failure)
    worst = Math.max(worst, Math.abs(entry.value - found.value) / scale)
  }
  if (failures.length > 0) throw new Error(report(failures, chosen.length))
  return { checked: chosen.length, worst }
}

function judge(entry: Leaf, found: Difference, scale: number, tolerance: number): string | undefined {
  const line = `${entry.path}: the gradient is ${entry.value}, differences give ${found.value} +- ${found.error.toExponential(1)}`
  // Written so that NaN fails: it is equal to nothing.
  if (!(Math.abs(entry.value - found.value) <= tolerance * scale + found.error)) return line
  if (!(found.error <= Math.max(100 * tolerance, 1e-6) * scale + 1e-9)) return `${line}: too coarse to tell (a kink, or noise?)`
  return undefined
}

function choose(count: number, most = count): readonly number[] {
  if (count <= most) return Array.from({ length: count }, (_, i) => i)
  return Array.from({ length: most }, (_, i) => Math.floor((i * count) / most))
}

function report(failures: readonly string[], checked: number): string {
  const shown = failures.slice(0, 10)
  const more = failures.length > shown.length ? `\n  ... and ${failures.length - shown.length} more` : ''
  return `The gradient is wrong in ${failures.length} of ${checked} entries:\n  ${shown.join('\n  ')}${more}`
}
