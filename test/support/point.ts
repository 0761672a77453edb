import { expect } from 'vitest'
import { compare, describe, type Tolerances } from '../oracle/compare.ts'
import { alongDirection, jacobian } from '../oracle/differences.ts'
import { copyWith, deepCopy, dot, dotMagnitude, flatten, sameBits, weights, withLeaves } from '../oracle/leaves.ts'
import type { Check, Fixture } from './fixture.ts'
import { functionOf } from './load.ts'
import { requestName, tangentsFor, unitOf, type Ask } from './requests.ts'
import type { Suite } from './suite.ts'

type Callable = (...args: unknown[]) => unknown

/** One check of a fixture at one of its points: what is run, and what the original says of it. */
export interface Point {
  readonly check: Check
  /** Fresh arguments: a function may write into those that it is given. */
  args(): unknown[]
  readonly original: Callable
  /** What a request of a kind gives, to be called. */
  request(ask: Ask): Callable
  /** The arguments that are differentiated, and all arguments with these in their places. */
  readonly moving: readonly unknown[]
  withMoving(values: readonly unknown[]): unknown[]
  readonly tolerances: Tolerances
}

/** Single precision storage rounds derivatives as it rounds values, half a unit in the last of 24 places at every store; a long chain adds up a few. */
const SINGLE: Tolerances = { coarse: 0.02, rounding: 1e-5 }

export function pointOf(suite: Suite, fixture: Fixture, check: Check, at: readonly unknown[]): Point {
  const args = (): unknown[] => [...deepCopy(at)]
  const isSingle = check.single || at.some((arg) => arg instanceof Float32Array)
  return {
    check,
    args,
    original: functionOf(suite.original(fixture), check.name),
    request: (ask) => functionOf(suite.of(fixture, unitOf(ask))!.module(), requestName(ask, check, fixture.checks)),
    moving: check.wrt.map((index) => at[index]),
    withMoving: (values) => args().map((arg, index) => (check.wrt.includes(index) ? values[check.wrt.indexOf(index)] : arg)),
    tolerances: isSingle ? SINGLE : {},
  }
}

interface Outcome {
  readonly value?: unknown
  readonly thrown?: unknown
  readonly args: readonly unknown[]
}

/** A call with all that it does: the value or the exception, and what it leaves in its arguments. */
function outcomeOf(call: Callable, args: unknown[]): Outcome {
  try {
    return { value: call(...args), args }
  } catch (error) {
    const { name, message } = error as Error
    return { thrown: `${name}: ${message}`, args }
  }
}

/** (3) The primal part gives the same bits, leaves the same arguments, and throws the same. `valueOf` takes it from the result. */
export function checkPrimal(point: Point, ask: Ask): void {
  const call = point.request(ask)
  const primals = (...args: unknown[]): unknown => {
    const result = (ask === 'tangent' ? call(args, tangentsOf(point, args)) : call(...args)) as { value: unknown }
    return result.value
  }
  const expected = outcomeOf(point.original, point.args())
  const found = outcomeOf(primals, point.args())
  if (!sameBits(found, expected)) expect(found, `the primal of ${ask}`).toEqual(expected)
  expect(sameBits(found, expected), `the bits of the primal of ${ask}`).toBe(true)
}

export function direction(point: Point): number[] {
  return weights(flatten(point.moving).length, 5)
}

function tangentsOf(point: Point, args: readonly unknown[]): unknown[] {
  return tangentsFor(args, point.check.wrt, withLeaves(point.moving, direction(point)))
}

/** What the gradient of a fixture is with respect to: its result, each number of it times a weight. */
export function weightsOf(point: Point): number[] {
  return point.check.scalar ? [1] : weights(flatten(point.original(...point.args())).length, 9)
}

/** The gradient with respect to the moving arguments, as a flat list. */
export function gradientAt(point: Point, args: unknown[], seed: readonly number[]): number[] {
  const result = point.request('adjoint')(...args) as { value: unknown; grad: unknown; pullback: (cotangent: unknown) => unknown }
  return flatten(point.check.scalar ? result.grad : result.pullback(withLeaves(deepCopy(result.value), seed)))
}

/** (4) Against differences of the original. */
export function checkGradient(point: Point): void {
  const seed = weightsOf(point)
  const gradient = gradientAt(point, point.args(), seed)
  const f = (...values: unknown[]): number => dot(flatten(point.original(...point.withMoving(values))), seed)
  const estimates = jacobian(f, point.moving).map(([estimate]) => estimate!)
  const value = f(...deepCopy(point.moving))
  const verdict = compare(gradient, estimates, { ...point.tolerances, value })
  expect(verdict.kind, describe(verdict)).toBe('equal')
}

