import { dot, norm, plus } from '../shared/vectors.ts'
import type { Problem } from './problem.ts'

export interface Step {
  readonly iteration: number
  readonly value: number
  /** The norm of the gradient, relative to the one at the start. */
  readonly slope: number
}

export interface Options {
  /** Ends when the gradient is shorter than this, relative to the one at the start. */
  readonly tolerance: number
  readonly maxIterations: number
  readonly onStep?: (step: Step) => void
}

export interface Minimum {
  readonly x: Float64Array
  readonly value: number
  readonly iterations: number
  readonly converged: boolean
}

/**
 * Gradient descent with a line search that shortens a step until the value falls enough (Armijo), and tries twice the last step first: it finds
 * the right length by itself, and follows it where the curvature changes.
 */
export function gradientDescent(problem: Problem, { tolerance, maxIterations, onStep }: Options): Minimum {
  let x = problem.start
  let { value, grad } = problem.valueAndGradient(x)
  const enough = tolerance * norm(grad)
  const first = norm(grad)
  let length = 1 / first
  onStep?.({ iteration: 0, value, slope: 1 })
  for (let iteration = 1; iteration <= maxIterations; iteration++) {
    const steepness = dot(grad, grad)
    let next = plus(x, -length, grad)
    while (!(problem.value(next) <= value - 1e-4 * length * steepness)) {
      length /= 2
      if (length < 1e-300) return { x, value, iterations: iteration, converged: false }
      next = plus(x, -length, grad)
    }
    x = next
    ;({ value, grad } = problem.valueAndGradient(x))
    onStep?.({ iteration, value, slope: norm(grad) / first })
    if (norm(grad) <= enough) return { x, value, iterations: iteration, converged: true }
    length *= 2
  }
  return { x, value, iterations: maxIterations, converged: false }
}

/**
 * Newton's method in a trust region (Nocedal and Wright, algorithm 4.1). The linear system of a step is solved by conjugate gradients on products with
 * the Hessian, only as well as the step deserves: roughly far from the minimum, to ever more digits near it.
 */
export function truncatedNewton(problem: Problem, { tolerance, maxIterations, onStep }: Options): Minimum {
  let x = problem.start
  let { value, grad } = problem.valueAndGradient(x)
  const first = norm(grad)
  let radius = norm(x) || 1
  onStep?.({ iteration: 0, value, slope: 1 })
  for (let iteration = 1; iteration <= maxIterations; iteration++) {
    const accuracy = Math.min(0.5, Math.sqrt(norm(grad) / first)) * norm(grad)
    const { step, promised } = stepWithin(radius, grad, (v) => problem.timesHessian(x, v), accuracy)
    const next = plus(x, 1, step)
    const ratio = (value - problem.value(next)) / promised
    if (!(ratio >= 0.25)) radius = norm(step) / 4
    else if (ratio > 0.75 && norm(step) > 0.99 * radius) radius *= 2
    if (ratio > 1e-4) {
      x = next
      ;({ value, grad } = problem.valueAndGradient(x))
    }
    onStep?.({ iteration, value, slope: norm(grad) / first })
    if (norm(grad) <= tolerance * first) return { x, value, iterations: iteration, converged: true }
    if (radius < 1e-300) return { x, value, iterations: iteration, converged: false }
  }
  return { x, value, iterations: maxIterations, converged: false }
}

/**
 * Steihaug's conjugate gradients (1983): the minimum of the quadratic model, or where the way there leaves the trust region, or where
 * the curvature is negative and the way leads downhill to the border. Beside it the decrease that the model promises.
 */
function stepWithin(radius: number, grad: Float64Array, timesHessian: (v: Float64Array) => Float64Array, accuracy: number) {
  let step: Float64Array = new Float64Array(grad.length)
  let residual = grad
  let direction: Float64Array = grad.map((g) => -g)
  let promised = 0
  for (let i = 0; i < 2 * grad.length && norm(residual) > accuracy; i++) {
    const bent = timesHessian(direction)
    const curvature = dot(direction, bent)
    const squared = dot(residual, residual)
    const whole = squared / curvature
    const inside = curvature > 0 && norm(plus(step, whole, direction)) < radius
    const length = inside ? whole : toBorder(step, direction, radius)
    step = plus(step, length, direction)
    // The residual is the gradient of the model, and `direction` leads down it.
    promised -= length * dot(residual, direction) + 0.5 * length * length * curvature
    if (!inside) break
    residual = plus(residual, length, bent)
    direction = plus(
      residual.map((r) => -r),
      dot(residual, residual) / squared,
      direction,
    )
  }
  return { step, promised }
}

/** How far along `direction` from `step` the border is: the positive root of |step + t direction|² = radius². */
function toBorder(step: Float64Array, direction: Float64Array, radius: number): number {
  const [a, b, c] = [dot(direction, direction), dot(step, direction), dot(step, step) - radius * radius]
  return (-b + Math.sqrt(b * b - a * c)) / a
}
