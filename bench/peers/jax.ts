import './float16.ts'
import { init, jit, nn, numpy as np, valueAndGrad, type Array as Value } from '@jax-js/jax'
import { lowerPlaces, powersAndSigns, spreadMatrix, type MixtureArgs, type Peer } from './peer.ts'

/** jax-js on WebAssembly, in doubles: functions compiled by `jit`, after their first call. Its exponentials and logarithms are good to six digits. */
export const jax: Peer = {
  name: 'jax-js',
  tolerance: 1e-5,
  gradients: {
    rosenbrock: (x: Float64Array) => {
      const n = x.length
      return ofOne((x) => {
        const a = x.ref.slice([0, n - 1])
        const b = x.slice([1, n]).sub(np.square(a.ref))
        return np.square(np.subtract(1, a)).add(np.square(b).mul(100)).sum()
      })
    },
    'log-sum-exp': () => ofOne((x) => nn.logsumexp(x)),
    llsq: async (x: Float64Array, n: number) => {
      await init('wasm')
      const { powers, signs } = powersAndSigns(n, x.length)
      const a = double(powers).reshape([n, x.length])
      const s = double(signs)
      return ofOne((x) =>
        np
          .square(s.ref.sub(np.matmul(a.ref, x)))
          .sum()
          .mul(0.5),
      )
    },
    mixture: async (
      logits: Float64Array,
      means: Float64Array,
      _logDiagonals: Float64Array,
      _lowers: Float64Array,
      points: Float64Array,
    ) => {
      await init('wasm')
      const components = logits.length
      const d = means.length / components
      const count = points.length / d
      const places = lowerPlaces(d)
      const spread = double(spreadMatrix(places, d * d)).reshape([places.length, d * d])
      const identity = np.eye(d, d, { dtype: np.float64 })
      const given = double(points).reshape([1, count, d])
      const gradient = jit(
        valueAndGrad(([logits, means, logDiagonals, lowers]: Value[]) => {
          const diagonals = logDiagonals!.reshape([components, d])
          const below = np.matmul(lowers!.reshape([components, places.length]), spread.ref).reshape([components, d, d])
          const factors = below.add(np.exp(diagonals.ref).reshape([components, d, 1]).mul(identity.ref))
          const centred = given.ref.sub(means!.reshape([components, 1, d]))
          const distances = np.square(np.matmul(centred, np.transpose(factors, [0, 2, 1]))).sum(2)
          const offsets = logits!.ref.add(diagonals.sum(1)).reshape([components, 1])
          const terms = offsets.sub(distances.mul(0.5))
          return nn.logsumexp(terms, 0).sum().sub(nn.logsumexp(logits!).mul(count))
        }),
      )
      return (out: MixtureArgs, ...args: MixtureArgs) => {
        const [value, gradients] = gradient(args.slice(0, 4).map(double)) as [Value, Value[]]
        gradients.forEach((part, i) => out[i]!.set(part.dataSync()))
        return value.dataSync()[0]!
      }
    },
  },
}

async function ofOne(f: (x: Value) => Value): Promise<(out: Float64Array, x: Float64Array) => number> {
  await init('wasm')
  const gradient = jit(valueAndGrad(f))
  return (out, x) => {
    const [value, part] = gradient(double(x))
    out.set(part.dataSync())
    return value.dataSync()[0]!
  }
}

function double(values: Float64Array | readonly number[]): Value {
  return np.array(values instanceof Float64Array ? values : Float64Array.from(values), { dtype: np.float64 })
}
