import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { text } from 'node:stream/consumers'
import { globSync } from 'tinyglobby'
import { expect, it } from 'vitest'
import { determinant } from '../bench/gradbench/det.ts'
import { logPosterior } from '../bench/gradbench/gmm.ts'
import { loss } from '../bench/gradbench/lstm.ts'
import type { Response } from '../bench/gradbench/protocol.ts'
import { createCompiler } from '../compiler/index.ts'
import { gradient } from './oracle/differences.ts'
import { putApart } from './support/graph-process.ts'

/** What to ask, and what must come back. */
interface Question {
  readonly module: string
  readonly function: string
  readonly input: unknown
  readonly output: unknown
}

/** The tool as GradBench runs it: a process that is sent lines of JSON and answers each with one. The answers are known in closed form or by differences. */
it('answers over the protocol of GradBench', { timeout: 60_000 }, async () => {
  const asked = questions()
  const messages = [
    { kind: 'start', eval: 'any' },
    { kind: 'define', module: 'gmm' },
    { kind: 'define', module: 'unheard-of' },
    ...asked.map((question) => ({ kind: 'evaluate', ...question, output: undefined, description: 'small' })),
    { kind: 'evaluate', module: 'llsq', function: 'unheard-of', input: {} },
    { kind: 'evaluate', module: 'gmm', function: 'objective', input: {} },
    { kind: 'evaluate', module: 'lse', function: 'primal', input: { x: [0], min_runs: 5, min_seconds: 0 } },
    { kind: 'evaluate', module: 'lse', function: 'primal', input: { x: [0], min_runs: 1, min_seconds: 0.01 } },
    { kind: 'analysis', of: 3, valid: true },
  ].map((message, id) => ({ id, ...message }))
  const responses = await converse(putApart('gradbench', compiled()), messages)

  expect(responses.map(({ id }) => id)).toEqual(messages.map(({ id }) => id))
  const [start, defined, undefinedModule, ...rest] = responses as [Response, Response, Response, ...Response[]]
  expect(start).toEqual({ id: 0, tool: 'cotangent' })
  expect(defined).toEqual({ id: 1, success: true })
  expect(undefinedModule).toMatchObject({ success: false })
  for (const [i, { module, function: name, output }] of asked.entries()) {
    const found = rest[i]!
    expect(found, found.error).toMatchObject({ success: true, timings: [{ name: 'evaluate' }] })
    expectClose(`${module}.${name}`, found.output, output)
  }
  const [noFunction, badInput, runs, seconds, analysis] = rest.slice(asked.length) as [Response, Response, Response, Response, Response]
  expect(noFunction).toMatchObject({ success: false, error: 'no function unheard-of in the module llsq' })
  expect(badInput).toMatchObject({ success: false })
  expect(runs.timings).toHaveLength(5)
  const total = seconds.timings!.reduce((sum, { nanoseconds }) => sum + nanoseconds, 0)
  expect(total).toBeGreaterThanOrEqual(1e7)
  expect(analysis).toEqual({ id: messages.length - 1 })
})

/** The files of the tool as the compiler writes them. */
function compiled(): Record<string, string> {
  const bench = fileURLToPath(new URL('../bench/', import.meta.url))
  const compiler = createCompiler({ tsconfig: `${bench}tsconfig.programs.json` })
  const names = globSync('*.ts', { cwd: `${bench}gradbench` })
  return Object.fromEntries(
    names.map((name) => {
      const { code, diagnostics } = compiler.compileFile(`${bench}gradbench/${name}`)
      expect(diagnostics).toEqual([])
      return [name, code]
    }),
  )
}

