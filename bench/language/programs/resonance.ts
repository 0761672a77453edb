/** The response of a filter at many frequencies: complex numbers as a class with static makers, by Horner's rule. */

import { valueAndGrad } from 'cotangent'

class Complex {
  readonly re: number
  readonly im: number

  constructor(re: number, im: number) {
    this.re = re
    this.im = im
  }

  static polar(radius: number, angle: number): Complex {
    return new Complex(radius * Math.cos(angle), radius * Math.sin(angle))
  }

  plus(z: Complex): Complex {
    return new Complex(this.re + z.re, this.im + z.im)
  }

  times(z: Complex): Complex {
    return new Complex(this.re * z.re - this.im * z.im, this.re * z.im + this.im * z.re)
  }

  get squared(): number {
    return this.re * this.re + this.im * this.im
  }
}

function response(taps: Float64Array, frequencies: Float64Array): number {
  let worst = 0
  for (const frequency of frequencies) {
    const z = Complex.polar(1, frequency)
    let value = new Complex(0, 0)
    for (const tap of taps) value = value.times(z).plus(new Complex(tap, 0))
    worst += value.squared * value.squared
  }
  return worst
}

function responseByScalars(taps: Float64Array, frequencies: Float64Array): number {
  let worst = 0
  for (let k = 0; k < frequencies.length; k++) {
    const zRe = Math.cos(frequencies[k]!)
    const zIm = Math.sin(frequencies[k]!)
    let re = 0
    let im = 0
    for (let i = 0; i < taps.length; i++) {
      const nextRe = re * zRe - im * zIm + taps[i]!
      im = re * zIm + im * zRe
      re = nextRe
    }
    const squared = re * re + im * im
    worst += squared * squared
  }
  return worst
}

export function natural(out: Float64Array, taps: Float64Array, frequencies: Float64Array): number {
  return valueAndGrad(response).into(out, taps, frequencies)
}

export function scalar(out: Float64Array, taps: Float64Array, frequencies: Float64Array): number {
  return valueAndGrad(responseByScalars).into(out, taps, frequencies)
}
