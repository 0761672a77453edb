/**
 * Central differences extrapolated to step zero (Ridders, "Accurate computation of F'(x) and F'(x)F''(x)", 1982), with an estimate of their
 * own error: the distance between neighbouring entries of the tableau, and the rounding of the differences themselves.
 */
export interface Difference {
  readonly value: number
  readonly error: number
}

const ROWS = 10

/** The derivative of `f` at `x`. */
export function differences(f: (x: number) => number, x: number): Difference {
  let step = 0.125 * Math.max(Math.abs(x), 1)
  let above: readonly number[] = []
  let best: Difference = { value: NaN, error: Infinity }
  for (let row = 0; row < ROWS; row++, step /= 2) {
    // What is really added: `x + step` rounds.
    const right = x + step
    const left = x - step
    const [high, low] = [f(right), f(left)]
    const current = [(high - low) / (right - left)]
    const noise = (2 ** -51 * Math.max(Math.abs(high), Math.abs(low))) / step
    for (let column = 1; column <= above.length; column++) {
      const fine = current[column - 1]!
      const coarse = above[column - 1]!
      const value = fine + (fine - coarse) / (4 ** column - 1)
      current.push(value)
      const error = Math.max(Math.abs(value - fine), Math.abs(value - coarse)) + noise
      if (error < best.error) best = { value, error }
    }
    above = current
  }
  return kinkAware(f, x, best, step)
}

/** At a kink the central differences agree with each other on the mean of two slopes: the error must reach both. */
function kinkAware(f: (x: number) => number, x: number, best: Difference, step: number): Difference {
  const centre = f(x)
  const jump = (h: number): number => Math.abs(f(x + h) - 2 * centre + f(x - h)) / h
  const coarse = jump(step)
  const fine = jump(step / 4)
  const noise = (2 ** -49 * Math.abs(centre)) / step
  // The jump of a smooth function goes down with the step, that of a kink stays.
  return fine > 0.75 * coarse && fine > 1e-6 * Math.abs(best.value) + 16 * noise
    ? { value: best.value, error: Math.max(best.error, fine) }
    : best
}