/** Sends each message when the one before is answered, as GradBench does. */
async function converse(folder: string, messages: readonly unknown[]): Promise<Response[]> {
  const tool = spawn(process.execPath, ['tool.js'], { cwd: folder, env: { ...process.env, NODE_OPTIONS: '' } })
  const errors = text(tool.stderr)
  const responses: Response[] = []
  let received = ''
  let sent = 0
  const send = (): void => void (sent < messages.length ? tool.stdin.write(`${JSON.stringify(messages[sent++])}\n`) : tool.stdin.end())
  tool.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    const lines = (received + chunk).split('\n')
    received = lines.pop()!
    for (const line of lines) {
      responses.push(JSON.parse(line) as Response)
      expect(responses).toHaveLength(sent)
      send()
    }
  })
  send()
  await once(tool, 'close')
  expect(await errors).toBe('')
  return responses
}

function questions(): Question[] {
  return [...scalars(), ...polynomial(), ...mixture(), ...network(), ...matrix(), ...camera(), ...clusters()]
}

function scalars(): Question[] {
  const x = [1, 2, 3, 4].map(Math.log)
  return [
    { module: 'hello', function: 'square', input: 3, output: 9 },
    { module: 'hello', function: 'double', input: 3, output: 6 },
    { module: 'lse', function: 'primal', input: { x }, output: Math.log(10) },
    { module: 'lse', function: 'gradient', input: { x }, output: [0.1, 0.2, 0.3, 0.4] },
    // Without the shift by the largest this overflows.
    { module: 'lse', function: 'gradient', input: { x: [1000, 1000] }, output: [0.5, 0.5] },
  ]
}

/** At t = -1, 0, 1 the residuals of 2 + t / 2 are -2.5, -2 and -1.5. */
function polynomial(): Question[] {
  const input = { x: [2, 0.5], n: 3 }
  return [
    { module: 'llsq', function: 'primal', input, output: 0.5 * (6.25 + 4 + 2.25) },
    { module: 'llsq', function: 'gradient', input, output: [2.5 + 2 + 1.5, -2.5 + 1.5] },
  ]
}

/** The density by its definition, with the precision matrix multiplied out, for two components in two dimensions. */
function mixture(): Question[] {
  const input = {
    d: 2,
    k: 2,
    n: 3,
    x: [
      [0.5, -1],
      [1.5, 0.25],
      [-0.75, 0.5],
    ],
    m: 2,
    gamma: 1.25,
    alpha: [0.3, -0.2],
    mu: [
      [0.25, -0.5],
      [1, 0.75],
    ],
    q: [
      [0.1, -0.3],
      [-0.2, 0.4],
    ],
    l: [[0.6], [-0.35]],
  }
  const { x, m, gamma, alpha, mu, q, l } = input
  const weight = alpha.map(Math.exp)
  const factors = q.map(([q0, q1], k) => ({ a: Math.exp(q0!), b: l[k]![0]!, c: Math.exp(q1!) }))
  const precisions = factors.map(({ a, b, c }) => ({ xx: a * a + b * b, xy: b * c, yy: c * c, determinant: (a * c) ** 2 }))
  const density = ([x0, x1]: number[], k: number): number => {
    const [dx, dy] = [x0! - mu[k]![0]!, x1! - mu[k]![1]!]
    const { xx, xy, yy, determinant } = precisions[k]!
    return (Math.exp(-0.5 * (xx * dx * dx + 2 * xy * dx * dy + yy * dy * dy)) * Math.sqrt(determinant)) / (2 * Math.PI)
  }
  const likelihood = x.map((point) => (weight[0]! * density(point, 0) + weight[1]! * density(point, 1)) / (weight[0]! + weight[1]!))
  // Of five degrees of freedom: the gamma functions of 5/2 and of 2 are 3/4 sqrt(pi) and 1.
  const gammas = Math.sqrt(Math.PI) * 0.75 * Math.sqrt(Math.PI)
  const prior = precisions.map(
    ({ xx, yy, determinant }) => (determinant ** (m / 2) * Math.exp(-0.5 * gamma ** 2 * (xx + yy)) * gamma ** 10) / (2 ** 5 * gammas),
  )
  const objective = [...likelihood, ...prior].reduce((sum, p) => sum + Math.log(p), 0)
  const posterior = (a: Float64Array, b: Float64Array, c: Float64Array, d: Float64Array): number =>
    logPosterior({ alpha: a, mu: b, q: c, l: d }, flat(x), 2, { m, gamma })
  const estimated = gradient(posterior, [flat([alpha]), flat(mu), flat(q), flat(l)]).map(({ value }) => value)
  const pairs = (from: number): number[][] => [estimated.slice(from, from + 2), estimated.slice(from + 2, from + 4)]
  const jacobian = { alpha: estimated.slice(0, 2), mu: pairs(2), q: pairs(6), l: [[estimated[10]], [estimated[11]]] }
  return [
    { module: 'gmm', function: 'objective', input, output: objective },
    { module: 'gmm', function: 'jacobian', input, output: jacobian },
  ]
}

