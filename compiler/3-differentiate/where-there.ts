/** Statements that are only run where a value is there. */

import { operation, when } from '../ir/build.ts'
import { missingOf, testOf } from '../ir/missing.ts'
import type { Expression, Statement } from '../ir/nodes.ts'
import { typeOf } from '../ir/types.ts'
import type { Context } from './context.ts'

export function whereThere(value: Expression, statements: readonly Statement[], { scope }: Context): readonly Statement[] {
  const way = missingOf(typeOf(value, scope.variables))
  if (way === undefined || statements.length === 0) return statements
  return [when(operation('!', operation(testOf(way), value)), statements)]
}
