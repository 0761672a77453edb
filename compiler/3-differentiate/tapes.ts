/** Tapes of a loop: one array for each kept value, one slot for each iteration. */

import { add, assign, declare, element, FLOAT64, number, operation, variable } from '../ir/build.ts'
import type { Expression, Statement, Type } from '../ir/nodes.ts'
import type { Keeping } from './assemble.ts'
import type { Context } from './context.ts'
import { inForward } from './reverse-block.ts'
import { asNumber, type Counting } from './reverse-loop.ts'

export interface Tapes extends Keeping {
  /** The tape of each kept value. */
  readonly names: ReadonlyMap<string, string>
  readonly setup: readonly Statement[]
  readonly teardown: readonly Statement[]
  /** What makes room: before the loop when the slot after its last iteration is known, else in each iteration. */
  reserve(end: Expression | undefined): { statements: readonly Statement[]; perIteration: boolean }
}

/** Room that a tape of unknown length starts with. */
const INITIAL = 64

export function makeTapes(names: readonly string[], counting: Counting, capacity: Expression | undefined, context: Context): Tapes {
  const { scope } = context
  const tapeOf = new Map(names.map((name) => [name, makeTape(name, capacity !== undefined, context)]))
  const numeric = [...tapeOf].flatMap(([name, tape]) => (isNumeric(scope.typeOf(name)) ? [tape] : []))
  return {
    names: tapeOf,
    isHoisted: () => false,
    setup: [...tapeOf].map(([name, tape]) => {
      const type = scope.typeOf(tape)
      if (type.kind !== 'array') throw new Error('a tape is an array')
      return declare(
        tape,
        isNumeric(scope.typeOf(name))
          ? { kind: 'zeros', type, length: capacity ?? number(INITIAL), pooled: true }
          : { kind: 'list', type, elements: [] },
      )
    }),
    teardown: numeric.map((tape) => ({ kind: 'release', tape })),
    reserve: (end) => ({
      statements:
        capacity === undefined
          ? numeric.map((tape) => ({ kind: 'reserve', tape, length: end ?? add(counting.index(), number(1)), pooled: true }))
          : [],
      perIteration: end === undefined,
    }),
    save: (name) => [
      assign(element(variable(tapeOf.get(name)!), counting.index()), encoded(inForward(variable(name), context), scope.typeOf(name))),
    ],
    load: (name) => [declare(name, decoded(element(variable(tapeOf.get(name)!), counting.reversedIndex()), scope.typeOf(name)))],
  }
}

/** A tape of doubles could not tell a missing number from one that is not a number. */
const isNumeric = (type: Type): boolean => (type.kind === 'number' && type.missing === undefined) || type.kind === 'boolean'

function makeTape(name: string, sized: boolean, context: Context): string {
  const type = context.scope.typeOf(name)
  const base = context.variableOf.get(name) ?? name
  const tape = context.scope.fresh(
    `${base}_tape`,
    isNumeric(type) ? FLOAT64 : { kind: 'array', storage: 'Array', element: type },
    isNumeric(type) && !sized,
  )
  // What is on the tape is what the variable refers to: whoever copies or writes the one must know of the other.
  if (!isNumeric(type)) context.regions.unify(element(variable(tape), number(0)), variable(name))
  return tape
}

const encoded = (value: Expression, type: Type): Expression => (type.kind === 'boolean' ? asNumber(value) : value)
const decoded = (slot: Expression, type: Type): Expression => (type.kind === 'boolean' ? operation('===', slot, number(1)) : slot)
