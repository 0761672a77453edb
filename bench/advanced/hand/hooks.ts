/** The gradients of `programs/hooks.ts` with a hook, as an expert writes them: the loop without a hook, and what the hook does. */

const tape = new Float64Array(1000)

/** The literal arrow's multiplication in the loop. */
export function scaledByHand(out: Float64Array, x: Float64Array, steps: number): number {
  let position = x[0]!
  let speed = x[1]!
  for (let i = 0; i < steps; i++) {
    tape[i] = position
    speed -= 0.01 * position * Math.abs(position)
    position += 0.01 * speed
  }
  let position_bar = 2 * position
  let speed_bar = 1
  for (let i = steps - 1; i >= 0; i--) {
    const position = tape[i]!
    const abs = Math.abs(position)
    speed_bar += 0.01 * position_bar
    speed_bar = 0.999 * speed_bar
    const abs_bar = -0.01 * position * speed_bar
    position_bar += abs_bar * Math.sign(position) - 0.01 * abs * speed_bar
  }
  out[0] = position_bar
  out[1] = speed_bar
  return position * position + speed
}

/** A call of the observer in the loop. */
export function observedByHand(observe: (gradient: number) => void): (out: Float64Array, x: Float64Array, steps: number) => number {
  return (out, x, steps) => {
    let position = x[0]!
    let speed = x[1]!
    for (let i = 0; i < steps; i++) {
      tape[i] = position
      speed -= 0.01 * position * Math.abs(position)
      position += 0.01 * speed
    }
    let position_bar = 2 * position
    let speed_bar = 1
    for (let i = steps - 1; i >= 0; i--) {
      const position = tape[i]!
      const abs = Math.abs(position)
      speed_bar += 0.01 * position_bar
      observe(speed_bar)
      const abs_bar = -0.01 * position * speed_bar
      position_bar += abs_bar * Math.sign(position) - 0.01 * abs * speed_bar
    }
    out[0] = position_bar
    out[1] = speed_bar
    return position * position + speed
  }
}
