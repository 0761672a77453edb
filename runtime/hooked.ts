import { wrongHook } from './errors.ts'

/** What a hook makes of the gradient of a number; nothing keeps it. */
export function hooked(hook: (gradient: number) => unknown, gradient: number, where: string): number {
  const given = hook(gradient)
  if (given === undefined) return gradient
  if (typeof given !== 'number') throw wrongHook(where, 'a number', describe(given))
  return given
}

/** The same for storage, whose gradient is replaced in place. Everything is checked before anything is written. */
export function hookedInto(hook: (gradient: never) => unknown, gradient: object, where: string): void {
  const given = hook(gradient as never)
  if (given === undefined || given === gradient) return
  check(gradient, given, where)
  replace(gradient, given)
}

/** Shows a gradient to a hook that gives nothing. */
export function observed<G>(hook: (gradient: G) => unknown, gradient: G, where: string): void {
  const given = hook(gradient)
  if (given !== undefined) throw wrongHook(where, 'only looked at', describe(given))
}

function check(gradient: unknown, given: unknown, where: string): void {
  const differs = (): never => {
    throw wrongHook(where, describe(gradient), describe(given))
  }
  if (typeof gradient === 'number') {
    if (typeof given !== 'number') differs()
  } else if (isList(gradient)) {
    if (!isList(given) || given.length !== gradient.length || given.constructor !== gradient.constructor) differs()
    if (Array.isArray(gradient)) gradient.forEach((part, i) => check(part, (given as readonly unknown[])[i], where))
  } else if (typeof gradient === 'object' && gradient !== null) {
    if (typeof given !== 'object' || given === null) differs()
    for (const [name, part] of Object.entries(gradient)) check(part, (given as Record<string, unknown>)[name], where)
  }
}

type List = Float64Array | Float32Array | unknown[]
const isList = (value: unknown): value is List => Array.isArray(value) || value instanceof Float64Array || value instanceof Float32Array

function replace(gradient: object, given: unknown): void {
  const [to, from] = [gradient as Record<string | number, unknown>, given as Record<string | number, unknown>]
  const keys = isList(gradient) ? gradient.keys() : Object.keys(gradient)
  for (const key of keys) {
    const part = to[key]
    if (typeof part === 'object' && part !== null) replace(part, from[key])
    else to[key] = from[key]
  }
}

function describe(value: unknown): string {
  if (isList(value)) return `${Array.isArray(value) ? 'an array' : `a ${value.constructor.name}`} of length ${String(value.length)}`
  if (typeof value === 'object') return value === null ? 'null' : 'an object'
  return `a ${typeof value}`
}
