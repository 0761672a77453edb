/** What is known when compiling and has no place in the IR: functions, classes, operators. */

import type ts from '#typescript'
import type { RequestOptions } from '../options.ts'
import type { OperatorName } from '../result.ts'
import type { Environment } from './context.ts'

export interface FunctionValue {
  readonly kind: 'function'
  readonly declaration: ts.FunctionLikeDeclaration
  /** The scopes in which it was made; absent at the top level of a module. */
  readonly environment: Environment | undefined
}

export type StaticValue =
  | FunctionValue
  /** `Math.sin`, `Number.isNaN`, `Float64Array`, by its printed name. */
  | { readonly kind: 'builtin'; readonly name: string }
  /** `grad` and its kin themselves. */
  | { readonly kind: 'intrinsic'; readonly name: string }
  | DerivedValue
  /** `undefined` or a missing argument. */
  | { readonly kind: 'undefined' }

/** The result of `grad(f)`. */
export interface DerivedValue {
  readonly kind: 'derived'
  readonly operator: OperatorName
  readonly of: FunctionValue | DerivedValue
  readonly options: RequestOptions
}
