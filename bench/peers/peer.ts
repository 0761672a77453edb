import type { Timed } from '../cases.ts'

/** The problems that peers are compared on, by the names of their requests. */
export type Problem = 'rosenbrock' | 'log-sum-exp' | 'mixture' | 'llsq'

/**
 * Makes a gradient ready to be called with arguments of the shape of these: compiled, and with what never changes at its place. It is called as a case's own
 * gradient is, with a place for the result, doubles in and doubles out. Text instead says why there is none.
 */
export type Create = (...args: never[]) => Timed | string | Promise<Timed | string>

/** What is called ours among the peers. */
export const OURS = 'ours'

/** Another way to a gradient that a user might choose. */
export interface Peer {
  readonly name: string
  /** How far its gradient may be off ours, relative to the largest component: it may compute in single precision. */
  readonly tolerance: number
  readonly gradients: Readonly<Record<Problem, Create | string>>
}

/** What a peer has for a problem. */
export async function createGradient(peer: Peer, problem: Problem, args: readonly unknown[]): Promise<Timed | string> {
  const create = peer.gradients[problem]
  return typeof create === 'string' ? create : await create(...(args as never[]))
}

/** The arguments of the mixture that are differentiated. */
export type MixtureArgs = readonly [logits: Float64Array, means: Float64Array, logDiagonals: Float64Array, lowers: Float64Array]

/** The places in a matrix, row by row, of the entries below its diagonal. */
export function lowerPlaces(d: number): number[] {
  const places: number[] = []
  for (let row = 0; row < d; row++) for (let column = 0; column < row; column++) places.push(row * d + column)
  return places
}

/** The matrix that spreads rows of `places.length` entries over rows of `size`, as numbers row by row: array languages have no loops to write with. */
export function spreadMatrix(places: readonly number[], size: number): number[] {
  const matrix = new Array<number>(places.length * size).fill(0)
  places.forEach((place, entry) => (matrix[entry * size + place] = 1))
  return matrix
}

/** The points of the least squares and what is wanted there: the powers of t, row by row, and its sign. None of it depends on the unknowns. */
export function powersAndSigns(n: number, m: number): { powers: number[]; signs: number[] } {
  const points = Array.from({ length: n }, (_, i) => -1 + (2 * i) / (n - 1))
  return { powers: points.flatMap((t) => Array.from({ length: m }, (_, j) => t ** j)), signs: points.map(Math.sign) }
}