/** Two layers of one cell, unrolled. */
function network(): Question[] {
  const main = [
    [0.5, -0.3, 0.8, 1.1],
    [0.2, 0.1, -0.4, 0.3],
    [-0.6, 0.9, 0.7, -0.2],
    [0.4, -0.1, 0.25, 0.6],
  ]
  const extra = [[1.5], [-0.7], [0.35]]
  const state = [[0.1], [-0.2], [0.3], [0.15]]
  const sequence = [[1], [0.5], [0.25]]
  const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x))
  let [[h0], [c0], [h1], [c1]] = state as [[number], [number], [number], [number]]
  const cell = (w: number[], b: number[], x: number, h: number, c: number): [number, number] => {
    const next = c * sigmoid(w[0]! * x + b[0]!) + sigmoid(w[1]! * h + b[1]!) * Math.tanh(w[3]! * h + b[3]!)
    return [sigmoid(w[2]! * x + b[2]!) * Math.tanh(next), next]
  }
  let total = 0
  for (const t of [0, 1]) {
    ;[h0, c0] = cell(main[0]!, main[1]!, sequence[t]![0]! * 1.5, h0, c0)
    ;[h1, c1] = cell(main[2]!, main[3]!, h0, h1, c1)
    const y = -0.7 * h1 + 0.35
    total += sequence[t + 1]![0]! * (y - Math.log(Math.exp(y) + 2))
  }
  const input = { main_params: main, extra_params: extra, state, sequence }
  const estimates = gradient(
    (a: Float64Array, b: Float64Array) => loss({ main: a, extra: b }, flat(state), flat(sequence), 1),
    [flat(main), flat(extra)],
  )
  return [
    { module: 'lstm', function: 'objective', input, output: -total / 2 },
    { module: 'lstm', function: 'jacobian', input, output: estimates.map(({ value }) => value) },
  ]
}

/** The cofactors of a matrix of order 3; for a larger one, whose elements are far apart, differences. */
function matrix(): Question[] {
  const input = { A: [2, -1, 3, 0.5, 4, 1, -2, 1, 5], ell: 3 }
  const [a, b, c, d, e, f, g, h, i] = input.A as [number, number, number, number, number, number, number, number, number]
  const cofactors = [e * i - f * h, f * g - d * i, d * h - e * g, c * h - b * i, a * i - c * g, b * g - a * h, b * f - c * e, c * d - a * f]
  const output = [...cofactors, a * e - b * d]
  const larger = Float64Array.from({ length: 25 }, (_, at) => ((at * 7) % 11) - 5)
  const estimates = gradient((all: Float64Array) => determinant(all, 5), [larger])
  return [
    { module: 'det', function: 'primal', input, output: a * output[0]! + b * output[1]! + c * output[2]! },
    { module: 'det', function: 'gradient', input, output },
    { module: 'det', function: 'gradient', input: { A: [...larger], ell: 5 }, output: estimates.map(({ value }) => value) },
  ]
}

