import type { Network } from '../gradbench/lstm.ts'

/** What each cell keeps of each step. */
const kept = 8
let tapeBuffer = new Float64Array(0)
let signalsBuffer = new Float64Array(0)
let stateBuffer = new Float64Array(0)
let stateBarBuffer = new Float64Array(0)
let signalBuffer = new Float64Array(0)
let signalBarBuffer = new Float64Array(0)

function sigmoid(x: number): number {
  return 1 / (1 + Math.exp(-x))
}

/** Value and gradient of `loss`. Of each step is kept what the gates let through and what they saw, and of the output its exponentials. */
export function lossGradient(out: Network, network: Network, initial: Float64Array, sequence: Float64Array, width: number): number {
  const { main, extra } = network
  const { main: main_bar, extra: extra_bar } = out
  const layers = main.length / (8 * width)
  const steps = sequence.length / width - 1
  const size = layers * width
  if (tapeBuffer.length < steps * size * kept || signalsBuffer.length < 2 * steps * width || stateBuffer.length < 2 * size) {
    tapeBuffer = new Float64Array(steps * size * kept)
    signalsBuffer = new Float64Array(2 * steps * width)
    stateBuffer = new Float64Array(2 * size)
    stateBarBuffer = new Float64Array(2 * size)
    signalBuffer = new Float64Array(width)
    signalBarBuffer = new Float64Array(width)
  }
  const tape = tapeBuffer
  const signals = signalsBuffer
  const state = stateBuffer
  const state_bar = stateBarBuffer
  const signal = signalBuffer
  const signal_bar = signalBarBuffer
  const scale = -1 / (steps * width)
  state.set(initial)
  state_bar.fill(0)
  main_bar.fill(0)
  extra_bar.fill(0)

  let total = 0
  let slot = 0
  for (let t = 0; t < steps; t++) {
    for (let i = 0; i < width; i++) signal[i] = sequence[t * width + i]! * extra[i]!
    for (let layer = 0; layer < layers; layer++) {
      const weight = 8 * width * layer
      const hidden = 2 * width * layer
      for (let i = 0; i < width; i++) {
        const at = weight + i
        const x = signal[i]!
        const h = state[hidden + i]!
        const cell = state[hidden + width + i]!
        const forget = sigmoid(x * main[at]! + main[at + 4 * width]!)
        const ingate = sigmoid(h * main[at + width]! + main[at + 5 * width]!)
        const outgate = sigmoid(x * main[at + 2 * width]! + main[at + 6 * width]!)
        const change = Math.tanh(h * main[at + 3 * width]! + main[at + 7 * width]!)
        const c = cell * forget + ingate * change
        const squashed = Math.tanh(c)
        tape[slot] = x
        tape[slot + 1] = h
        tape[slot + 2] = cell
        tape[slot + 3] = forget
        tape[slot + 4] = ingate
        tape[slot + 5] = outgate
        tape[slot + 6] = change
        tape[slot + 7] = squashed
        slot += kept
        state[hidden + width + i] = c
        signal[i] = state[hidden + i] = outgate * squashed
      }
    }
    let sum = 2
    let weighted = 0
    let weights = 0
    for (let i = 0; i < width; i++) {
      const y = signal[i]! * extra[width + i]! + extra[2 * width + i]!
      const e = Math.exp(y)
      const next = sequence[(t + 1) * width + i]!
      signals[2 * (t * width + i)] = signal[i]!
      signals[2 * (t * width + i) + 1] = e
      sum += e
      weighted += next * y
      weights += next
    }
    // All shares of the step are scaled by this; the exponentials are not needed but for that.
    const share = weights / sum
    for (let i = 0; i < width; i++) signals[2 * (t * width + i) + 1]! *= share
    total += weighted - weights * Math.log(sum)
  }

  for (let t = steps - 1; t >= 0; t--) {
    for (let i = 0; i < width; i++) {
      const y_bar = scale * (sequence[(t + 1) * width + i]! - signals[2 * (t * width + i) + 1]!)
      extra_bar[width + i]! += y_bar * signals[2 * (t * width + i)]!
      extra_bar[2 * width + i]! += y_bar
      signal_bar[i] = y_bar * extra[width + i]!
    }
    for (let layer = layers - 1; layer >= 0; layer--) {
      const weight = 8 * width * layer
      const hidden = 2 * width * layer
      slot -= kept * width
      for (let i = 0; i < width; i++) {
        const at = weight + i
        const entry = slot + kept * i
        const x = tape[entry]!
        const h = tape[entry + 1]!
        const forget = tape[entry + 3]!
        const ingate = tape[entry + 4]!
        const outgate = tape[entry + 5]!
        const change = tape[entry + 6]!
        const squashed = tape[entry + 7]!
        const h_new_bar = signal_bar[i]! + state_bar[hidden + i]!
        const c_bar = state_bar[hidden + width + i]! + h_new_bar * outgate * (1 - squashed * squashed)
        const forget_bar = c_bar * tape[entry + 2]! * forget * (1 - forget)
        const ingate_bar = c_bar * change * ingate * (1 - ingate)
        const outgate_bar = h_new_bar * squashed * outgate * (1 - outgate)
        const change_bar = c_bar * ingate * (1 - change * change)
        main_bar[at]! += forget_bar * x
        main_bar[at + width]! += ingate_bar * h
        main_bar[at + 2 * width]! += outgate_bar * x
        main_bar[at + 3 * width]! += change_bar * h
        main_bar[at + 4 * width]! += forget_bar
        main_bar[at + 5 * width]! += ingate_bar
        main_bar[at + 6 * width]! += outgate_bar
        main_bar[at + 7 * width]! += change_bar
        state_bar[hidden + width + i] = c_bar * forget
        state_bar[hidden + i] = ingate_bar * main[at + width]! + change_bar * main[at + 3 * width]!
        signal_bar[i] = forget_bar * main[at]! + outgate_bar * main[at + 2 * width]!
      }
    }
    for (let i = 0; i < width; i++) extra_bar[i]! += signal_bar[i]! * sequence[t * width + i]!
  }
  return scale * total
}
