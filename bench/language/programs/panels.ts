/** The drag of panels of two kinds: an object of one of two subclasses, made in each iteration. */

import { valueAndGrad } from 'cotangent'

abstract class Panel {
  abstract force(speed: number): number
}

class Flat extends Panel {
  readonly area: number

  constructor(area: number) {
    super()
    this.area = area
  }

  force(speed: number): number {
    return 0.6 * this.area * speed * speed
  }
}

class Round extends Panel {
  readonly radius: number
  readonly roughness: number

  constructor(radius: number, roughness: number) {
    super()
    this.radius = radius
    this.roughness = roughness
  }

  force(speed: number): number {
    return 0.24 * Math.PI * this.radius * this.radius * speed * speed + this.roughness * speed
  }
}

function drag(design: Float64Array, widths: Float64Array): number {
  const speed = design[0]!
  let sum = 0
  for (const width of widths) {
    const panel: Panel = width > 1 ? new Flat(design[1]! * width) : new Round(width, design[2]!)
    sum += panel.force(speed)
  }
  return sum
}

function dragByScalars(design: Float64Array, widths: Float64Array): number {
  const speed = design[0]!
  let sum = 0
  for (let i = 0; i < widths.length; i++) {
    const width = widths[i]!
    if (width > 1) sum += 0.6 * (design[1]! * width) * speed * speed
    else sum += 0.24 * Math.PI * width * width * speed * speed + design[2]! * speed
  }
  return sum
}

export function natural(out: Float64Array, design: Float64Array, widths: Float64Array): number {
  return valueAndGrad(drag).into(out, design, widths)
}

export function scalar(out: Float64Array, design: Float64Array, widths: Float64Array): number {
  return valueAndGrad(dragByScalars).into(out, design, widths)
}
