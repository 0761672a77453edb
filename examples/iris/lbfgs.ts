/** What an optimiser asks for: the value of the objective at a point, and its gradient there. */
export type Objective = (x: Float64Array) => { value: number; grad: Float64Array }

export interface Step {
  readonly iteration: number
  readonly x: Float64Array
  readonly value: number
  /** The largest component of the gradient. */
  readonly slope: number
}

export interface LbfgsOptions {
  /** Ends when no component of the gradient is larger. */
  readonly tolerance?: number
  readonly maxIterations?: number
  /** How many past steps tell of the curvature. */
  readonly memory?: number
  readonly onStep?: (step: Step) => void
}

interface Pair {
  readonly s: Float64Array
  readonly y: Float64Array
  readonly rho: number
}

/** Limited-memory BFGS with a line search for the Wolfe conditions by bisection (Nocedal and Wright, algorithms 7.4 and 7.5; Lewis and Overton 2013). */
export function lbfgs(objective: Objective, start: Float64Array, options: LbfgsOptions = {}): { x: Float64Array; value: number } {
  const { tolerance = 1e-8, maxIterations = 200, memory = 8, onStep } = options
  const pairs: Pair[] = []
  let x = start.slice()
  let { value, grad } = objective(x)
  onStep?.({ iteration: 0, x, value, slope: largest(grad) })
  for (let iteration = 1; iteration <= maxIterations && largest(grad) > tolerance; iteration++) {
    const direction = descent(grad, pairs)
    const first = pairs.length === 0 ? Math.min(1, 1 / largest(grad)) : 1
    const next = search(objective, x, value, grad, direction, first)
    if (next === undefined) break
    const s = next.x.map((xi, i) => xi - x[i]!)
    const y = next.grad.map((gi, i) => gi - grad[i]!)
    const curvature = dot(s, y)
    if (curvature > 0) pairs.push({ s, y, rho: 1 / curvature })
    if (pairs.length > memory) pairs.shift()
    ;({ x, value, grad } = next)
    onStep?.({ iteration, x, value, slope: largest(grad) })
  }
  return { x, value }
}

/** The negative gradient times the inverse Hessian that the past steps imply. */
function descent(grad: Float64Array, pairs: readonly Pair[]): Float64Array {
  const q = grad.map((g) => -g)
  const alphas: number[] = []
  for (const { s, y, rho } of pairs.toReversed()) {
    const alpha = rho * dot(s, q)
    alphas.push(alpha)
    add(q, -alpha, y)
  }
  const last = pairs.at(-1)
  const scale = last ? dot(last.s, last.y) / dot(last.y, last.y) : 1
  for (let i = 0; i < q.length; i++) q[i]! *= scale
  for (const { s, y, rho } of pairs) add(q, alphas.pop()! - rho * dot(y, q), s)
  return q
}

/** A step along `direction` that lowers the value enough and the slope enough; nothing if rounding allows none. */
function search(objective: Objective, x: Float64Array, value: number, grad: Float64Array, direction: Float64Array, first: number) {
  const slope = dot(grad, direction)
  let low = 0
  let high = Infinity
  let step = first
  for (let trial = 0; trial < 40; trial++) {
    const there = x.slice()
    add(there, step, direction)
    const found = objective(there)
    if (!(found.value <= value + 1e-4 * step * slope)) high = step
    else if (dot(found.grad, direction) < 0.9 * slope) low = step
    else return { x: there, ...found }
    step = high === Infinity ? 2 * low : (low + high) / 2
  }
  return undefined
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!
  return sum
}

function add(to: Float64Array, scale: number, from: Float64Array): void {
  for (let i = 0; i < to.length; i++) to[i]! += scale * from[i]!
}

function largest(x: Float64Array): number {
  let most = 0
  for (let i = 0; i < x.length; i++) most = Math.max(most, Math.abs(x[i]!))
  return most
}
