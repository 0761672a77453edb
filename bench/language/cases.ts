import { fitErrorGradient } from './hand/chebyshev.ts'
import { energyGradient } from './hand/integral.ts'
import { missGradient } from './hand/projectile.ts'

/** One row of the table: a program with its arguments, of which the first is the one to differentiate with respect to. */
export interface LanguageCase {
  /** The file in `programs/`, named by what it computes. */
  readonly name: string
  /** What of the language it is about. */
  readonly uses: string
  readonly args: readonly [active: Float64Array, ...others: unknown[]]
  /** The gradient as an expert writes it, for some. */
  readonly hand?: (...args: never[]) => number
  /** Why it takes longer than with scalars, where it does by more than is promised. */
  readonly remark?: string
}

const numbers = (...values: number[]): Float64Array => Float64Array.from(values)

/** So many numbers between `from` and `to`, which look irregular. */
const spread = (count: number, from: number, to: number): Float64Array =>
  Float64Array.from({ length: count }, (_, i) => from + (to - from) * ((0.3 + i * 0.6180339887) % 1))

export const cases: readonly LanguageCase[] = [
  { name: 'projectile', uses: 'a record that each step makes anew', args: [numbers(30, 40, 0.01), 90, 200], hand: missGradient },
  { name: 'attitude', uses: 'records, made by a function and changed by another', args: [numbers(0.01, -0.02, 0.015), spread(600, -1, 1)] },
  { name: 'lorenz', uses: 'tuples, functions that make new ones', args: [numbers(10, 28, 8 / 3), 100] },
  { name: 'orbit', uses: 'an immutable class, chained methods', args: [numbers(1, 0.1, -0.05, 0.1, 0.9, 0.2), 200] },
  { name: 'resonance', uses: 'an immutable class, static methods, getters', args: [spread(12, -1, 1), spread(40, 0, 3)] },
  { name: 'moments', uses: 'a mutable class', args: [numbers(0.7, 0.4), spread(500, -1, 2)] },
  { name: 'payoff', uses: 'subclasses, one chosen at run time', args: [numbers(1.1, 0.3, 1), spread(300, -2, 2), 1] },
  { name: 'panels', uses: 'subclasses, one made in each iteration', args: [numbers(2, 0.8, 0.1), spread(300, 0.2, 2)] },
  { name: 'forces', uses: 'an array of objects of several classes', args: [numbers(2, 0.3, 0.5), 200] },
  { name: 'integral', uses: 'a function given to a function', args: [numbers(1.2, 5, 0.7), 200], hand: energyGradient },
  { name: 'anomaly', uses: 'functions given to a solver', args: [numbers(1.3, 0.4, 0.8), spread(50, 0, 3)] },
  { name: 'kinetics', uses: 'functions made by functions, a record that changes', args: [numbers(1.1, 0.5, 0.6), 200] },
  { name: 'residuals', uses: '`map`, `reduce`, `forEach`', args: [numbers(2, 0.6, 0.3), spread(300, 0, 3), spread(300, 0, 2)] },
  { name: 'outline', uses: 'arrays of records by `Array.from` and `map`', args: [numbers(1.5, 0.8, 0.2), 100] },
  { name: 'chain', uses: 'an array of mutable objects', args: [numbers(4, 0.9, 0.5), spread(20, 0, 20).sort(), 20] },
  { name: 'coastline', uses: 'an object that may be `undefined`', args: [numbers(1.5, 0.8, 0.7), 200] },
  { name: 'pendulum', uses: 'a small array as state, `map`', args: [numbers(3, 0.2, 1), 100] },
  { name: 'chebyshev', uses: 'patterns that move values on', args: [spread(12, -1, 1), spread(50, -1, 1)], hand: fitErrorGradient },
]
