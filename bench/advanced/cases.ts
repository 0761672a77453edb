import { mixtureCase, rosenbrockCase } from '../cases.ts'
import { observedByHand, scaledByHand } from './hand/hooks.ts'

/** What a program exports, as one that measures it takes it. */
export type Exports = Readonly<Record<string, (...args: never[]) => unknown>>

/** One row of the table: how long one call takes, as a multiple of another. */
export interface Comparison {
  readonly what: string
  /** Names of calls. */
  readonly of: string
  readonly to: string
  readonly toWhat: string
  /** What the ratio is divided by: so many gradients. */
  readonly per?: number
  /** What the ratio is meant not to exceed. */
  readonly target?: number
  /** Why it does, where it does. */
  readonly remark?: string
}

/** A program, calls to be timed in turn with the same arguments, and how they compare. */
export interface AdvancedCase {
  readonly name: string
  /** The file in `programs/`. */
  readonly program: string
  readonly calls: (exports: Exports) => Readonly<Record<string, unknown>>
  readonly args: (exports: Exports) => readonly unknown[]
  /** What is wrong about the results, if anything. */
  readonly differences: (exports: Exports) => readonly string[]
  readonly comparisons: readonly Comparison[]
}

export const SIMULATION = { args: [new Float64Array([1, 0.2, 0.1]), 1_000_000] } as const

/** So many bytes of numbers that a pullback keeps: large, but not so that the memory of small machines matters. */
const GRAPH_STEPS = 4_000_000
export const graphBytes = 8 * GRAPH_STEPS

const mixture = (): { unknowns: Float64Array; points: Float64Array } => {
  const parts = mixtureCase(200, 3, 5).args as readonly Float64Array[]
  return { unknowns: Float64Array.from(parts.slice(0, 4).flatMap((part) => [...part])), points: parts[4]! }
}

const rosenbrock = (n: number): Float64Array => rosenbrockCase(n).args[0] as Float64Array
const direction = (n: number): Float64Array => Float64Array.from({ length: n }, (_, i) => Math.sin(i + 1))

export function createCases(): AdvancedCase[] {
  const { unknowns, points } = mixture()
  const pick =
    (...names: string[]) =>
    (exports: Exports): Readonly<Record<string, unknown>> =>
      Object.fromEntries(names.map((name) => [name, exports[name]]))
  return [
    {
      name: 'Rosenbrock, n = 100',
      program: 'rosenbrock',
      calls: pick('gradient', 'gradientInto', 'product'),
      args: () => [rosenbrock(100), direction(100), new Float64Array(100)],
      differences: (exports) => secondDifferences(exports, rosenbrock(100), []),
      comparisons: secondOrder('hvp', 'Rosenbrock, n = 100', 1.5),
    },
    {
      name: 'Rosenbrock, n = 50',
      program: 'rosenbrock',
      calls: pick('gradient', 'gradientInto', 'matrix'),
      args: () => [rosenbrock(50), direction(50), new Float64Array(50)],
      differences: (exports) => secondDifferences(exports, rosenbrock(50), []),
      comparisons: secondOrder('hessian', 'Rosenbrock, n = 50', 0.5, 50, ALLOCATED),
    },
    {
      name: 'mixture',
      program: 'mixture',
      calls: pick('gradient', 'gradientInto', 'product', 'matrix'),
      args: () => [unknowns, direction(unknowns.length), new Float64Array(unknowns.length), points],
      differences: (exports) => secondDifferences(exports, unknowns, [points]),
      comparisons: [
        ...secondOrder('hvp', 'mixture, 50 unknowns, 200 points', 2.5),
        ...secondOrder('hessian', 'mixture, 50 unknowns, 200 points', 0.5, 50, FOUR_ROWS),
      ],
    },
    {
      name: 'hooks',
      program: 'hooks',
      calls: (exports) => ({
        ...pick('without', 'unbound', 'literal', 'observed')(exports),
        scaledByHand,
        observedByHand: observedByHand(exports.observe as unknown as (gradient: number) => void),
      }),
      args: () => [new Float64Array(2), new Float64Array([1, 0.2]), 1000],
      differences: hookDifferences,
      comparisons: [
        { what: 'hook, an unbound slot', of: 'unbound', to: 'without', toWhat: 'the gradient without the hook', target: 1.03 },
        {
          what: 'hook, a literal arrow',
          of: 'literal',
          to: 'scaledByHand',
          toWhat: 'its multiplication in the loop, by hand',
          target: 1.03,
        },
        { what: 'hook, a bound observer', of: 'observed', to: 'observedByHand', toWhat: 'its call in the loop, by hand', target: 1.03 },
        { what: 'hook, a literal arrow', of: 'literal', to: 'without', toWhat: 'the gradient without the hook' },
        { what: 'hook, a bound observer', of: 'observed', to: 'without', toWhat: 'the gradient without the hook' },
      ],
    },
    {
      name: 'noGrad',
      program: 'no-grad',
      calls: pick('primal', 'region', 'differentiated'),
      args: () => [new Float64Array(1000), rosenbrock(1000)],
      differences: modeDifferences,
      comparisons: [
        { what: '`noGrad` region', of: 'region', to: 'primal', toWhat: 'the function', target: 1.05 },
        { what: 'the same without `noGrad`', of: 'differentiated', to: 'primal', toWhat: 'the function' },
      ],
    },
    {
      name: 'simulation',
      program: 'simulation',
      calls: pick('primal', 'full', 'every', 'binomial'),
      args: () => [new Float64Array(3), ...SIMULATION.args],
      differences: checkpointDifferences,
      comparisons: [
        { what: '`@checkpoint every=1000`, time', of: 'every', to: 'full', toWhat: 'every step kept', target: 4 },
        { what: '`@checkpoint binomial`, time', of: 'binomial', to: 'full', toWhat: 'every step kept', target: 4 },
        { what: 'every step kept, time', of: 'full', to: 'primal', toWhat: 'the function' },
      ],
    },
    {
      name: 'graphs',
      program: 'graphs',
      calls: pick('save', 'load', 'copy'),
      args: (exports) => {
        const pullback = exports.pulled!(GRAPH_STEPS as never)
        return [pullback, exports.saved!(pullback as never)]
      },
      differences: graphDifferences,
      comparisons: [
        { what: '`saveGraph`', of: 'save', to: 'copy', toWhat: 'a copy of the bytes' },
        { what: '`loadGraph`', of: 'load', to: 'copy', toWhat: 'a copy of the bytes' },
      ],
    },
  ]
}

