/** Why a value is kept between the sweeps, by what stood in the way of computing it again. */

import type { Obstacle } from '../3-differentiate/repeatable.ts'
import { describeExpression, quoted, variableBehind, type Names } from './describe.ts'
import type { Frame } from './frames.ts'

export function whyKept(
  name: string,
  { plan, loop }: Frame,
  { names, joined }: { readonly names: Names; readonly joined: boolean },
): string {
  const obstacle = plan.sources.obstacles.get(name)
  const reason = obstacle ? reasonOf(name, obstacle, names) : 'keeping it takes no more than keeping what it is computed from'
  if (loop) return reason
  return `${joined ? 'the branch that computes it has ended by then' : 'the reverse sweep is a function of its own'}, and ${reason}`
}

function reasonOf(name: string, obstacle: Obstacle, names: Names): string {
  switch (obstacle.kind) {
    case 'given':
      return 'it is an argument'
    case 'call':
      return 'it is what a call gave'
    case 'changes':
      return `${quoted(variableBehind(name, names))} takes several values`
    case 'creation':
      return 'it is storage of its own'
    case 'text':
      return 'it comes of code that runs once'
    case 'dear':
      return `${quoted(obstacle.operator)} costs more than a tape`
    case 'written':
      return `${quoted(describeExpression(obstacle.place, names))} may be overwritten by then`
  }
}
