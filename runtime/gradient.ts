/**
 * The shape of a gradient, from the type of the value it belongs to: the same structure with everything dropped that carries no derivative.
 * `never` when nothing is left.
 */
export type Gradient<T> = 0 extends 1 & T
  ? unknown
  : T extends number
    ? number
    : T extends Float64Array
      ? Float64Array
      : T extends Float32Array
        ? Float32Array
        : T extends ReadonlyMap<infer K, infer V>
          ? true extends Carries<V>
            ? Map<K, Within<V>>
            : never
          : Carries<T> extends true
            ? T extends readonly unknown[]
              ? number extends T['length']
                ? Within<T[number]>[]
                : TupleGradient<T>
              : RecordGradient<T>
            : never

/** A tangent has the shape of a gradient: the direction in which the value moves. */
export type Tangent<T> = Gradient<T>

/** Positions matter in a tuple, so an element without a derivative leaves `undefined` in its place. */
type TupleGradient<T extends readonly unknown[]> = {
  -readonly [K in keyof T]: true extends Carries<T[K]> ? Within<T[K]> : undefined
}

/** Fields without a derivative are dropped, methods among them. What is left is a plain, writable structure, also for a class. */
type RecordGradient<T> = { -readonly [K in keyof T as true extends Carries<T[K]> ? K : never]: Within<T[K]> }

/** What is missing in a value is missing in its gradient. */
export type Within<T> = Gradient<T> | Extract<T, null | undefined>

/**
 * Whether there are floating-point numbers in a value. Apart from `Gradient`, so that a recursive type, whose gradient is recursive too,
 * is not expanded for ever: after a few levels the answer is yes.
 */
type Carries<T, Levels extends readonly unknown[] = []> = T extends number | Float64Array | Float32Array
  ? true
  : T extends ReadonlyMap<unknown, infer V>
    ? Levels['length'] extends 4
      ? true
      : Carries<V, [...Levels, T]>
    : T extends Inert
      ? false
      : Levels['length'] extends 4
        ? true
        : T extends readonly unknown[]
          ? Some<Carries<T[number], [...Levels, T]>>
          : T extends object
            ? Some<{ [K in keyof T]-?: Carries<T[K], [...Levels, T]> }[keyof T]>
            : false

type Some<Answers> = true extends Answers ? true : false

/** Values that carry no derivative whatever they contain. Integer arrays are among the buffer views; the two others were matched before. */
type Inert =
  | string
  | boolean
  | bigint
  | symbol
  | null
  | undefined
  | ArrayBufferLike
  | ArrayBufferView
  | Date
  | RegExp
  | Error
  | Promise<unknown>
  | ReadonlySet<unknown>
  | ((...args: never[]) => unknown)
  | (abstract new (...args: never[]) => unknown)
