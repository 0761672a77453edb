import * as ba from './ba.ts'
import { determinant, determinantGradient } from './det.ts'
import { logPosterior, logPosteriorGradient, type Mixture } from './gmm.ts'
import { double, square } from './hello.ts'
import { cost, direction } from './kmeans.ts'
import { leastSquares, leastSquaresGradient } from './llsq.ts'
import { logSumExp, logSumExpGradient } from './lse.ts'
import { loss, lossGradient } from './lstm.ts'
import type { Modules, Prepared } from './protocol.ts'

type Rows = readonly (readonly number[])[]

interface GmmInput {
  readonly d: number
  readonly k: number
  readonly x: Rows
  readonly m: number
  readonly gamma: number
  readonly alpha: readonly number[]
  readonly mu: Rows
  readonly q: Rows
  readonly l: Rows
}

interface LstmInput {
  readonly main_params: Rows
  readonly extra_params: Rows
  readonly state: Rows
  readonly sequence: Rows
}

interface BaInput {
  readonly n: number
  readonly m: number
  readonly p: number
  readonly cam: readonly number[]
  readonly x: readonly number[]
  readonly w: number
  readonly feat: readonly number[]
}

interface KmeansInput {
  readonly points: Rows
  readonly centroids: Rows
}

/** What GradBench calls by which names. Reading the input and writing the output isn't timed. */
export const modules: Modules = {
  hello: {
    square: (x: number) => prepared(() => square(x), same),
    double: (x: number) => prepared(() => double(x), same),
  },
  llsq: {
    primal: ({ x, n }: { x: number[]; n: number }) => {
      const coefficients = Float64Array.from(x)
      return prepared(() => leastSquares(coefficients, n), same)
    },
    gradient: ({ x, n }: { x: number[]; n: number }) => {
      const [out, coefficients] = [new Float64Array(x.length), Float64Array.from(x)]
      return prepared(
        () => leastSquaresGradient(out, coefficients, n),
        () => [...out],
      )
    },
  },
  lse: {
    primal: ({ x }: { x: number[] }) => {
      const values = Float64Array.from(x)
      return prepared(() => logSumExp(values), same)
    },
    gradient: ({ x }: { x: number[] }) => {
      const [out, values] = [new Float64Array(x.length), Float64Array.from(x)]
      return prepared(
        () => logSumExpGradient(out, values),
        () => [...out],
      )
    },
  },
  gmm: {
    objective: (input: GmmInput) => {
      const { mixture, points, d, prior } = readMixture(input)
      return prepared(() => logPosterior(mixture, points, d, prior), same)
    },
    jacobian: (input: GmmInput) => {
      const { mixture, points, d, prior } = readMixture(input)
      return prepared(
        () => logPosteriorGradient(mixture, points, d, prior),
        ({ alpha, mu, q, l }) => ({ alpha: [...alpha], mu: rows(mu, input.k), q: rows(q, input.k), l: rows(l, input.k) }),
      )
    },
  },
  lstm: {
    objective: (input: LstmInput) => {
      const { network, state, sequence, width } = readNetwork(input)
      return prepared(() => loss(network, state, sequence, width), same)
    },
    jacobian: (input: LstmInput) => {
      const { network, state, sequence, width } = readNetwork(input)
      return prepared(
        () => lossGradient(network, state, sequence, width),
        ({ main, extra }) => [...main, ...extra],
      )
    },
  },
  det: {
    primal: ({ A, ell }: { A: number[]; ell: number }) => {
      const a = Float64Array.from(A)
      return prepared(() => determinant(a, ell), same)
    },
    gradient: ({ A, ell }: { A: number[]; ell: number }) => {
      const [out, a] = [new Float64Array(A.length), Float64Array.from(A)]
      return prepared(
        () => determinantGradient(out, a, ell),
        () => [...out],
      )
    },
  },
  ba: {
    objective: (input: BaInput) => {
      const problem = readScene(input)
      const errors = ba.createErrors(problem)
      return prepared(
        () => ba.errors(errors, problem),
        () => ({
          reproj_error: { elements: [...errors.reprojection.subarray(0, 2)], repeated: input.p },
          w_err: { element: errors.weight[0], repeated: input.p },
        }),
      )
    },
    jacobian: (input: BaInput) => {
      const problem = readScene(input)
      const matrix = ba.createJacobian(problem)
      return prepared(
        () => ba.errorsJacobian(matrix, problem),
        () => ({ rows: ends(matrix.rows), cols: ends(matrix.columns), vals: ends(matrix.values) }),
      )
    },
  },
  kmeans: {
    cost: ({ points, centroids }: KmeansInput) => {
      const [c, p] = [flat(centroids), flat(points)]
      return prepared(() => cost(c, p, points[0]!.length), same)
    },
    dir: ({ points, centroids }: KmeansInput) => {
      const [c, p] = [flat(centroids), flat(points)]
      return prepared(
        () => direction(c, p, points[0]!.length),
        (found) => rows(found, centroids.length),
      )
    },
  },
}

function prepared<Result>(run: () => Result, output: (result: Result) => unknown): Prepared {
  return { run, output: output as (result: unknown) => unknown }
}

function same(result: unknown): unknown {
  return result
}

function readMixture({ alpha, mu, q, l, x, d, m, gamma }: GmmInput): {
  mixture: Mixture
  points: Float64Array
  d: number
  prior: { m: number; gamma: number }
} {
  return { mixture: { alpha: Float64Array.from(alpha), mu: flat(mu), q: flat(q), l: flat(l) }, points: flat(x), d, prior: { m, gamma } }
}

function readNetwork({ main_params, extra_params, state, sequence }: LstmInput): {
  network: { main: Float64Array; extra: Float64Array }
  state: Float64Array
  sequence: Float64Array
  width: number
} {
  return {
    network: { main: flat(main_params), extra: flat(extra_params) },
    state: flat(state),
    sequence: flat(sequence),
    width: sequence[0]!.length,
  }
}

/** One camera, point, weight and feature are sent, to be repeated; observation i is of camera i mod n and point i mod m. */
function readScene({ n, m, p, cam, x, w, feat }: BaInput): ba.Scene {
  const repeated = (values: readonly number[], count: number): Float64Array => flat(Array.from({ length: count }, () => values))
  return {
    cameras: repeated(cam, n),
    points: repeated(x, m),
    weights: repeated([w], p),
    observed: repeated(feat, p),
    cameraOf: Int32Array.from({ length: p }, (_, i) => i % n),
    pointOf: Int32Array.from({ length: p }, (_, i) => i % m),
  }
}

/** The first 30 elements and the last. */
function ends(values: Float64Array | Int32Array): number[] {
  return [...values.subarray(0, 30), values[values.length - 1]!]
}

function flat(all: Rows): Float64Array {
  return Float64Array.from(all.flat())
}

function rows(values: Float64Array, count: number): number[][] {
  const size = values.length / count
  return Array.from({ length: count }, (_, i) => [...values.subarray(i * size, (i + 1) * size)])
}
