/** The gradient of `integral.ts` as an expert writes it: one loop. */
export function energyGradient(out: Float64Array, wave: Float64Array, n: number): number {
  const amplitude = wave[0]!
  const frequency = wave[1]!
  const damping = wave[2]!
  const h = 2 / n
  let sum = 0
  let frequencyBar = 0
  let dampingBar = 0
  for (let i = 0; i <= n; i++) {
    const t = i * h
    const weight = i === 0 || i === n ? 1 : i % 2 === 1 ? 4 : 2
    const size = amplitude * Math.exp(-damping * t)
    const signal = size * Math.sin(frequency * t)
    const energy = weight * signal * signal
    sum += energy
    frequencyBar += t * weight * signal * size * Math.cos(frequency * t)
    dampingBar -= t * energy
  }
  const scale = (2 * h) / 3
  out[0] = (scale * sum) / amplitude
  out[1] = scale * frequencyBar
  out[2] = scale * dampingBar
  return (sum * h) / 3
}
