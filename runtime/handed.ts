import { notHanded } from './errors.ts'

/**
 * A function that asks for the derivative of a function it is given, `grad(f)` of a parameter, is handed that derivative by its caller: the compiler puts it
 * beside the function.
 */
const handed = new WeakMap<object, Map<string, unknown>>()

/** The function itself, with its derivatives beside it. */
export function withDerivatives<F extends object>(f: F, derivatives: Readonly<Record<string, unknown>>): F {
  const known = handed.get(f) ?? new Map<string, unknown>()
  handed.set(f, known)
  for (const [key, derivative] of Object.entries(derivatives)) known.set(key, derivative)
  return f
}

/**
 * The derivative that was handed over with a function. `_asked` is the request as it was written, which only says what type the derivative has.
 *
 * @throws CotangentError CT0007 where the caller was not compiled, or hands over a function that is not known when compiling.
 */
export function derivativeOf<D>(f: object, key: string, _asked: () => D): D {
  const derivative = handed.get(f)?.get(key)
  if (derivative === undefined) throw notHanded(key, (f as { readonly name?: string }).name)
  return derivative as D
}
