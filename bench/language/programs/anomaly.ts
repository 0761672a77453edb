/** Kepler's equation by Newton's method, for many times: a solver that is given the function and its derivative. */

import { valueAndGrad } from 'cotangent'

function newton(f: (x: number) => number, slope: (x: number) => number, start: number): number {
  let x = start
  for (let i = 0; i < 8; i++) {
    const next = x - f(x) / slope(x)
    if (Math.abs(next - x) < 1e-12) return next
    x = next
  }
  return x
}

function distances(orbit: Float64Array, times: Float64Array): number {
  const [axis, eccentricity, motion] = [orbit[0]!, orbit[1]!, orbit[2]!]
  let sum = 0
  for (const time of times) {
    const mean = motion * time
    const anomaly = newton(
      (x) => x - eccentricity * Math.sin(x) - mean,
      (x) => 1 - eccentricity * Math.cos(x),
      mean,
    )
    sum += axis * (1 - eccentricity * Math.cos(anomaly))
  }
  return sum
}

function distancesByScalars(orbit: Float64Array, times: Float64Array): number {
  const axis = orbit[0]!
  const eccentricity = orbit[1]!
  const motion = orbit[2]!
  let sum = 0
  for (let k = 0; k < times.length; k++) {
    const mean = motion * times[k]!
    let x = mean
    for (let i = 0; i < 8; i++) {
      const next = x - (x - eccentricity * Math.sin(x) - mean) / (1 - eccentricity * Math.cos(x))
      const change = Math.abs(next - x)
      x = next
      if (change < 1e-12) break
    }
    sum += axis * (1 - eccentricity * Math.cos(x))
  }
  return sum
}

export function natural(out: Float64Array, orbit: Float64Array, times: Float64Array): number {
  return valueAndGrad(distances).into(out, orbit, times)
}

export function scalar(out: Float64Array, orbit: Float64Array, times: Float64Array): number {
  return valueAndGrad(distancesByScalars).into(out, orbit, times)
}
