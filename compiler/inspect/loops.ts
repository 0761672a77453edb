/** How each loop is reversed, and why not on the spot. */

import type { Apart, FramePlan, LoopPlan } from '../3-differentiate/plan.ts'
import { formula } from './bytes.ts'
import { describeExpression, quoted, variableBehind, type Names } from './describe.ts'
import { framesOf } from './frames.ts'
import type { LoopReport } from './inspection.ts'

export function loopsOf(plan: FramePlan, names: Names): readonly LoopReport[] {
  return framesOf(plan).flatMap(({ loop }) => {
    if (!loop) return []
    const { origin } = loop.loop
    return [
      {
        file: origin?.file ?? '',
        line: origin?.line ?? 0,
        kind: loop.way.kind,
        trips: loop.trips ? formula(loop.trips, names) : null,
        tapes: [...loop.tapes.values()].map(names.shown),
        carried: loop.way.kind === 'replayed' ? loop.way.carried.map(names.shown) : [],
        why: loop.apart ? whyApart(loop.apart, loop, names) : null,
      },
    ]
  })
}

function whyApart(apart: Apart, { loop }: LoopPlan, names: Names): string {
  switch (apart.kind) {
    case 'frame':
      return 'what surrounds it is reversed later'
    case 'second':
      return 'a loop after it is reversed on the spot, and would have to be reversed before it'
    case 'exit':
      return 'it may end early'
    case 'throw':
      return 'it may throw'
    case 'hook':
      return 'hooks run last iteration first, after all that the function does'
    case 'carried':
      return `each iteration hands ${quoted(variableBehind(apart.name, names))} on to the next`
    case 'writes':
      return `${writtenBy(apart.statement, names)} lives on after it`
    case 'read-later':
      return 'what follows it would have to be reversed before it, and reads what it computes'
    case 'passive':
      return loop.body.length === 0 ? 'it is empty' : 'nothing in it has a derivative'
  }
}

function writtenBy(statement: Extract<Apart, { kind: 'writes' }>['statement'], names: Names): string {
  const line = statement.origin ? ` at line ${String(statement.origin.line)}` : ''
  if (statement.kind === 'assign') return `${quoted(describeExpression(statement.target, names))}, which it writes${line},`
  if (statement.kind === 'fill' || statement.kind === 'push' || statement.kind === 'truncate')
    return `${quoted(describeExpression(statement.array, names))}, which it writes${line},`
  if (statement.kind === 'copyInto') return `${quoted(describeExpression(statement.target, names))}, which it writes${line},`
  return `what it writes${line}`
}
