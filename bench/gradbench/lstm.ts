import { grad } from 'cotangent'

/** The parameters of a network with `width` cells a layer. All its matrices are diagonal. */
export interface Network {
  /** For each layer, the weights of the gates forget, in, out and change, `width` of each, and then their biases. */
  readonly main: Float64Array
  /** Weights of the input, weights of the output, biases of the output. */
  readonly extra: Float64Array
}

function sigmoid(x: number): number {
  return 1 / (1 + Math.exp(-x))
}

/** Lets a layer see `input`: changes its state, which is `width` hidden values and then `width` cells, at `at`. */
function advance(parameters: Float64Array, layer: number, state: Float64Array, input: Float64Array, width: number): void {
  const weight = 8 * width * layer
  const bias = weight + 4 * width
  const hidden = 2 * width * layer
  const cell = hidden + width
  for (let i = 0; i < width; i++) {
    const x = input[i]!
    const h = state[hidden + i]!
    const forget = sigmoid(x * parameters[weight + i]! + parameters[bias + i]!)
    const ingate = sigmoid(h * parameters[weight + width + i]! + parameters[bias + width + i]!)
    const outgate = sigmoid(x * parameters[weight + 2 * width + i]! + parameters[bias + 2 * width + i]!)
    const change = Math.tanh(h * parameters[weight + 3 * width + i]! + parameters[bias + 3 * width + i]!)
    const c = state[cell + i]! * forget + ingate * change
    state[cell + i] = c
    state[hidden + i] = outgate * Math.tanh(c)
    // The next layer's input.
    input[i] = state[hidden + i]!
  }
}

/** The mean loss of predicting each element of `sequence` from those before it. `state` is that of all layers at the start. */
export function loss({ main, extra }: Network, initial: Float64Array, sequence: Float64Array, width: number): number {
  const layers = main.length / (8 * width)
  const count = sequence.length / width
  const state = initial.slice()
  const signal = new Float64Array(width)
  let total = 0
  for (let t = 0; t + 1 < count; t++) {
    for (let i = 0; i < width; i++) signal[i] = sequence[t * width + i]! * extra[i]!
    for (let layer = 0; layer < layers; layer++) advance(main, layer, state, signal, width)
    for (let i = 0; i < width; i++) signal[i] = signal[i]! * extra[width + i]! + extra[2 * width + i]!
    let sum = 2
    for (let i = 0; i < width; i++) sum += Math.exp(signal[i]!)
    const normalizer = Math.log(sum)
    for (let i = 0; i < width; i++) total += sequence[(t + 1) * width + i]! * (signal[i]! - normalizer)
  }
  return -total / ((count - 1) * width)
}

export function lossGradient(network: Network, initial: Float64Array, sequence: Float64Array, width: number): Network {
  return grad(loss)(network, initial, sequence, width)
}
