/** A pass, as the pipeline names it: whoever traces sees what it gave. */

import type { Activity, Ends } from './2-analyze/activity.ts'
import type { Regions } from './2-analyze/regions.ts'
import type { Writes } from './2-analyze/writes.ts'
import type { Restores } from './3-differentiate/attempt.ts'
import type { Context } from './3-differentiate/context.ts'
import type { FramePlan } from './3-differentiate/plan.ts'
import type { Surroundings } from './3-differentiate/prepare.ts'
import { Duals } from './3-differentiate/shadows.ts'
import type { MappedText } from './5-emit/lines.ts'
import type { FunctionNode } from './ir/nodes.ts'
import { visitStatements } from './ir/walk.ts'

/** Every pass, in the order in which the longest journey meets them. */
export const passNames = [
  'read',
  'inline-calls',
  'fuse-loops',
  'small-lists',
  'split-arrays',
  'scalar-records',
  'settle-defaults',
  'forward-copies',
  'thread-tests',
  'separate-names',
  'narrow-scopes',
  'grow-in-place',
  'name-outside',
  'name-returned',
  'name-stored',
  'grow-by-index',
  'check-finite',
  'analyze',
  'insert-shadows',
  'name-operands',
  'name-versions',
  'make-room',
  'insert-saves',
  'reverse',
  'tangent',
  'by-tangents',
  'guard',
  'inline-hooks',
  'unpool',
  'wrap',
  'propagate-copies',
  'sink-adjoints',
  'write-first',
  'drop-dead-assignments',
  'merge-updates',
  'substitute-once',
  'borrow-arrays',
  'assign-first',
  'reuse-loads',
  'remove-dead',
  'drop-repeated-comments',
  'print',
] as const
export type PassName = (typeof passNames)[number]

/** What a pass may find out besides the function that it gives. */
export interface Facts {
  readonly regions?: Regions
  readonly activity?: Activity
  /** What the activity was found between. */
  readonly ends?: Ends
  readonly writes?: Writes
  /** The shadows and adjoints of variables. */
  readonly bars?: Duals | ReadonlyMap<string, string>
  /** The statements that the reverse sweep undoes. */
  readonly restores?: Restores
  /** What each statement becomes in both sweeps, and where the values come from that the reverse sweep reads. */
  readonly plan?: FramePlan
  /** All that the reverse transformation knew. */
  readonly context?: Context
  readonly printed?: MappedText
  /** From the names of variables to those that they are printed as. */
  readonly names?: ReadonlyMap<string, string>
}

/** What a pass gives: one function, or the two halves of one. */
export type Given =
  FunctionNode | ({ readonly fn: FunctionNode } & Facts) | ({ readonly forward: FunctionNode; readonly backward: FunctionNode } & Facts)

export interface Step {
  readonly pass: PassName
  /** The key of what is being made: `src/loss.ts#loss|root grad:wrt=0`. */
  readonly subject: string
  readonly functions: readonly FunctionNode[]
  /** Names that a later pass declares. */
  readonly pending: ReadonlySet<string>
  readonly facts: Facts
}

export type Tracer = (step: Step) => void

/** What surrounds a function on its way, and who watches it. */
export interface Around extends Surroundings {
  readonly trace: (pass: PassName, given: Given) => void
}

/** Names what a pass gave. */
export function pass<G extends Given>(name: PassName, given: G, { trace }: Pick<Around, 'trace'>): G {
  trace(name, given)
  return given
}

/** Tells a tracer of each step of one subject. */
export function watch(subject: string, tracer: Tracer | undefined): Around['trace'] {
  if (!tracer) return () => undefined
  return (name, given) => {
    const functions = functionsOf(given).map(asItIs)
    const facts = 'parameters' in given ? {} : given
    tracer({ pass: name, subject, functions, pending: pendingOf(functions, facts), facts })
  }
}

/** The sweeps declare the shadows of parameters and of what calls give. */
function pendingOf(functions: readonly FunctionNode[], { bars }: Facts): ReadonlySet<string> {
  const shadows = bars instanceof Duals ? bars.entries() : bars
  const names = functions.flatMap(({ parameters }) => parameters.map(({ name }) => name))
  for (const { body } of functions)
    visitStatements(body, (statement) => {
      if (statement.kind === 'call' && statement.result !== undefined) names.push(statement.result)
    })
  return new Set(names.flatMap((name) => shadows?.get(name) ?? []))
}

function functionsOf(given: Given): readonly FunctionNode[] {
  if ('parameters' in given) return [given]
  return 'fn' in given ? [given.fn] : [given.forward, given.backward]
}

/** Later passes give names to the variables of the same scope. */
const asItIs = (fn: FunctionNode): FunctionNode => ({ ...fn, variables: { ...fn.variables } })