/** A camera at (1, 2, -3) that is not turned, or turned by a quarter around its axis, looks at (2, 4, 1): u = 1/4 and v = 1/2 if it is not. */
function camera(): Question[] {
  const [f, w, k1, k2] = [2, 0.5, 0.1, -0.2]
  const input = { n: 2, m: 3, p: 12, cam: [0, 0, 0, 1, 2, -3, f, 0.3, 0.6, k1, k2], x: [2, 4, 1], w, feat: [0.25, 0.75] }
  const squared = 5 / 16
  const scale = 1 + k1 * squared + k2 * squared ** 2
  const errors = (u: number, v: number): unknown => ({
    reproj_error: { elements: [w * (u * f * scale + 0.05), w * (v * f * scale - 0.15)], repeated: 12 },
    w_err: { element: 1 - w * w, repeated: 12 },
  })
  const turned = { ...input, cam: [0, 0, Math.PI / 2, ...input.cam.slice(3)] }
  // How u and v change with the point, and with a small rotation.
  const [u, v, z] = [1 / 4, 1 / 2, 4]
  const dPoint = [
    [1 / z, 0, -u / z],
    [0, 1 / z, -v / z],
  ]
  const dRotation = [
    [-u * v, 1 + u * u, -v],
    [-1 - v * v, u * v, u],
  ]
  const slope = k1 + 2 * k2 * squared
  const row = (which: 0 | 1): number[] => {
    const at = [u, v][which]!
    const through = (by: readonly number[][], i: number): number =>
      w * f * (by[which]![i]! * scale + at * slope * 2 * (u * by[0]![i]! + v * by[1]![i]!))
    const point = [0, 1, 2].map((i) => through(dPoint, i))
    const radial = [w * f * at * squared, w * f * at * squared ** 2]
    const error = [u * f * scale + 0.05, v * f * scale - 0.15][which]!
    const rotation = [0, 1, 2].map((i) => through(dRotation, i))
    return [...rotation, ...point.map((x) => -x), w * at * scale, w * (1 - which), w * which, ...radial, ...point, error]
  }
  const columns = [...Array(11).keys(), 22, 23, 24, 31]
  const starts = Array.from({ length: 30 }, (_, i) => (i <= 24 ? 15 * i : 360 + (i - 24)))
  const jacobian = { rows: [...starts, 372], cols: [...columns, ...columns, 42], vals: [...row(0), ...row(1), -2 * w] }
  return [
    { module: 'ba', function: 'objective', input, output: errors(u, v) },
    { module: 'ba', function: 'objective', input: turned, output: errors(-v, u) },
    { module: 'ba', function: 'jacobian', input, output: jacobian },
  ]
}

/** Newton's direction leads from the mean of a cluster to its centroid. */
function clusters(): Question[] {
  const input = {
    points: [
      [0, 0],
      [1, 0],
      [5, 5],
      [7, 6],
      [6, 7],
    ],
    centroids: [
      [1, 1],
      [5, 6],
    ],
  }
  return [
    { module: 'kmeans', function: 'cost', input, output: 2 + 1 + 1 + 4 + 2 },
    {
      module: 'kmeans',
      function: 'dir',
      input,
      output: [
        [0.5, 1],
        [-1, 0],
      ],
    },
  ]
}

function expectClose(what: string, found: unknown, expected: unknown): void {
  expect(shape(found), what).toEqual(shape(expected))
  const [all, wanted] = [numbersOf(found), numbersOf(expected)]
  const size = Math.max(...wanted.map(Math.abs))
  const off = all.map((x, i) => Math.abs(x - wanted[i]!) / size)
  expect(Math.max(...off), what).toBeLessThan(1e-8)
}

/** A JSON value with every number replaced. */
function shape(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value), (_, inner: unknown) => (typeof inner === 'number' ? 'number' : inner))
}

/** The numbers of a JSON value, by the names of the fields. */
function numbersOf(value: unknown): number[] {
  if (typeof value === 'number') return [value]
  if (Array.isArray(value)) return value.flatMap(numbersOf)
  const entries = Object.entries(value as object).sort(([a], [b]) => (a < b ? -1 : 1))
  return entries.flatMap(([, inner]) => numbersOf(inner))
}

function flat(rows: readonly (readonly number[])[]): Float64Array {
  return Float64Array.from(rows.flat())
}
