import { uncompiled } from './errors.ts'
import type { Gradient, Tangent } from './gradient.ts'
import type {
  ArgumentFence,
  AuxOr,
  Differentiated,
  GradientsOf,
  OptionFence,
  Options,
  Refusal,
  ResultFence,
  ScalarFence,
  WithAux,
  Wrt,
} from './refusal.ts'

/**
 * The operators are requests to the compiler, recognised by symbol and replaced by emitted code. They do nothing themselves: reached
 * uncompiled, each throws an error that says how to set the compiler up.
 */

/** Any result, in a form that lets `[loss, aux]` be inferred as a tuple. */
type Result = object | [] | string | number | boolean | bigint | symbol | null | undefined

type None = Record<never, never>

/** What `.into` writes to. Numbers can be written into the slots of a list, but there is nowhere to put a single one. */
export type Out<G, O> =
  Wrt<O> extends readonly unknown[]
    ? G
    : G extends number
      ? Refusal<'A gradient that is one number has no buffer to be written into. Call the function itself, or give wrt as a list.'>
      : G

export interface GradFunction<A extends readonly unknown[], R, O> {
  (...args: A): AuxOr<O, WithAux<R, O, { grad: GradientsOf<A, O> }>, GradientsOf<A, O>>
  /** Writes the gradient into the caller's buffers, which have its shape. Allocates nothing once its tapes have grown. */
  into(out: Out<GradientsOf<A, O>, O>, ...args: A): AuxOr<O, WithAux<R, O, None>, void>
}

export interface ValueAndGradFunction<A extends readonly unknown[], R, O> {
  (...args: A): WithAux<R, O, { value: number; grad: GradientsOf<A, O> }>
  /** Writes the gradient into the caller's buffers, which have its shape, and gives the value. Allocates nothing once its tapes have grown. */
  into(out: Out<GradientsOf<A, O>, O>, ...args: A): AuxOr<O, WithAux<R, O, { value: number }>, number>
}

/** Takes a cotangent of the result to the gradient. Can be called any number of times, until it is released. */
export interface Pullback<Cotangent, G> {
  (cotangent: Cotangent): G
  /** Gives the memory of the saved values back. Calling the pullback afterwards throws. */
  release(): void
}

export type VjpFunction<A extends readonly unknown[], R, O> = (
  ...args: A
) => WithAux<R, O, { value: Differentiated<R, O>; pullback: Pullback<Gradient<Differentiated<R, O>>, GradientsOf<A, O>> }>

/** `undefined` stands for an argument that does not move. */
export type Tangents<A extends readonly unknown[]> = { readonly [K in keyof A]: Tangent<Exclude<A[K], undefined>> | undefined }

export type JvpFunction<A extends readonly unknown[], R> = (
  primals: Readonly<A>,
  tangents: Tangents<A>,
) => { value: R; tangent: Tangent<R> }

/** The gradient of a function that returns a number. */
export function grad<A extends readonly unknown[], R extends Result, const O extends Options = None>(
  _f: ((...args: A) => R) & ScalarFence<R, O, 'grad'> & ArgumentFence<A, O>,
  _options?: O & OptionFence<A, O>,
): GradFunction<A, R, O> {
  throw uncompiled('grad')
}

/** The value and the gradient of a function that returns a number. */
export function valueAndGrad<A extends readonly unknown[], R extends Result, const O extends Options = None>(
  _f: ((...args: A) => R) & ScalarFence<R, O, 'valueAndGrad'> & ArgumentFence<A, O>,
  _options?: O & OptionFence<A, O>,
): ValueAndGradFunction<A, R, O> {
  throw uncompiled('valueAndGrad')
}

/** The value of a function and its pullback, which takes a cotangent of the result to the gradient. */
export function vjp<A extends readonly unknown[], R extends Result, const O extends Options = None>(
  _f: ((...args: A) => R) & ResultFence<R, O> & ArgumentFence<A, O>,
  _options?: O & OptionFence<A, O>,
): VjpFunction<A, R, O> {
  throw uncompiled('vjp')
}

/** The value of a function and its derivative in the direction of the tangents of its arguments. */
export function jvp<A extends readonly unknown[], R extends Result>(_f: ((...args: A) => R) & ResultFence<R, None>): JvpFunction<A, R> {
  throw uncompiled('jvp')
}

/** The argument that a second derivative is taken with respect to: the first, or the one of `wrt`. */
type Argument<A extends readonly unknown[], O> = Exclude<A[Wrt<O> & keyof A & number], undefined>

