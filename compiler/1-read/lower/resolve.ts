/** The function that is to be differentiated: of the program, or derived from one. */

import type ts from '#typescript'
import type { Context } from './context.ts'
import { staticOf } from './static.ts'
import type { DerivedValue, FunctionValue } from './static-value.ts'

export function resolveFunction(c: Context, expression: ts.Expression): FunctionValue | DerivedValue | undefined {
  const value = staticOf(c, expression)
  return value?.kind === 'function' || value?.kind === 'derived' ? value : undefined
}