/** The other requests of the same gradient give the same numbers, and again when called again. */
export function checkGradientAgain(point: Point): void {
  const gradient = gradientAt(point, point.args(), [1])
  const twice = gradientAt(point, point.args(), [1])
  expect(sameBits(twice, gradient), `a second call gives ${String(twice)} after ${String(gradient)}`).toBe(true)
  const alone = flatten(point.request('gradient')(...point.args()))
  expect(sameBits(alone, gradient), `grad gives ${String(alone)}, valueAndGrad ${String(gradient)}`).toBe(true)
  const { into } = point.request('into') as unknown as { into?: Callable }
  if (into === undefined) return
  const buffers = copyWith(point.moving, () => NaN)
  const value = into(point.check.wrtText.startsWith('[') ? buffers : buffers[0], ...point.args())
  expect(sameBits(value, point.original(...point.args())), 'the value of into').toBe(true)
  expect(sameBits(flatten(buffers), gradient), `into writes ${String(flatten(buffers))} instead of ${String(gradient)}`).toBe(true)
}

/** (5) <w, J v> = <J^T w, v>. */
export function checkTangent(point: Point): void {
  const args = point.args()
  const { tangent } = point.request('tangent')(args, tangentsOf(point, args)) as { tangent: unknown }
  const seed = point.check.scalar ? [1] : weightsOf(point)
  const forward = dot(flatten(tangent), seed)
  const pulled = pullbackOf(point, point.args())(seed)
  const [reverse, size] = [dot(pulled, direction(point)), dotMagnitude(pulled, direction(point))]
  const { rounding = 1e-11 } = point.tolerances
  expect(Math.abs(forward - reverse) <= rounding * size || Object.is(forward, reverse), `forward ${forward}, reverse ${reverse}`).toBe(true)
}

function pullbackOf(point: Point, args: unknown[]): (seed: readonly number[]) => number[] {
  const { value, pullback } = point.request('pullback')(...args) as { value: unknown; pullback: (cotangent: unknown) => unknown }
  return (seed) => flatten(deepCopy(pullback(withLeaves(deepCopy(value), seed))))
}

/** (6) A pullback called twice, out of order, and with another one alive. */
export function checkPullback(point: Point): void {
  const seed = weightsOf(point)
  const other = seed.map((weight) => 0.5 - 2 * weight)
  const expected = gradientAt(point, point.args(), seed)
  const pullback = pullbackOf(point, point.args())
  const first = pullback(seed)
  const size = Math.max(0, ...expected.map(Math.abs))
  const { rounding = 1e-12 } = point.tolerances
  for (const [i, component] of first.entries())
    expect(
      Math.abs(component - expected[i]!) <= rounding * size || Object.is(component, expected[i]),
      `the pullback gives ${String(first)} instead of ${String(expected)}`,
    ).toBe(true)
  const between = pullback(other)
  expect(sameBits(pullback(seed), first), 'a second call').toBe(true)
  const elsewhere = pullbackOf(point, elsewhereOf(point))
  const there = elsewhere(seed)
  expect(sameBits(pullback(other), between), 'a call after another forward call').toBe(true)
  expect(sameBits(elsewhere(seed), there), 'the other pullback').toBe(true)
  expect(sameBits(pullback(seed), first), 'a call after the other pullback').toBe(true)
}

/** The moving arguments a little aside, where the function still runs; else the same point. */
function elsewhereOf(point: Point): unknown[] {
  const aside = (): unknown[] => point.withMoving(copyWith(point.moving, (number) => number * 1.0625))
  return 'thrown' in outcomeOf(point.original, aside()) ? point.args() : aside()
}

/** (7) The gradient of a weighted sum of the gradient, against differences of the gradient. */
export function checkSecond(point: Point, ask: 'second' | 'over' | 'again'): void {
  const w = weights(flatten(point.moving).length, 7)
  const along = direction(point)
  const slope = (...values: unknown[]): number => dot(w, gradientAt(point, point.withMoving(values), [1]))
  const { rounding = 1e-8, coarse = 1e-4 } = point.tolerances
  const tolerances = { rounding, coarse, value: dotMagnitude(gradientAt(point, point.args(), [1]), w) }
  if (ask === 'over') {
    const args = point.args()
    const { tangent } = point.request('over')(args, tangentsOf(point, args)) as { tangent: unknown }
    const verdict = compare([dot(w, flatten(tangent))], alongDirection(slope, point.moving, along), tolerances)
    return expect(verdict.kind, describe(verdict)).toBe('equal')
  }
  const found = flatten(point.request(ask)(...point.args(), Float64Array.from(w)))
  const estimates = jacobian(slope, point.moving).map(([estimate]) => estimate!)
  const verdict = compare(found, estimates, tolerances)
  expect(verdict.kind, describe(verdict)).toBe('equal')
}
