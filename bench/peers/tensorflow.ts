import * as tf from '@tensorflow/tfjs'
import '@tensorflow/tfjs-backend-wasm'
import { lowerPlaces, powersAndSigns, spreadMatrix, type MixtureArgs, type Peer } from './peer.ts'

/** TensorFlow.js, which computes in single precision. The backend is set by each call: there is one for the whole library at any time. */
export const tensorflowCpu = createPeer('TF.js cpu', 'cpu')
export const tensorflowWasm = createPeer('TF.js wasm', 'wasm')

function createPeer(name: string, backend: string): Peer {
  return {
    name,
    // Long sums in single precision lose this much.
    tolerance: 5e-3,
    gradients: {
      rosenbrock: (x: Float64Array) => {
        const n = x.length
        return ofOne(backend, (x) => {
          const a = tf.slice(x, 0, n - 1)
          const b = tf.sub(tf.slice(x, 1, n - 1), tf.square(a))
          return tf.sum(tf.add(tf.square(tf.sub(1, a)), tf.mul(100, tf.square(b))))
        })
      },
      'log-sum-exp': () => ofOne(backend, (x) => tf.logSumExp(x)),
      llsq: async (x: Float64Array, n: number) => {
        await start(backend)
        const { powers, signs } = powersAndSigns(n, x.length)
        const a = tf.tensor2d(powers, [n, x.length])
        const s = tf.tensor2d(signs, [n, 1])
        return ofOne(backend, (x) => tf.mul(0.5, tf.sum(tf.square(tf.sub(s, tf.matMul(a, tf.reshape(x, [x.size, 1])))))))
      },
      mixture: async (
        logits: Float64Array,
        means: Float64Array,
        _logDiagonals: Float64Array,
        _lowers: Float64Array,
        points: Float64Array,
      ) => {
        await start(backend)
        return mixture(backend, logits.length, means.length / logits.length, points)
      },
    },
  }
}

function mixture(backend: string, components: number, d: number, points: Float64Array): (out: MixtureArgs, ...args: MixtureArgs) => number {
  const count = points.length / d
  const places = lowerPlaces(d)
  const spread = tf.tensor2d(spreadMatrix(places, d * d), [places.length, d * d])
  const identity = tf.eye(d)
  const given = tf.tensor3d(Float32Array.from(points), [1, count, d])
  const gradient = tf.valueAndGrads((...args: tf.Tensor[]) => {
    const [logits, means, logDiagonals, lowers] = args as [tf.Tensor1D, tf.Tensor1D, tf.Tensor1D, tf.Tensor1D]
    const diagonals = tf.reshape(logDiagonals, [components, d])
    const below = tf.reshape(tf.matMul(tf.reshape(lowers, [components, places.length]), spread), [components, d, d])
    const factors = tf.add(below, tf.mul(tf.reshape(tf.exp(diagonals), [components, d, 1]), identity))
    const centred = tf.sub(given, tf.reshape(means, [components, 1, d]))
    const distances = tf.sum(tf.square(tf.matMul(centred, factors, false, true)), 2)
    const offsets = tf.reshape(tf.add(logits, tf.sum(diagonals, 1)), [components, 1])
    const terms = tf.sub(offsets, tf.mul(0.5, distances))
    return tf.sub(tf.sum(tf.logSumExp(terms, 0)), tf.mul(count, tf.logSumExp(logits)))
  })
  return (out, ...args) => {
    void tf.setBackend(backend)
    return tf.tidy(() => {
      const { value, grads } = gradient(args.slice(0, 4).map(single))
      grads.forEach((part, i) => out[i]!.set(part.dataSync()))
      return value.dataSync()[0]!
    })
  }
}

async function ofOne(backend: string, f: (x: tf.Tensor) => tf.Tensor): Promise<(out: Float64Array, x: Float64Array) => number> {
  await start(backend)
  const gradient = tf.valueAndGrad(f)
  return (out, x) => {
    void tf.setBackend(backend)
    return tf.tidy(() => {
      const { value, grad } = gradient(single(x))
      out.set(grad.dataSync())
      return value.dataSync()[0]!
    })
  }
}

async function start(backend: string): Promise<void> {
  // Without its checks, as its guide has it for programs in use.
  tf.enableProdMode()
  await tf.setBackend(backend)
  await tf.ready()
}

const single = (x: Float64Array): tf.Tensor => tf.tensor1d(Float32Array.from(x))
