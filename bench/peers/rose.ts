import { add, compile, div, Dual, fn, gt, mul, opaque, Real, select, sign, sub, sum, Vec, vec, vjp, type Fn, type Nat } from 'rose'
import type { MixtureArgs, Peer } from './peer.ts'

/** Rose, compiled to WebAssembly. It has no logarithms and exponentials of its own, and takes JavaScript's with their derivatives, as its page shows. */
export const rose: Peer = {
  name: 'Rose',
  tolerance: 1e-9,
  gradients: {
    // Written out term by term: neighbours can't be asked for in a loop of it.
    rosenbrock: async ({ length: n }: Float64Array) => {
      const gradient = await compiled<Float64Array>(Vec(n, Real), (x: Reals) => {
        let total: Real = 0
        for (let i = 0; i + 1 < n; i++) {
          const a = sub(1, x[i]!)
          const b = sub(x[i + 1]!, mul(x[i]!, x[i]!))
          total = add(total, add(mul(a, a), mul(100, mul(b, b))))
        }
        return total
      })
      return (out: Float64Array, x: Float64Array) => {
        const { value, grad } = gradient(x)
        out.set(grad)
        return value
      }
    },
    // A loop of it can't find the largest, which doesn't matter to the gradient, and is taken off before.
    'log-sum-exp': async ({ length: n }: Float64Array) => {
      const gradient = await compiled<Float64Array>(Vec(n, Real), (x: Reals) => log(sum(n, (i: Nat) => exp(x[i]!))))
      const shifted = new Float64Array(n)
      return (out: Float64Array, x: Float64Array) => {
        let max = -Infinity
        for (let i = 0; i < n; i++) if (x[i]! > max) max = x[i]!
        for (let i = 0; i < n; i++) shifted[i] = x[i]! - max
        const { value, grad } = gradient(shifted)
        out.set(grad)
        return max + value
      }
    },
    llsq: async ({ length: m }: Float64Array, n: number) => {
      const gradient = await compiled<{ x: Float64Array }>(
        { x: Vec(m, Real), points: Vec(n, Real) },
        ({ x, points }: { x: Reals; points: Reals }) =>
          mul(
            0.5,
            sum(n, (i: Nat) => squaredResidual(x, points[i]!, m)),
          ),
      )
      const points = Float64Array.from({ length: n }, (_, i) => -1 + (2 * i) / (n - 1))
      return (out: Float64Array, x: Float64Array) => {
        const { value, grad } = gradient({ x, points })
        out.set(grad.x)
        return value
      }
    },
    mixture: async (
      { length: components }: Float64Array,
      means: Float64Array,
      _diagonals: Float64Array,
      lowers: Float64Array,
      points: Float64Array,
    ) => {
      const [d, size] = [means.length / components, lowers.length / components]
      const count = points.length / d
      const rows = (size: number): unknown => Vec(components, Vec(size, Real))
      const shape = {
        logits: Vec(components, Real),
        means: rows(d),
        diagonals: rows(d),
        lowers: rows(size),
        points: Vec(count, Vec(d, Real)),
      }
      const gradient = await compiled<MixtureGradient>(shape, (arg: Mixture) => logLikelihood(arg, components, d, count))
      const given = split(points, d)
      return (out: MixtureArgs, logits: Float64Array, means: Float64Array, diagonals: Float64Array, lowers: Float64Array) => {
        const sizes = [d, d, size] as const
        const [m, l, b] = [means, diagonals, lowers].map((flat, i) => split(flat, sizes[i]!))
        const { value, grad } = gradient({ logits, means: m, diagonals: l, lowers: b, points: given })
        out[0].set(grad.logits)
        ;[grad.means, grad.diagonals, grad.lowers].forEach((rows, i) => {
          for (let k = 0; k < components; k++) out[i + 1]!.set(rows[k]!, k * sizes[i]!)
        })
        return value
      }
    },
  },
}

type Reals = Vec<Real>

interface Mixture {
  readonly logits: Reals
  readonly means: Vec<Reals>
  readonly diagonals: Vec<Reals>
  readonly lowers: Vec<Reals>
  readonly points: Vec<Reals>
}

interface MixtureGradient {
  readonly logits: Float64Array
  readonly means: readonly Float64Array[]
  readonly diagonals: readonly Float64Array[]
  readonly lowers: readonly Float64Array[]
}

const exp = opaque([Real], Real, Math.exp)
exp.jvp = fn([Dual], Dual, ({ re: x, du: dx }) => {
  const y = exp(x)
  return { re: y, du: mul(dx, y) }
})
const log = opaque([Real], Real, Math.log)
log.jvp = fn([Dual], Dual, ({ re: x, du: dx }) => ({ re: log(x), du: div(dx, x) }))

/** `fn` for shapes that follow from sizes, which its types can't tell. */
const untyped = fn as unknown as (params: readonly unknown[], ret: unknown, f: (arg: never) => unknown) => Fn & ((arg: unknown) => unknown)

/** Value and gradient by one argument, to which what is constant belongs too: Rose has no other way to give it, and differentiates by all of it. */
async function compiled<Gradient>(shape: unknown, f: (arg: never) => Real): Promise<(arg: unknown) => { value: number; grad: Gradient }> {
  const value = untyped([shape], Real, f)
  const both = untyped([shape], { value: Real, grad: shape }, (arg: unknown) => {
    const { ret, grad } = vjp(value)(arg)
    return { value: ret, grad: grad(1) }
  })
  return (await compile(both)) as (arg: unknown) => { value: number; grad: Gradient }
}

function squaredResidual(x: Reals, t: Real, m: number): Real {
  let residual = sign(t)
  let power: Real = 1
  for (let j = 0; j < m; j++) {
    residual = sub(residual, mul(x[j]!, power))
    power = mul(power, t)
  }
  return mul(residual, residual)
}

function logLikelihood({ logits, means, diagonals, lowers, points }: Mixture, components: number, d: number, count: number): Real {
  const scales = vec(components, Vec(d, Real), (k: Nat) => vec(d, Real, (j: Nat) => exp(diagonals[k]![j]!)))
  const offsets = vec(components, Real, (k: Nat) =>
    add(
      logits[k]!,
      sum(d, (j: Nat) => diagonals[k]![j]!),
    ),
  )
  const total = sum(count, (i: Nat) => {
    const terms = Array.from({ length: components }, (_, k) => {
      const centred = Array.from({ length: d }, (_, j) => sub(points[i]![j]!, means[k]![j]!))
      let distance: Real = 0
      let entry = 0
      for (let row = 0; row < d; row++) {
        let q = mul(scales[k]![row]!, centred[row]!)
        for (let column = 0; column < row; column++) q = add(q, mul(lowers[k]![entry++]!, centred[column]!))
        distance = add(distance, mul(q, q))
      }
      return sub(offsets[k]!, mul(0.5, distance))
    })
    return logSumExp(terms)
  })
  return sub(total, mul(count, logSumExp(Array.from({ length: components }, (_, k) => logits[k]!))))
}

function logSumExp(terms: readonly Real[]): Real {
  const max = terms.reduce((max, term) => select(gt(term, max), Real, term, max))
  return add(max, log(terms.map((term) => exp(sub(term, max))).reduce((a, b) => add(a, b))))
}

function split(flat: Float64Array, size: number): Float64Array[] {
  return Array.from({ length: flat.length / size }, (_, i) => flat.subarray(i * size, (i + 1) * size))
}