const ALLOCATED =
  'a row is an array of its own, and making that takes several times as long as filling it here, as it does for `grad(f)(x)`. Both take about one array each.'

const FOUR_ROWS =
  'four rows are computed at once, beside one gradient; the tangents of each row alone take about one. Below that is only what leaves out tangents that are zero or known ' +
  'by symmetry, which is not done.'

function secondOrder(operator: 'hvp' | 'hessian', problem: string, target: number, per?: number, remark?: string): Comparison[] {
  const of = operator === 'hvp' ? 'product' : 'matrix'
  const gradients = per === undefined ? 'gradient' : `${String(per)} gradients`
  const common = { what: `\`${operator}\`, ${problem}`, of, ...(per !== undefined && { per }) }
  return [
    { ...common, to: 'gradient', toWhat: `${gradients}, \`grad(f)(x)\``, target, ...(remark !== undefined && { remark }) },
    { ...common, to: 'gradientInto', toWhat: `${gradients}, \`grad(f).into(out, x)\`` },
  ]
}

const call = (exports: Exports, name: string, ...args: unknown[]): unknown => exports[name]!(...(args as never[]))

/** The largest distance, relative to the largest component. */
function distance(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const size = Math.max(...Array.from(b, Math.abs))
  return Math.max(...Array.from(b, (one, i) => Math.abs(a[i]! - one) / size))
}

const wrong = (what: string, off: number, allowed: number): string[] => (off < allowed ? [] : [`${what} is off by ${String(off)}`])

/** Products against differences of gradients, the matrix against products. Twice, because the second call finds its buffers used. */
function secondDifferences(exports: Exports, x: Float64Array, others: readonly unknown[]): string[] {
  const v = direction(x.length)
  const gradient = (step: number): Float64Array =>
    call(
      exports,
      'gradientOf',
      x.map((one, i) => one + step * v[i]!),
      ...others,
    ) as Float64Array
  const [above, below] = [gradient(1e-6), gradient(-1e-6)]
  const expected = above.map((one, i) => (one - below[i]!) / 2e-6)
  return [1, 2].flatMap(() => {
    const product = call(exports, 'productOf', x, v, ...others) as Float64Array
    const rows = call(exports, 'matrixOf', x, ...others) as Float64Array[]
    const byRows = rows.map((row) => row.reduce((sum, one, j) => sum + one * v[j]!, 0))
    return [...wrong('the product', distance(product, expected), 1e-6), ...wrong('the matrix', distance(byRows, product), 1e-12)]
  })
}

function hookDifferences(exports: Exports): string[] {
  const x = new Float64Array([1, 0.2])
  const at = (f: unknown): Float64Array => {
    const out = new Float64Array(2)
    ;(f as (...args: unknown[]) => number)(out, x, 1000)
    return out
  }
  const without = at(exports.without)
  const observed = observedByHand(exports.observe as unknown as (gradient: number) => void)
  return [
    ...wrong('the gradient with an unbound hook', distance(at(exports.unbound), without), 1e-15),
    ...wrong('the observed gradient', distance(at(exports.observed), without), 1e-15),
    ...wrong('the observed gradient by hand', distance(at(observed), without), 1e-12),
    ...wrong('the scaled gradient', distance(at(exports.literal), at(scaledByHand)), 1e-12),
  ]
}

function modeDifferences(exports: Exports): string[] {
  const x = rosenbrock(1000)
  const out = new Float64Array(1000)
  const value = call(exports, 'region', out, x)
  const expected = new Float64Array(1000)
  const scale = (x[0]! * x[1]!) / (call(exports, 'primal', out, x) as number)
  expected[0] = x[1]! / scale
  expected[1] = x[0]! / scale
  const isSame = value === call(exports, 'differentiated', new Float64Array(1000), x)
  return [...(isSame ? [] : ['the values differ']), ...wrong('the gradient with a region', distance(out, expected), 1e-12)]
}

function checkpointDifferences(exports: Exports): string[] {
  const [full, every, binomial] = ['full', 'every', 'binomial'].map((name) => {
    const out = new Float64Array(4)
    out[3] = call(exports, name, out.subarray(0, 3), ...SIMULATION.args) as number
    return out
  })
  return [...wrong('every=1000', distance(every!, full!), 1e-9), ...wrong('binomial', distance(binomial!, full!), 1e-9)]
}

function graphDifferences(exports: Exports): string[] {
  const pullback = call(exports, 'pulled', 1000) as (cotangent: number) => number
  const again = call(exports, 'loaded', call(exports, 'saved', pullback)) as typeof pullback
  return again(1.5) === pullback(1.5) ? [] : ['the loaded pullback gives another gradient']
}
