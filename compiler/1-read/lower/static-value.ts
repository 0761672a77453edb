/** What is known when compiling and has no place in the IR: functions, objects of functions, operators. */

import type ts from '#typescript'
import type { Expression, RecordType, Type, Variable } from '../../ir/nodes.ts'
import type { RawStatement } from '../exits/raw.ts'
import type { RequestOptions } from '../options.ts'
import type { OperatorName } from '../result.ts'
import type { Binding, Environment } from './context.ts'

export interface FunctionValue {
  readonly kind: 'function'
  readonly declaration: ts.FunctionLikeDeclaration
  /** The scopes in which it was made; absent at the top level of a module. */
  readonly environment: Environment | undefined
  /** What a method is called on. */
  readonly self?: Binding
  /** The class of that, where it was asked before. */
  readonly selfClass?: ts.ClassLikeDeclaration
  /** How it is differentiated, where that was said: `checkpoint(f)`, `customVjp(f, rule)`. */
  readonly wrapped?: Wrapped
}

/** `site` is the call of the wrapper. */
export type Wrapped =
  | { readonly by: 'checkpoint'; readonly site: ts.CallExpression }
  | { readonly by: 'customVjp'; readonly site: ts.CallExpression; readonly rule: FunctionValue }

export type StaticValue =
  | FunctionValue
  /** `Math.sin`, `Number.isNaN`, by its printed name. */
  | { readonly kind: 'builtin'; readonly name: string }
  | DerivedValue
  /** `undefined` or a missing argument. */
  | { readonly kind: 'undefined' }
  | ChoiceValue
  | ObjectValue
  | PullbackValue
  /** `pullback.release`: what was kept is part of the function here, so there is nothing to give back. */
  | { readonly kind: 'release' }
  | ConstructionValue
  | ListMethodValue
  | FunctionVariable
  /** A class, as `this` of its static members. */
  | { readonly kind: 'class'; readonly declaration: ts.ClassLikeDeclaration }

/** A variable that is given one of several functions. */
export interface FunctionVariable {
  readonly kind: 'variable'
  /** The number that says which it is, counted from 1. */
  readonly which: Variable
  /** Those that it was given so far. */
  readonly functions: StaticValue[]
}

/** `list.reduce`, of a list that holds functions. */
export interface ListMethodValue {
  readonly kind: 'listMethod'
  readonly list: ObjectValue
  readonly method: string
}

/** The result of `grad(f)`. */
export interface DerivedValue {
  readonly kind: 'derived'
  readonly operator: OperatorName
  readonly of: FunctionValue | DerivedValue
  readonly options: RequestOptions
}

/** The pullback that `vjp(f)(x)` gave: the backward half, with what the forward half kept at that place. */
export interface PullbackValue {
  readonly kind: 'pullback'
  /** The key of the backward half. */
  readonly backward: string
  readonly kept: Expression
  readonly gradient: Type
}

/** One of two, by a condition that was evaluated where the choice was made. */
export interface ChoiceValue {
  readonly kind: 'choice'
  readonly test: Expression
  readonly then: StaticValue
  readonly else: StaticValue
}

/** An object or array literal with functions in it: there is one such object, its members are followed by name, and it is never an IR value. */
export interface ObjectValue {
  readonly kind: 'object'
  readonly members: Map<string, Binding>
  /** The members are elements. */
  readonly isArray: boolean
  /** The list of statements in which it was made, where members may be added to it. */
  readonly home?: RawStatement[]
}

/** An instance while its constructor runs: its fields are variables, and the object is there when all of them are. */
export interface ConstructionValue {
  readonly kind: 'construction'
  readonly type: RecordType
  readonly fields: Map<string, ConstructedField>
  /** Those that are variables from the first, because they are assigned again. */
  readonly changing: ReadonlySet<string>
  /** The list of statements that the constructor's own are written to. */
  readonly home: RawStatement[]
}

export interface ConstructedField {
  readonly expression: Expression
  /** A variable of its own, which can be assigned. */
  readonly isOwn: boolean
}
