import { random, type Case } from './cases.ts'
import { createErrors, createJacobian, errors, type Errors, type Scene } from './gradbench/ba.ts'
import { determinant } from './gradbench/det.ts'
import { logPosterior } from './gradbench/gmm.ts'
import { cost } from './gradbench/kmeans.ts'
import { leastSquares } from './gradbench/llsq.ts'
import { logSumExp } from './gradbench/lse.ts'
import { loss } from './gradbench/lstm.ts'
import { errorsJacobian } from './hand/ba.ts'
import { determinantGradient } from './hand/det.ts'
import { logPosteriorGradient } from './hand/gmm.ts'
import { newtonDirection } from './hand/kmeans.ts'
import { leastSquaresGradient } from './hand/llsq.ts'
import { logSumExpGradient } from './hand/log-sum-exp.ts'
import { lossGradient } from './hand/lstm.ts'

/** The programs of `gradbench/` in the sizes that GradBench begins with, and what GradBench asks of each beside its own value. */
export function createGradbenchCases(): Case[] {
  return [
    llsqCase(1024, 128),
    lseCase(40_000),
    gmmCase(10, 25, 1000),
    lstmCase(2, 1024, 14),
    detCase(8),
    baCase(49, 7776, 31_843),
    kmeansCase(100, 1000, 8),
  ]
}

export function llsqCase(n: number, m: number): Case {
  return {
    name: `llsq, n = ${n}, m = ${m}`,
    request: 'llsq',
    args: [fill(10, m), n],
    active: 1,
    primal: leastSquares,
    hand: leastSquaresGradient,
    target: 2.2,
  }
}

export function lseCase(n: number): Case {
  return { name: `lse, n = ${n}`, request: 'lse', args: [fill(11, n)], active: 1, primal: logSumExp, hand: logSumExpGradient, target: 1.5 }
}

/** The components overlap, as those of `mixtureCase` do. */
export function gmmCase(d: number, components: number, count: number): Case {
  const centred = (seed: number, size: number): Float64Array => fill(seed, size).map((x) => x - 0.5)
  const sizes = [components, components * d, components * d, (components * d * (d - 1)) / 2]
  const [alpha, mu, q, l] = sizes.map((size, i) => centred(12 + i, size)) as [Float64Array, Float64Array, Float64Array, Float64Array]
  const points = centred(16, count * d).map((coordinate) => 3 * coordinate)
  return {
    name: `gmm, d = ${d}, K = ${components}, N = ${count}`,
    request: 'gmm',
    args: [{ alpha, mu, q, l }, points, d, { m: 0, gamma: 1 }],
    createOut: () => ({ alpha: zeros(alpha), mu: zeros(mu), q: zeros(q), l: zeros(l) }),
    primal: logPosterior,
    hand: logPosteriorGradient,
    target: 2.5,
  }
}

export function lstmCase(layers: number, characters: number, width: number): Case {
  const network = { main: fill(20, 8 * layers * width), extra: fill(21, 3 * width) }
  const sequence = fill(22, characters * width).map(Math.round)
  return {
    name: `lstm, l = ${layers}, c = ${characters}`,
    request: 'lstm',
    args: [network, fill(23, 2 * layers * width), sequence, width],
    createOut: () => ({ main: zeros(network.main), extra: zeros(network.extra) }),
    primal: loss,
    hand: lossGradient,
    target: 3,
  }
}

export function detCase(n: number): Case {
  const a = fill(30, n * n)
  return {
    name: `det, ${n} x ${n}`,
    request: 'det',
    args: [a, n],
    createOut: () => zeros(a),
    primal: determinant,
    hand: determinantGradient,
    target: 3,
  }
}

/** All cameras are near the same place, and each is turned a little differently; all points are in front of them. */
export function baCase(cameras: number, points: number, observations: number): Case {
  const next = random(40)
  const around = (centre: readonly number[], count: number): Float64Array =>
    Float64Array.from({ length: count * centre.length }, (_, i) => centre[i % centre.length]! + 0.1 * (next() - 0.5))
  const scene: Scene = {
    cameras: around([0.3, -0.2, 0.1, 0.5, 0.2, -4, 2, 0.1, 0.2, 0.05, -0.02], cameras),
    points: around([0.4, -0.3, 2], points),
    weights: around([0.8], observations),
    observed: around([0.1, 0.3], observations),
    cameraOf: Int32Array.from({ length: observations }, (_, i) => i % cameras),
    pointOf: Int32Array.from({ length: observations }, (_, i) => i % points),
  }
  const found = createErrors(scene)
  return {
    name: `ba, ${observations} observations`,
    request: { file: 'gradbench/ba', take: (exports) => exports.errorsJacobian! },
    args: [scene],
    createOut: () => createJacobian(scene),
    primal: createObjective(found),
    hand: errorsJacobian,
    valueless: true,
    target: 8,
  }
}

/** The errors are written to a place of their own, as the Jacobian is; one of them is the value that is looked at. */
function createObjective(found: Errors): (scene: Scene) => number {
  return (scene) => {
    errors(found, scene)
    return found.reprojection[0]!
  }
}

export function kmeansCase(clusters: number, count: number, d: number): Case {
  const centroids = fill(51, clusters * d)
  // Each centroid has a point that is nearest to it, or its second derivatives were zero.
  const points = fill(50, count * d)
  points.set(centroids.map((x) => x + 1e-3))
  return {
    name: `kmeans, k = ${clusters}, n = ${count}, d = ${d}`,
    request: { file: 'gradbench/kmeans', take: ({ direction }) => takeDirection(direction as unknown as Direction) },
    args: [centroids, points, d],
    createOut: () => zeros(centroids),
    primal: cost,
    hand: newtonDirection,
    valueless: true,
    target: 3,
  }
}

type Direction = (centroids: Float64Array, points: Float64Array, d: number) => Float64Array

/** The direction comes out as an array of its own. */
function takeDirection(direction: Direction): (out: Float64Array, centroids: Float64Array, points: Float64Array, d: number) => number {
  return (out, centroids, points, d) => {
    out.set(direction(centroids, points, d))
    return 0
  }
}

function fill(seed: number, size: number): Float64Array {
  const next = random(seed)
  return Float64Array.from({ length: size }, next)
}

function zeros(like: Float64Array): Float64Array {
  return new Float64Array(like.length)
}
