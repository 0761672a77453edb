import { flatten, moved } from './leaves.ts'

/**
 * The judge of every derivative: central differences of the original function, extrapolated to step zero (Richardson's tableau as in Ridders,
 * "Accurate computation of F'(x) and F'(x)F''(x)", 1982), begun at every step of a geometric sequence at once.
 */
export interface Estimate {
  readonly value: number
  /** How far off `value` may be, by the oracle's own judgement. `Infinity` where it has none. */
  readonly error: number
  /** The derivatives from the left and from the right differ. `error` then reaches both. */
  readonly kink: boolean
}

export interface Options {
  /** The unit of the steps; the largest step is a quarter of it. Powers of two keep `x + h` exact. */
  readonly unit?: number
}

const ROWS = 18
const COLUMNS = 7
/** Enough rows for an analytic function; more are taken only while the bar is too wide. */
const FIRST_ROWS = 8
const EPSILON = 2 ** -52

/** The derivative of each component of `path` at 0. */
export function alongPath(path: (t: number) => readonly number[], options: Options = {}): Estimate[] {
  const unit = options.unit ?? 1
  const centre = path(0)
  const rows: Row[] = []
  let estimates: Estimate[] = []
  while (rows.length < ROWS) {
    const step = unit * 2 ** -(rows.length + 2)
    rows.push({ step, right: attempt(path, step, centre.length), left: attempt(path, -step, centre.length) })
    if (rows.length < FIRST_ROWS) continue
    estimates = centre.map((value, component) => estimate(rows, component, value))
    const biggest = Math.max(...estimates.map(({ value }) => Math.abs(value)))
    if (estimates.every(({ value, error }) => error <= 1e-9 * Math.max(Math.abs(value), 1e-3 * biggest))) break
  }
  return estimates
}

/** The derivative of the leaves of `f`'s result (or of whatever `of` takes from the call) along a direction of its arguments' leaves. */
export function alongDirection(
  f: (...args: never[]) => unknown,
  args: readonly unknown[],
  direction: readonly number[],
  options: Options = {},
): Estimate[] {
  return alongPath((t) => flatten((f as (...args: unknown[]) => unknown)(...moved(args, direction, t))), options)
}

/** The gradient of a scalar function with respect to each leaf of its arguments, in the order of `flatten`. */
export function gradient(f: (...args: never[]) => number, args: readonly unknown[], options: Options = {}): Estimate[] {
  return jacobian((...all) => [f(...all)], args, options).map((row) => row[0]!)
}

/** For each leaf of the arguments the derivative of each leaf of the result: the transpose of the Jacobian as it is usually written. */
export function jacobian(f: (...args: never[]) => unknown, args: readonly unknown[], options: Options = {}): Estimate[][] {
  const leaves = flatten(args)
  return leaves.map((leaf, at) => {
    const direction = leaves.map((_, i) => (i === at ? 1 : 0))
    return alongDirection(f, args, direction, { unit: options.unit ?? stepUnit(leaf) })
  })
}

/** Steps in proportion to the number that is moved, as a power of two. */
export function stepUnit(leaf: number): number {
  const size = Math.abs(leaf)
  return size > 2
    ? 2 ** Math.floor(Math.log2(size))
    : size !== 0 && size < 0.25
      ? Math.max(2 ** -10, 2 ** Math.ceil(Math.log2(4 * size)))
      : 1
}

interface Row {
  readonly step: number
  readonly right: readonly number[]
  readonly left: readonly number[]
}

/** Where a step leaves the domain, the row is not a number and takes no part. */
function attempt(path: (t: number) => readonly number[], t: number, length: number): readonly number[] {
  try {
    const values = path(t)
    if (values.length === length) return values
  } catch {
    // A step may run into an exception that the point itself does not: the same as leaving the domain.
  }
  return new Array<number>(length).fill(NaN)
}

function estimate(rows: readonly Row[], component: number, centre: number): Estimate {
  const slope = extrapolate(
    rows.map(({ step, right, left }) => ({
      step,
      value: (right[component]! - left[component]!) / (2 * step),
      noise: noise(right, left, component, step),
    })),
    (column) => 4 ** column,
  )
  // The second difference divided by the step tends to the jump of the derivative, with errors in odd powers of the step.
  const jump = extrapolate(
    rows.map(({ step, right, left }) => ({
      step,
      value: (right[component]! - centre - (centre - left[component]!)) / step,
      noise: 4 * noise(right, left, component, step),
    })),
    (column) => 2 ** (2 * column - 1),
  )
  if (!Number.isFinite(centre)) return { value: NaN, error: Infinity, kink: false }
  const size = Math.abs(jump.value)
  const kink = size > 10 * jump.error && size > 1e-7 * Math.abs(slope.value)
  return { value: slope.value, error: kink ? Math.max(slope.error, size) : slope.error, kink }
}

function noise(right: readonly number[], left: readonly number[], component: number, step: number): number {
  return (EPSILON * Math.max(Math.abs(right[component]!), Math.abs(left[component]!))) / step
}

interface Entry {
  readonly value: number
  readonly error: number
}

/**
 * The best entry of the tableau over all starting rows. One entry may look good by chance, so the bar also reaches the two runners-up.
 */
function extrapolate(samples: readonly { step: number; value: number; noise: number }[], factor: (column: number) => number): Entry {
  const entries: Entry[] = []
  let above: readonly number[] = []
  for (const { value, noise } of samples) {
    const row = [value]
    for (let column = 1; column <= above.length && column < COLUMNS; column++) {
      const fine = row[column - 1]!
      const coarse = above[column - 1]!
      const next = fine + (fine - coarse) / (factor(column) - 1)
      row.push(next)
      const error = Math.max(Math.abs(next - fine), Math.abs(next - coarse)) + 2 * noise
      if (Number.isFinite(error)) entries.push({ value: next, error })
    }
    above = row
  }
  entries.sort((a, b) => a.error - b.error)
  const [best, second, third] = entries
  if (best === undefined || second === undefined || third === undefined) return { value: NaN, error: Infinity }
  return { value: best.value, error: Math.max(best.error, Math.abs(second.value - best.value), Math.abs(third.value - best.value)) }
}
