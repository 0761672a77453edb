/** Concentrations of a chain of reactions: rate laws that a function makes, and a step that is put together of functions. */

import { valueAndGrad } from 'cotangent'

type Law = (concentration: number) => number

const saturating =
  (speed: number, half: number): Law =>
  (c) =>
    (speed * c) / (half + c)

const linear =
  (rate: number): Law =>
  (c) =>
    rate * c

function simulate(first: Law, second: Law, steps: number): { a: number; b: number; c: number } {
  const mix = { a: 1, b: 0, c: 0 }
  for (let i = 0; i < steps; i++) {
    const flow = { ab: 0.02 * first(mix.a), bc: 0.02 * second(mix.b) }
    mix.a -= flow.ab
    mix.b += flow.ab - flow.bc
    mix.c += flow.bc
  }
  return mix
}

function yieldError(rates: Float64Array, steps: number): number {
  const { b, c } = simulate(saturating(rates[0]!, rates[1]!), linear(rates[2]!), steps)
  return (b - 0.3) ** 2 + (c - 0.5) ** 2
}

function yieldErrorByScalars(rates: Float64Array, steps: number): number {
  let a = 1
  let b = 0
  let c = 0
  for (let i = 0; i < steps; i++) {
    const ab = 0.02 * ((rates[0]! * a) / (rates[1]! + a))
    const bc = 0.02 * (rates[2]! * b)
    a -= ab
    b += ab - bc
    c += bc
  }
  return (b - 0.3) ** 2 + (c - 0.5) ** 2
}

export function natural(out: Float64Array, rates: Float64Array, steps: number): number {
  return valueAndGrad(yieldError).into(out, rates, steps)
}

export function scalar(out: Float64Array, rates: Float64Array, steps: number): number {
  return valueAndGrad(yieldErrorByScalars).into(out, rates, steps)
}
