/**
 * A loop whose reverse sweep runs later: the values that the reversed body reads are put on tapes, one slot an iteration, or computed again.
 */

import { add, assign, declare, NUMBER, number, operation, subtract, variable } from '../ir/build.ts'
import type { Expression, Loop, Statement } from '../ir/nodes.ts'
import { mapBlocksOf, variablesIn } from '../ir/walk.ts'
import { assemble } from './assemble.ts'
import type { Context } from './context.ts'
import { hasBackward, type Apart, type Item, type Leaf, type LoopPlan, type LoopWay } from './plan.ts'
import { forwardOf, inForward, planBlock, type Surroundings } from './reverse-block.ts'
import { replayLoop } from './replay.ts'
import { chooseSources, type Sources } from './sources.ts'
import { makeTapes } from './tapes.ts'
import { lastOf, reversed, tripsOf } from './trips.ts'

export function reverseLoop(loop: Loop, after: readonly Statement[], context: Context, where: Surroundings, apart: Apart): readonly Item[] {
  const exiting = loop.exit === undefined ? undefined : context.scope.fresh('exiting', NUMBER, true)
  const plan = planBlock(loop.body, context, {
    joined: false,
    top: true,
    depth: where.depth + 1,
    early: where.early,
    visible: where.visible,
    ...(exiting !== undefined && { exiting }),
  })
  const plain = (body: readonly Statement[]): Statement => ({ ...(forwardOf(loop, context) as Loop), body })
  const nested = { setup: plan.items.flatMap(({ setup }) => setup), teardown: plan.items.flatMap(({ teardown }) => teardown) }

  const { counter } = loop
  const planOf = (sources: Sources, way: LoopWay, tapes: ReadonlyMap<string, string> = new Map()): LoopPlan => ({
    loop,
    way,
    apart,
    plan,
    sources,
    tapes,
    ...(counter && { trips: tripsOf(counter, context) }),
  })
  const replay = replayLoop(loop, plan, context, where.early)
  if (replay)
    return [
      {
        ...leaf(loop, [plain(replay.forward)], replay.backward, [], []),
        loop: planOf(replay.sources, { kind: 'replayed', carried: replay.carried }),
      },
    ]
  const sources = chooseSources(plan, false, context, where.early)
  const direct = counter !== undefined && loop.exit === undefined && isDirect(loop, where)
  const alone = where.depth === 0 && where.top
  const counting = new Counting(loop, context, { alone, tapes: sources.kept.size > 0, direct })
  const capacity =
    alone && counter && [...variablesIn(tripsOf(counter, context))].every((name) => where.visible.has(name))
      ? tripsOf(counter, context)
      : undefined
  const slots = capacity && inForward(direct ? add(capacity, counter.from) : capacity, context)
  const tapes = makeTapes([...sources.kept], counting, slots, context)
  const { forward, backward } = assemble(plan, sources, tapes, context)
  if (!plan.items.some(hasBackward)) return [{ ...leaf(loop, [plain(forward)], [], [], []), loop: planOf(sources, { kind: 'passive' }) }]

  const before = counting.before()
  const reserve = tapes.reserve(counter && !loop.exit && !capacity ? counting.after(tripsOf(counter, context)) : undefined)
  const body = [...(reserve.perIteration ? reserve.statements : []), ...atEnd(atBreaks(forward, counting.atBreak()), counting.atEnd())]
  const forwardLoop = [
    ...before,
    ...(reserve.perIteration ? [] : reserve.statements.map((statement) => forwardOf(statement, context))),
    plain(body),
  ]
  const exitCode = exiting === undefined ? [] : [declare(exiting, variable(snapshotOf(loop.exit!, after, context)))]
  const reset = exiting === undefined ? [] : [assign(variable(exiting), number(0))]
  const backwardLoop: Statement = {
    kind: 'loop',
    counter: counting.reversed(),
    body: [...counting.atReversedStart(), ...backward, ...reset],
    ...(loop.origin && { origin: loop.origin }),
  }
  const whole = leaf(
    loop,
    forwardLoop,
    [...exitCode, backwardLoop],
    [...nested.setup, ...counting.setup(), ...tapes.setup],
    [...nested.teardown, ...tapes.teardown],
  )
  return [
    { ...whole, loop: planOf(sources, wayOf(tapes.names, slots, reserve.perIteration), tapes.names) },
    ...counting.snapshots().map((snapshot) => leaf(snapshot, [snapshot], [], [], [])),
  ]
}

const leaf = (
  source: Statement,
  forward: readonly Statement[],
  backward: readonly Statement[],
  setup: readonly Statement[],
  teardown: readonly Statement[],
): Leaf => ({
  kind: 'leaf',
  source,
  forward,
  backward,
  setup,
  teardown,
})

function wayOf(tapes: ReadonlyMap<string, string>, slots: Expression | undefined, growsInside: boolean): LoopWay {
  if (tapes.size === 0) return { kind: 'untaped' }
  if (slots) return { kind: 'sized', slots }
  return { kind: growsInside ? 'growing' : 'reserved' }
}

/** Whether the counter itself can serve as the index of a tape. */
function isDirect({ counter }: Loop, where: Surroundings): boolean {
  return (
    counter?.step === 1 &&
    counter.from.kind === 'number' &&
    counter.from.value >= 0 &&
    counter.from.value <= 8 &&
    where.depth === 0 &&
    where.top
  )
}

