/** Ready hooks, for `hook(x, clamp(-1, 1))` and for slots. Each takes the gradient of a number, an array or an object of these. */

/** Keeps the shape of the gradient; `undefined` keeps the gradient itself. */
export type Hook = <G>(gradient: G) => G | undefined

/** Limits every element to the interval from `low` to `high`. */
export function clamp(low: number, high: number): Hook {
  if (!(low <= high)) throw new RangeError(`clamp(${String(low)}, ${String(high)}): the lower bound is above the upper one.`)
  return elementwise((g) => Math.min(Math.max(g, low), high))
}

/** Scales the gradient down to the Euclidean norm `most` where it is longer. Its direction is kept. */
export function clipNorm(most: number): Hook {
  if (!(most >= 0)) throw new RangeError(`clipNorm(${String(most)}): a norm is not negative.`)
  return <G>(gradient: G): G | undefined => {
    let scale = 0
    let squares = 1
    // As LAPACK's dnrm2 does it, so that neither large nor small elements are lost.
    visit(gradient, (g) => {
      const size = Math.abs(g)
      if (size === 0) return
      if (scale < size) {
        squares = 1 + squares * (scale / size) ** 2
        scale = size
      } else squares += (size / scale) ** 2
    })
    const norm = scale * Math.sqrt(squares)
    return norm > most ? map(gradient, (g) => g * (most / norm)) : undefined
  }
}

/** Multiplies the gradient. */
export function scale(factor: number): Hook {
  return elementwise((g) => g * factor)
}

/** Turns the gradient around (domain-adversarial training; Ganin and Lempitsky 2015), scaled by `factor`. */
export function reverse(factor = 1): Hook {
  return elementwise((g) => -factor * g)
}

/** Passes the gradient to `write`, by default to the console, and keeps it. */
export function log(name = 'gradient', write: (...line: unknown[]) => void = (...line) => console.log(...line)): Hook {
  return <G>(gradient: G): undefined => {
    write(name, typeof gradient === 'number' ? gradient : structuredClone(gradient))
  }
}

/** Throws where the gradient has an element that is not a number or infinite; keeps it otherwise. */
export function checkFinite(name = 'a value'): Hook {
  return <G>(gradient: G): undefined => {
    visit(gradient, (g, path) => {
      if (!Number.isFinite(g)) throw new RangeError(`The gradient of ${name} is ${String(g)}${path === '' ? '' : ` at ${path}`}.`)
    })
  }
}

function elementwise(f: (g: number) => number): Hook {
  return (gradient) => map(gradient, f)
}

function map<G>(gradient: G, f: (g: number) => number): G {
  const mapped = (value: unknown): unknown => {
    if (typeof value === 'number') return f(value)
    if (value instanceof Float64Array || value instanceof Float32Array) return value.map(f)
    if (Array.isArray(value)) return value.map(mapped)
    if (typeof value === 'object' && value !== null)
      return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, mapped(part)]))
    return value
  }
  return mapped(gradient) as G
}

function visit(value: unknown, f: (g: number, path: string) => void, path = ''): void {
  if (typeof value === 'number') f(value, path)
  else if (value instanceof Float64Array || value instanceof Float32Array) value.forEach((g, i) => f(g, `${path}[${String(i)}]`))
  else if (Array.isArray(value)) value.forEach((part, i) => visit(part, f, `${path}[${String(i)}]`))
  else if (typeof value === 'object' && value !== null) for (const [name, part] of Object.entries(value)) visit(part, f, `${path}.${name}`)
}
