/** An integral by Simpson's rule: a function that is given a function, which closes over what is differentiated. */

import { valueAndGrad } from 'cotangent'

function integrate(f: (t: number) => number, a: number, b: number, n: number): number {
  const h = (b - a) / n
  let sum = f(a) + f(b)
  for (let i = 1; i < n; i++) sum += (i % 2 === 1 ? 4 : 2) * f(a + i * h)
  return (sum * h) / 3
}

function energy(wave: Float64Array, n: number): number {
  const [amplitude, frequency, damping] = [wave[0]!, wave[1]!, wave[2]!]
  const signal = (t: number): number => amplitude * Math.exp(-damping * t) * Math.sin(frequency * t)
  return integrate((t) => signal(t) ** 2, 0, 2, n)
}

function energyByScalars(wave: Float64Array, n: number): number {
  const amplitude = wave[0]!
  const frequency = wave[1]!
  const damping = wave[2]!
  const h = 2 / n
  const first = amplitude * Math.exp(-damping * 0) * Math.sin(frequency * 0)
  const last = amplitude * Math.exp(-damping * 2) * Math.sin(frequency * 2)
  let sum = first ** 2 + last ** 2
  for (let i = 1; i < n; i++) {
    const t = i * h
    const signal = amplitude * Math.exp(-damping * t) * Math.sin(frequency * t)
    sum += (i % 2 === 1 ? 4 : 2) * signal ** 2
  }
  return (sum * h) / 3
}

export function natural(out: Float64Array, wave: Float64Array, n: number): number {
  return valueAndGrad(energy).into(out, wave, n)
}

export function scalar(out: Float64Array, wave: Float64Array, n: number): number {
  return valueAndGrad(energyByScalars).into(out, wave, n)
}