/** The name that holds a variable's value right after the loop. */
function snapshotOf(name: string, after: readonly Statement[], context: Context): string {
  const snapshot = after.find((statement) => statement.kind === 'declare' && context.variableOf.get(statement.name) === name)
  return snapshot?.kind === 'declare' ? snapshot.name : name
}

function atBreaks(block: readonly Statement[], inserted: readonly Statement[]): readonly Statement[] {
  if (inserted.length === 0) return block
  return block.flatMap((statement, i) => {
    // The code of the exit is assigned directly before the break, but for its snapshot, and stays there.
    const next = block.slice(i + 1).find(({ kind }) => kind !== 'declare')
    if (statement.kind === 'assign' && next?.kind === 'break') return [...inserted, statement]
    return statement.kind === 'loop' ? [statement] : [mapBlocksOf(statement, (inner) => atBreaks(inner, inserted))]
  })
}

/** Nothing may run after a break: what ends an iteration stands where the iteration goes on. */
function atEnd(block: readonly Statement[], inserted: readonly Statement[]): readonly Statement[] {
  // Snapshots where branches meet do nothing, so that what follows them must not stand there either.
  const at = block.findLastIndex((statement) => statement.kind !== 'declare' || statement.value?.kind !== 'variable')
  const last = block[at]
  if (inserted.length === 0 || last?.kind === 'break' || last?.kind === 'throw') return block
  if (last?.kind !== 'if' || !(hasExit(last.then) || hasExit(last.else))) return [...block, ...inserted]
  return [...block.slice(0, at), { ...last, then: atEnd(last.then, inserted), else: atEnd(last.else, inserted) }, ...block.slice(at + 1)]
}

const hasExit = (block: readonly Statement[]): boolean =>
  block.some(({ kind }) => kind === 'break') ||
  block.some((statement) => statement.kind === 'if' && (hasExit(statement.then) || hasExit(statement.else)))

/** Numbers the iterations, so that the reverse sweep runs as many and finds each one's slots. */
export class Counting {
  readonly #loop: Loop
  readonly #context: Context
  /** Counts the iterations of this execution, where the counter's bounds don't tell. */
  readonly #trips: string | undefined
  /** The last value of the counter, where the loop may end early. */
  readonly #last: string | undefined
  /** The next slot, counted through all executions of the loop. */
  readonly #slot: string | undefined
  readonly #snapshots: readonly Statement[]

  constructor(loop: Loop, context: Context, options: { alone: boolean; tapes: boolean; direct: boolean }) {
    this.#loop = loop
    this.#context = context
    const { scope } = context
    this.#trips = loop.counter ? undefined : scope.fresh('trips', NUMBER, true)
    this.#last = loop.counter && loop.exit !== undefined ? scope.fresh(`${loop.counter.name}_last`, NUMBER, true) : undefined
    this.#slot = !options.tapes || options.direct || (options.alone && this.#trips) ? undefined : scope.fresh('slot', NUMBER, true)
    this.#snapshots = [this.#trips, this.#last].flatMap((name) => (name === undefined ? [] : [this.#snapshot(name)]))
  }

  /** The slot of the present iteration in the forward sweep. */
  index(): Expression {
    return variable(this.#slot ?? this.#trips ?? this.#loop.counter!.name)
  }

  reversedIndex(): Expression {
    return this.#slot === undefined && this.#trips !== undefined ? variable(this.#iteration()) : this.index()
  }

  /** The slot after `trips` more iterations. */
  after(trips: Expression): Expression | undefined {
    return this.#slot === undefined ? undefined : add(variable(this.#slot), trips)
  }

  setup(): readonly Statement[] {
    return this.#slot === undefined ? [] : [declare(this.#slot, number(0))]
  }

  before(): readonly Statement[] {
    if (this.#trips !== undefined) return [declare(this.#trips, number(0))]
    return this.#last === undefined ? [] : [declare(this.#last, inForward(lastOf(this.#loop.counter!, this.#context), this.#context))]
  }

  atBreak(): readonly Statement[] {
    return [...(this.#last === undefined ? [] : [assign(variable(this.#last), variable(this.#loop.counter!.name))]), ...this.atEnd()]
  }

  atEnd(): readonly Statement[] {
    return [this.#slot, this.#trips].flatMap((name) => (name === undefined ? [] : [assign(variable(name), add(variable(name), number(1)))]))
  }

  atReversedStart(): readonly Statement[] {
    return this.#slot === undefined ? [] : [assign(variable(this.#slot), subtract(variable(this.#slot), number(1)))]
  }

  reversed(): NonNullable<Loop['counter']> {
    const { counter } = this.#loop
    const kept = this.#snapshots[0]
    if (!counter)
      return {
        name: this.#iteration(),
        from: add(variable((kept as { name: string }).name), number(-1)),
        to: number(0),
        comparison: '>=',
        step: -1,
      }
    return reversed(counter, kept ? variable((kept as { name: string }).name) : lastOf(counter, this.#context))
  }

  snapshots(): readonly Statement[] {
    return this.#snapshots
  }

  #iterationName: string | undefined
  #iteration(): string {
    this.#iterationName ??= this.#context.scope.fresh('trip', NUMBER)
    return this.#iterationName
  }

  #snapshot(name: string): Statement {
    const snapshot = this.#context.scope.numbered(name, NUMBER)
    this.#context.variableOf.set(snapshot, name)
    return declare(snapshot, variable(name))
  }
}

/** The truth of a test kept as a number. */
export const asNumber = (test: Expression): Expression => operation('select', test, number(1), number(0))
