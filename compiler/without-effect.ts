import { isFlatIn } from './2-analyze/activity.ts'
import type { SummaryOf } from './2-analyze/regions.ts'
import type { FunctionNode } from './ir/nodes.ts'
import { variablesMentioned } from './ir/walk.ts'
import type { DerivativeRequest } from './pipeline.ts'

/** The arguments that a function uses, and on which its result depends all the same in no way that a derivative could show. */
export function withoutEffect(
  fn: FunctionNode,
  { wrt, hasAux }: Pick<DerivativeRequest, 'wrt' | 'hasAux'>,
  summaryOf: SummaryOf,
): readonly string[] {
  const used = variablesMentioned(fn.body)
  return wrt.flatMap((i) => {
    const { name } = fn.parameters[i]!
    return used.has(name) && isFlatIn(fn, name, hasAux, summaryOf) ? [name] : []
  })
}
