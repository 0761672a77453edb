import type { Gradient } from './gradient.ts'

declare const refusal: unique symbol

/** A type that no value has. A wrong request is typed to need one, so that the message stands in the editor's error. */
export interface Refusal<Message extends string> {
  readonly [refusal]: Message
}

export interface Options {
  /** Which argument to differentiate with respect to, from 0, or a list of them. A literal. */
  readonly wrt?: number | readonly number[]
  /** The function returns `[result, aux]`, and only the result is differentiated. A literal. */
  readonly hasAux?: boolean
  /** Functions for the slots that `hook(x, 'name')` makes. A literal. */
  readonly hooks?: Readonly<Record<string, (gradient: never) => unknown>>
}

/** What `wrt` is when it is absent: the first argument. */
export type Wrt<O> = O extends { readonly wrt: infer W } ? W : 0

type HasAux<O> = O extends { readonly hasAux: infer H } ? H : false

/** The part of a function's result that is differentiated, and the part that is passed on. */
export type Differentiated<R, O> = HasAux<O> extends true ? (R extends readonly [infer Result, unknown] ? Result : R) : R
export type WithAux<R, O, Result> =
  HasAux<O> extends true ? (R extends readonly [unknown, infer Aux] ? Result & { aux: Aux } : Result) : Result

/** Whether the result of a request comes with aux, so that a bare gradient becomes an object. */
export type AuxOr<O, With, Without> = HasAux<O> extends true ? With : Without

/** Whether the function takes an argument at this position. A rest parameter takes all that follow. */
type HasArgument<A extends readonly unknown[], I> = I extends number
  ? `${I}` extends keyof A
    ? true
    : number extends A['length']
      ? `${I}` extends `-${string}` | `${string}.${string}`
        ? false
        : true
      : false
  : false

/** Optional arguments count as given. */
type GradientAt<A extends readonly unknown[], I> = HasArgument<A, I> extends true ? Gradient<Exclude<A[I & number], undefined>> : never

/** The gradient of a request: of one argument, or a tuple of them in the order of the list. */
export type GradientsOf<A extends readonly unknown[], O> =
  Wrt<O> extends readonly unknown[] ? GradientList<A, Wrt<O>> : GradientAt<A, Wrt<O>>

type GradientList<A extends readonly unknown[], W extends readonly unknown[]> = { -readonly [K in keyof W]: GradientAt<A, W[K]> }

/** `unknown` when every argument named by `wrt` exists and has a gradient, else what is wrong. Meets the function's type. */
export type ArgumentFence<A extends readonly unknown[], O> =
  Wrt<O> extends readonly unknown[] ? ArgumentRefusals<A, Wrt<O>[number]> : ArgumentRefusals<A, Wrt<O>>

type ArgumentRefusals<A extends readonly unknown[], I> = [I extends unknown ? ArgumentRefusal<A, I> : never] extends [infer Found]
  ? [Found] extends [never]
    ? unknown
    : Found
  : never

/** A position out of range is reported at `wrt`, when there is one to report it at. */
type ArgumentRefusal<A extends readonly unknown[], I> =
  HasArgument<A, I> extends false
    ? I extends 0
      ? Refusal<'The function has no argument to differentiate with respect to.'>
      : never
    : [GradientAt<A, I>] extends [never]
      ? Refusal<`Argument ${I & number} has no gradient: it holds no floating-point numbers. Name another argument with wrt.`>
      : never

/** `unknown` when the function's result can be differentiated by an operator that needs a scalar, else what is wrong. */
export type ScalarFence<R, O, Operator extends string> =
  HasAux<O> extends true
    ? R extends readonly [number, unknown]
      ? unknown
      : Refusal<'With hasAux the function must return [number, aux].'>
    : R extends number
      ? unknown
      : Refusal<`${Operator} needs a function that returns a number. Use vjp for other results, and hasAux for [number, aux].`>

/** The same for an operator that takes any result with a gradient. */
export type ResultFence<R, O> =
  HasAux<O> extends true
    ? R extends readonly [unknown, unknown]
      ? GradientFence<R[0]>
      : Refusal<'With hasAux the function must return [result, aux].'>
    : GradientFence<R>

type GradientFence<R> = [Gradient<R>] extends [never] ? Refusal<'The result of the function holds no floating-point numbers.'> : unknown

/** Meets the type of the options, field by field, so that an error stands at the field that is wrong. */
export type OptionFence<A extends readonly unknown[], O> = {
  readonly [K in keyof O]: K extends 'wrt'
    ? WrtFence<A, O[K]>
    : K extends 'hasAux'
      ? HasAuxFence<O[K]>
      : K extends 'hooks'
        ? unknown
        : Refusal<'There is no such option.'>
}

type WrtFence<A extends readonly unknown[], W> = W extends readonly unknown[]
  ? number extends W['length']
    ? Refusal<'wrt must be written as a literal where the operator is called.'>
    : W extends readonly []
      ? Refusal<'wrt is an empty list.'>
      : { readonly [K in keyof W]: PositionFence<A, W[K]> }
  : PositionFence<A, W>

type PositionFence<A extends readonly unknown[], I> = number extends I
  ? Refusal<'wrt must be written as a literal where the operator is called.'>
  : HasArgument<A, I> extends false
    ? Refusal<`The function has no argument ${I & number}. Arguments are counted from 0.`>
    : unknown

type HasAuxFence<H> = boolean extends H ? Refusal<'hasAux must be written as a literal where the operator is called.'> : unknown
