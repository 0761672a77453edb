/** The gradient as people approximate it: two evaluations for each weight. */
export function centralDifferences(f: (x: Float64Array) => number, x: Float64Array, step = 6e-6): Float64Array {
  const moved = x.slice()
  const gradient = new Float64Array(x.length)
  for (let i = 0; i < x.length; i++) {
    const h = step * Math.max(1, Math.abs(x[i]!))
    moved[i] = x[i]! + h
    const above = f(moved)
    moved[i] = x[i]! - h
    const below = f(moved)
    moved[i] = x[i]!
    gradient[i] = (above - below) / (2 * h)
  }
  return gradient
}

/** Three central differences extrapolated to step zero: accurate enough to judge a gradient to ten digits or more. */
export function extrapolatedDifferences(f: (x: Float64Array) => number, x: Float64Array): Float64Array {
  const [coarse, middle, fine] = [4e-2, 2e-2, 1e-2].map((step) => centralDifferences(f, x, step))
  return fine!.map((d, i) => {
    const first = (4 * middle![i]! - coarse![i]!) / 3
    const second = (4 * d - middle![i]!) / 3
    return (16 * second - first) / 15
  })
}

/** The largest difference between two gradients, relative to the largest component. */
export function distance(a: Float64Array, b: Float64Array): number {
  const size = Math.max(...b.map(Math.abs))
  return Math.max(...a.map((x, i) => Math.abs(x - b[i]!))) / size
}

/** Seconds a call of each function takes, the fastest of many short runs taken in turn: a busy machine then slows all of them alike. */
export function timeInTurn(functions: readonly (() => number)[], seconds = 1.5): number[] {
  const best = functions.map(() => Infinity)
  const end = performance.now() + 1000 * seconds
  let sum = 0
  while (performance.now() < end) {
    for (const [which, f] of functions.entries()) {
      const calls = 50
      const start = performance.now()
      for (let call = 0; call < calls; call++) sum += f()
      best[which] = Math.min(best[which]!, (performance.now() - start) / 1000 / calls)
    }
  }
  // The sum is used, so that no engine may leave the calls out.
  return Number.isNaN(sum) ? functions.map(() => NaN) : best
}