export type HvpFunction<A extends readonly unknown[]> = A extends readonly [infer X, ...infer Rest]
  ? (x: X, v: Tangent<X>, ...rest: Rest) => Gradient<X>
  : never

export type HessianFunction<A extends readonly unknown[], O> = (...args: A) => Argument<A, O> extends number ? number : Float64Array[]

export interface JacobianOptions {
  /** Which argument to differentiate with respect to, from 0. A literal. */
  readonly wrt?: number
  /** By columns (`forward`) or by rows (`reverse`); by the shape if absent. A literal. */
  readonly mode?: 'forward' | 'reverse'
}

/** Rows for a function from array to array; a number or one array where either side is a number. */
export type JacobianFunction<A extends readonly unknown[], R, O> = (
  ...args: A
) => Argument<A, O> extends number ? (R extends number ? number : Float64Array) : R extends number ? Float64Array : Float64Array[]

/** The product of the Hessian of a function that returns a number with a vector, as a function of the first argument and the vector. */
export function hvp<A extends readonly unknown[], R extends Result>(
  _f: ((...args: A) => R) & ScalarFence<R, None, 'hvp'> & ArgumentFence<A, None>,
): HvpFunction<A> {
  throw uncompiled('hvp')
}

/** The matrix of second derivatives of a function that returns a number: n rows of n, or a number for a function of one. */
export function hessian<A extends readonly unknown[], R extends Result, const O extends { readonly wrt?: number } = None>(
  _f: ((...args: A) => R) & ScalarFence<R, O, 'hessian'> & ArgumentFence<A, O>,
  _options?: O,
): HessianFunction<A, O> {
  throw uncompiled('hessian')
}

/** The matrix of first derivatives: a row of n for each of the m elements of the result. */
export function jacobian<A extends readonly unknown[], R extends Result, const O extends JacobianOptions = None>(
  _f: ((...args: A) => R) & ResultFence<R, O> & ArgumentFence<A, O>,
  _options?: O,
): JacobianFunction<A, R, O> {
  throw uncompiled('jacobian')
}

/** `f`, whose intermediates are not kept for the reverse sweep: it is run again there. It must give the same when it is. */
export function checkpoint<A extends readonly unknown[], R>(_f: (...args: A) => R): (...args: A) => R {
  throw uncompiled('checkpoint')
}

/** What the rule of `customVjp` gives: the value of the function, and what takes a cotangent of it to the gradients. */
export interface CustomVjp<A extends readonly unknown[], R> {
  readonly value: R
  /** The gradient of the only argument or of the first; as a list, those of all arguments, `undefined` where there is none. */
  readonly pullback: (cotangent: Gradient<R>) => Gradient<Exclude<A[0], undefined>> | GradientsOfAll<A> | readonly unknown[]
}

type GradientsOfAll<A extends readonly unknown[]> = { readonly [K in keyof A]: Gradient<Exclude<A[K], undefined>> | undefined }

/** `f`, which is differentiated by the reverse rule alone. The rule is ordinary code, and is differentiated in turn at higher orders. */
export function customVjp<A extends readonly unknown[], R>(
  _f: (...args: A) => R,
  _rule: (...args: A) => CustomVjp<A, R>,
): (...args: A) => R {
  throw uncompiled('customVjp')
}

/** `x`, as a constant: no derivative flows through it. */
export function stopGradient<T>(_x: T): T {
  throw uncompiled('stopGradient')
}

/**
 * Calls `fn`, in the reverse sweep, with the gradient of the value that the variable `x` has here, when that is complete. What it gives replaces the
 * gradient; nothing keeps it. A name makes a slot, which a request binds by `hooks`.
 */
export function hook<T>(_x: T, _fn: ((gradient: Gradient<T>) => Gradient<T> | undefined | void) | string): void {
  throw uncompiled('hook')
}

/** A region without gradients: its value is a constant, whatever it calls, and no adjoint code is made for it. */
export function noGrad<T>(_region: () => T): T {
  throw uncompiled('noGrad')
}

/** Within `noGrad`, a region with gradients again, with respect to what was active outside of both. */
export function enableGrad<T>(_region: () => T): T {
  throw uncompiled('enableGrad')
}

/** A region with gradients if the flag is true, else without. The flag may be known at run time only. */
export function setGradEnabled<T>(_enabled: boolean, _region: () => T): T {
  throw uncompiled('setGradEnabled')
}
