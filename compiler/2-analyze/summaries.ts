import type { FunctionNode, Program } from '../ir/nodes.ts'
import { findActivity } from './activity.ts'
import { findRegions, isStorage, RESULT, type Regions, type Summary, type SummaryOf } from './regions.ts'
import { findWrites } from './writes.ts'

/** What each function of a program does to the storage that it is given, to a fixed point over recursion. */
export function summarise(program: Program): ReadonlyMap<string, Summary> {
  const known = new Map<string, Summary>()
  const summaryOf = (callee: string): Summary => known.get(callee) ?? { meetings: [], written: [] }
  for (let changed = true; changed;) {
    changed = false
    for (const [key, fn] of program.functions) {
      const regions = findRegions(fn, summaryOf)
      const roots = fn.parameters.flatMap(({ name }, i) => {
        const { type } = fn.variables[name]!
        return isStorage(type) ? [{ root: String(i), name, type }] : []
      })
      const writes = findWrites(fn, regions, summaryOf)
      const written = fn.parameters.map(
        ({ name }) =>
          isStorage(fn.variables[name]!.type) &&
          [...regions.reachable(regions.ofVariable(name))].some((region) => writes.isWritten(region)),
      )
      const summary = {
        meetings: regions.meetings(isStorage(fn.result) ? [...roots, { root: RESULT, name: RESULT, type: fn.result }] : roots),
        written,
        ...(writes.leaves && { outside: true }),
        ...textsOf(fn, regions, summaryOf),
      }
      if (JSON.stringify(summary) === JSON.stringify(summaryOf(key))) continue
      known.set(key, summary)
      changed = true
    }
  }
  return known
}

/** Where all that it was given moves. */
function textsOf(fn: FunctionNode, regions: Regions, summaryOf: SummaryOf): Pick<Summary, 'texts'> {
  const independent = fn.parameters.map(({ name }) => name)
  const { texts } = findActivity(fn, regions, { independent, dependent: [] }, summaryOf)
  return texts.leave || texts.outside.length > 0 ? { texts } : {}
}
