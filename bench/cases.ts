import { logSumExpGradient } from './hand/log-sum-exp.ts'
import { logLikelihoodGradient } from './hand/mixture.ts'
import { orbitErrorGradient } from './hand/n-body.ts'
import { rosenbrockGradient } from './hand/rosenbrock.ts'
import { logSumExp } from './problems/log-sum-exp.ts'
import { logLikelihood } from './problems/mixture.ts'
import { orbitError } from './problems/n-body.ts'
import { rosenbrock } from './problems/rosenbrock.ts'

/** A function to be timed, whatever its parameters. */
export type Timed = (...args: never[]) => number

/** One row of the table: a problem with its arguments, its own function, and the gradient as an expert writes it. */
export interface Case {
  readonly name: string
  /** The file that asks for the gradient, without its extension: in `requests/`, where it exports `gradient`, or another, with what takes that from its exports. */
  readonly request: string | { readonly file: string; readonly take: (exports: Readonly<Record<string, Timed>>) => Timed }
  readonly args: readonly unknown[]
  /**
   * The arguments to differentiate with respect to are the first `active` ones; with one, the gradient is not a list. Without, what comes out is shaped as
   * `createOut` says, and no differences are taken.
   */
  readonly active?: number
  /** A place for what comes out, where that isn't shaped like the arguments. */
  readonly createOut?: () => unknown
  readonly primal: Timed
  /** Writes the gradient into its first argument, as `.into` does, and gives the value. */
  readonly hand: Timed
  /** What is asked for is more than a gradient, and the value is not part of it. */
  readonly valueless?: true
  /** What GradBench's programs may take, as a multiple of their function. */
  readonly target?: number
}

export function createCases(): Case[] {
  return [rosenbrockCase(10), rosenbrockCase(100), rosenbrockCase(1000), orbitCase(100), mixtureCase(1000, 10, 5), logSumExpCase(40_000)]
}

export function rosenbrockCase(n: number): Case {
  const next = random(1)
  const x = Float64Array.from({ length: n }, () => 2 * next() - 1)
  return { name: `Rosenbrock, n = ${n}`, request: 'rosenbrock', args: [x], active: 1, primal: rosenbrock, hand: rosenbrockGradient }
}

export function logSumExpCase(n: number): Case {
  const next = random(2)
  const x = Float64Array.from({ length: n }, () => 4 * next())
  const name = `log-sum-exp, n = ${n.toLocaleString('en')}`
  return { name, request: 'log-sum-exp', args: [x], active: 1, primal: logSumExp, hand: logSumExpGradient }
}

/** A heavy body and four that circle it, a little out of plane. */
export function orbitCase(steps: number): Case {
  const next = random(3)
  const masses = new Float64Array([1, 1e-3, 3e-4, 2e-3, 5e-4])
  const start = new Float64Array(15)
  const speed = new Float64Array(15)
  for (let i = 1; i < 5; i++) {
    const radius = 0.4 * i
    const angle = 6 * next()
    start.set([radius * Math.cos(angle), radius * Math.sin(angle), 0.05 * next()], 3 * i)
    speed.set([-Math.sin(angle) / Math.sqrt(radius), Math.cos(angle) / Math.sqrt(radius), 0.02 * next()], 3 * i)
  }
  const observed = start.map((coordinate) => 0.5 - coordinate)
  const args = [start, speed, masses, observed, 0.01, steps]
  return { name: `5 bodies, ${steps} steps`, request: 'n-body', args, active: 2, primal: orbitError, hand: orbitErrorGradient }
}

/** The components overlap, so that no share of a point decays into the subnormal numbers, which V8 computes with 60 times slower. */
export function mixtureCase(count: number, d: number, components: number): Case {
  const next = random(4)
  const centred = (size: number): Float64Array => Float64Array.from({ length: size }, () => next() - 0.5)
  const lowerSize = (components * d * (d - 1)) / 2
  const points = centred(count * d).map((coordinate) => 3 * coordinate)
  const args = [centred(components), centred(components * d), centred(components * d), centred(lowerSize), points]
  const name = `mixture, N = ${count.toLocaleString('en')}, d = ${d}, K = ${components}`
  return { name, request: 'mixture', args, active: 4, primal: logLikelihood, hand: logLikelihoodGradient }
}

/** A place for the gradient, shaped as `.into` wants it. */
export function createOut({ args, active, createOut }: Case): unknown {
  if (createOut) return createOut()
  const buffers = args.slice(0, active).map((argument) => new Float64Array((argument as Float64Array).length))
  return active === 1 ? buffers[0] : buffers
}

/** Mulberry32: the same numbers in [0, 1) everywhere. */
export function random(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}
