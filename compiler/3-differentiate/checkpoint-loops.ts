/**
 * Loops that are annotated with `@checkpoint`: some of their iterations become a function that is run again in the reverse sweep, so that what is kept of the
 * loop is the state before them. What the iterations assign is given and given back, what they write in place stays where it is.
 *
 * Needs: unique names. Promises: the same values in the same order.
 */

import { findRegions, type Regions, type SummaryOf } from '../2-analyze/regions.ts'
import { findWrites } from '../2-analyze/writes.ts'
import { boundIn } from '../ir/bound.ts'
import { assign, call, countUp, declare, field, NUMBER, number, operation, variable } from '../ir/build.ts'
import { missingOf } from '../ir/missing.ts'
import type { Checkpoint, Counter, Expression, Field, FunctionNode, Loop, RecordType, Statement, Type } from '../ir/nodes.ts'
import { Scope } from '../ir/scope.ts'
import { isStorage } from '../ir/shadow-type.ts'
import {
  expressionsOf,
  mapBlocksOf,
  mapExpression,
  mapExpressionsOf,
  someStatement,
  variablesAssigned,
  variablesMentioned,
  visitStatements,
} from '../ir/walk.ts'
import { rootOfPlace } from '../ir/outside.ts'
import { integersIn } from './integers.ts'
import { Refusal } from './refusal.ts'
import { variablesOf } from './split-frame.ts'
import { tripsOf } from './trips.ts'

export interface WithoutLoops {
  readonly fn: FunctionNode
  /** The functions that iterations became, by key. */
  readonly made: ReadonlyMap<string, FunctionNode>
}

type CheckpointedLoop = Loop & { readonly checkpoint: Checkpoint }

export function checkpointLoops(fn: FunctionNode, key: string, summaryOf: SummaryOf): WithoutLoops {
  const isOne = (statement: Statement): boolean => statement.kind === 'loop' && statement.checkpoint !== undefined
  if (!someStatement(fn.body, isOne)) return { fn, made: new Map() }
  return new Loops(fn, key, summaryOf).whole()
}

class Loops {
  readonly #fn: FunctionNode
  readonly #key: string
  readonly #summaryOf: SummaryOf
  readonly #scope: Scope
  readonly #regions: Regions
  readonly #made = new Map<string, FunctionNode>()

  constructor(fn: FunctionNode, key: string, summaryOf: SummaryOf) {
    this.#fn = fn
    this.#summaryOf = summaryOf
    this.#key = key
    this.#scope = Scope.of(fn)
    this.#regions = findRegions(fn, summaryOf)
  }

  whole(): WithoutLoops {
    const body = this.#block(this.#fn.body)
    return {
      fn: {
        ...this.#fn,
        body,
        variables: variablesOf(
          body,
          this.#fn.parameters.map(({ name }) => name),
          this.#scope,
        ),
      },
      made: this.#made,
    }
  }

  #block(block: readonly Statement[]): readonly Statement[] {
    return block.flatMap((statement) => {
      // Loops within are those of the function that it becomes.
      if (statement.kind === 'loop' && statement.checkpoint) return this.#loop({ ...statement, checkpoint: statement.checkpoint })
      return [mapBlocksOf(statement, (inner) => this.#block(inner))]
    })
  }

  #loop(loop: CheckpointedLoop): readonly Statement[] {
    const { counter, checkpoint, exit, origin } = loop
    if (!counter) return this.#refuse(loop, 'how often it runs is not known before it does')
    if (exit !== undefined) return this.#refuse(loop, 'it may be left early')
    const own = boundIn(loop.body)
    const around = [...variablesMentioned(loop.body)].filter((name) => name !== counter.name && !own.has(name))
    const assigned = variablesAssigned(loop.body)
    const state = around.filter((name) => assigned.has(name))
    this.#checkReferences(loop, state)
    const [first, last] = [this.#scope.fresh('first', NUMBER), this.#scope.fresh('last', NUMBER)]
    // Where the counter begins is given only if the iterations do not begin at 0.
    const isPlain = counter.step === 1 && counter.from.kind === 'number' && counter.from.value === 0
    const start = isPlain || counter.from.kind === 'number' ? undefined : this.#scope.fresh('start', NUMBER)
    const parameters = [first, last, ...(start === undefined ? [] : [start]), ...around]
    const key = `${this.#key}|loop:${String(this.#made.size)}`
    this.#made.set(key, this.#iterations(loop, counter, parameters, state, start))
    const trips = tripsOf(counter, { isInteger: integersIn(this.#fn.body) })
    const given = (from: Expression, to: Expression): readonly Expression[] => [
      from,
      to,
      ...(start === undefined ? [] : [counter.from]),
      ...parameters.slice(start === undefined ? 2 : 3).map(variable),
    ]
    const named = trips.kind === 'number' ? undefined : this.#scope.fresh('steps', NUMBER)
    const steps = named === undefined ? trips : variable(named)
    const before = named === undefined ? [] : [declare(named, trips, origin)]
    if ('binomial' in checkpoint) return [...before, ...this.#called(key, given(number(0), steps), state, loop)]
    const size = number(checkpoint.every)
    const [part, from, to] = ['part', 'from', 'to'].map((name) => this.#scope.fresh(name, NUMBER)) as [string, string, string]
    const parts = this.#scope.fresh('parts', NUMBER)
    const counted = countUp(part, variable(parts), [
      declare(from, operation('*', variable(part), size), origin),
      declare(to, operation('Math.min', operation('+', variable(from), size), steps), origin),
      ...this.#called(key, given(variable(from), variable(to)), state, loop),
    ])
    const count = operation('Math.ceil', operation('/', steps, size))
    return [...before, declare(parts, count, origin), { ...counted, ...(origin && { origin }) }]
  }

  /** The call of some iterations, and what they give. */
  #called(key: string, given: readonly Expression[], state: readonly string[], { origin }: Loop): readonly Statement[] {
    if (state.length === 0) return [call(undefined, key, given, origin)]
    const made = this.#scope.fresh('state', this.#made.get(key)!.result)
    const part = (name: string): Expression => (state.length === 1 ? variable(made) : field(variable(made), name))
    return [call(made, key, given, origin), ...state.map((name) => assign(variable(name), part(name), origin))]
  }

  #iterations(
    loop: CheckpointedLoop,
    counter: Counter,
    parameters: readonly string[],
    state: readonly string[],
    start: string | undefined,
  ): FunctionNode {
    const { name, step, from } = counter
    const [first, last] = parameters as [string, string]
    const begin = start === undefined ? from : variable(start)
    const isPlain = step === 1 && from.kind === 'number' && from.value === 0
    const index = isPlain ? name : this.#scope.fresh('t', NUMBER)
    const scaled = step === 1 ? variable(index) : operation('*', variable(index), number(step))
    // Arrays that are handed on are copied first, so that what is given back is nothing of what was given.
    const handed = state.filter((one) => isStorage(this.#scope.typeOf(one)))
    const locals = new Map(handed.map((one) => [one, this.#scope.fresh(`${one}_now`, this.#scope.typeOf(one))]))
    const own = renamed(loop.body, locals)
    const inner: readonly Statement[] = isPlain ? own : [declare(name, operation('+', begin, scaled)), ...own]
    const run: Statement = { ...(countUp(index, variable(last), inner) as Loop), ...(loop.origin && { origin: loop.origin }) }
    const counted: Statement = { ...run, counter: { ...run.counter!, from: variable(first) } }
    const type = resultOf(state, (one) => this.#scope.typeOf(one))
    const given = (one: string): Expression => variable(locals.get(one) ?? one)
    const value: Expression | undefined =
      state.length === 0
        ? undefined
        : state.length > 1
          ? { kind: 'record', type: type as RecordType, values: state.map(given) }
          : given(state[0]!)
    const at = loop.origin && { origin: loop.origin }
    const copies = handed.map((one) => declare(locals.get(one)!, { kind: 'slice', array: variable(one) }))
    const body: readonly Statement[] = [...copies, counted, ...(value ? [{ kind: 'return', value, ...at } as const] : [])]
    const tree = 'binomial' in loop.checkpoint ? { tree: { snapshots: loop.checkpoint.binomial, state } } : {}
    return {
      name: `${this.#fn.name}_steps`,
      parameters: parameters.map((one) => ({ name: one })),
      variables: variablesOf(body, parameters, this.#scope),
      result: type,
      body,
      reversed: { by: 'recomputed', ...tree },
      ...this.#meetings(parameters),
      ...at,
    }
  }

  /** Two names of the loop's may lead to the same storage: the function is given that by both. */
  #meetings(parameters: readonly string[]): Pick<FunctionNode, 'meetings'> {
    const roots = parameters.flatMap((name, i) => {
      const type = this.#scope.typeOf(name)
      return isStorage(type) && name in this.#fn.variables ? [{ root: String(i), name, type }] : []
    })
    const meetings = this.#regions.meetings(roots)
    return meetings.length > 0 ? { meetings } : {}
  }

  /** Arrays that iterations hand on are given back as copies: that must make no difference. */
  #checkReferences(loop: Loop, state: readonly string[]): void {
    const references = state.filter((name) => isStorage(this.#scope.typeOf(name)))
    if (references.length === 0) return
    const nested = references.find((name) => !isFlat(this.#scope.typeOf(name)))
    if (nested !== undefined) return this.#refuse(loop, `it gives \`${nested}\`, which is no flat array, another value`)
    const fn = this.#fn
    const regions = this.#regions
    const writes = findWrites(fn, regions, this.#summaryOf)
    const contents = references.map((name) => regions.child(regions.ofVariable(name), '[]'))
    if (new Set(contents).size < contents.length)
      return this.#refuse(loop, `it exchanges \`${references.join('` and `')}\`; copy from one into the other instead`)
    const inside = new Set<Statement>()
    visitStatements(loop.body, (statement) => inside.add(statement))
    const fresh = madeIn(loop.body)
    const isFresh = (place: Expression): boolean => {
      const root = rootOfPlace(place)
      return root.kind === 'variable' && fresh.has(root.name)
    }
    // What iterations make they may fill; what was there before stays as it is, here and elsewhere.
    visitStatements(fn.body, (statement) => {
      const i = contents.findIndex((content) => writes.changedBy(statement).includes(content))
      if (i < 0 || (inside.has(statement) && placesWritten(statement).every(isFresh))) return
      const [name, where] = [references[i]!, inside.has(statement) ? 'changes it in place too' : 'it is changed elsewhere']
      this.#refuse(loop, `it gives \`${name}\` other storage, and ${where}; copy into it instead: \`${name}.set(next)\``)
    })
  }

  #refuse(loop: Loop, reason: string): never {
    throw new Refusal('CT1018', loop.origin, { reason })
  }
}

/** Variables that hold storage which is made in a block. */
function madeIn(block: readonly Statement[]): ReadonlySet<string> {
  const made = new Set<string>()
  visitStatements(block, (statement) => {
    if (statement.kind === 'call' && statement.result !== undefined) made.add(statement.result)
    if (statement.kind === 'declare' && statement.value && CREATIONS.has(statement.value.kind)) made.add(statement.name)
  })
  return made
}

const CREATIONS: ReadonlySet<string> = new Set(['zeros', 'list', 'slice', 'convert', 'zerosLike'])

function placesWritten(statement: Statement): readonly Expression[] {
  switch (statement.kind) {
    case 'assign':
    case 'copyInto':
      return [statement.target]
    case 'fill':
    case 'push':
    case 'truncate':
      return [statement.array]
    default:
      return expressionsOf(statement)
  }
}

/** Statements with other names for some variables of theirs. */
function renamed(block: readonly Statement[], names: ReadonlyMap<string, string>): readonly Statement[] {
  const swap = (name: string): string => names.get(name) ?? name
  const inExpression = (expression: Expression): Expression =>
    mapExpression(expression, (node) => (node.kind === 'variable' ? variable(swap(node.name)) : node))
  return block.map((statement) => {
    const inner = mapBlocksOf(mapExpressionsOf(statement, inExpression), (list) => renamed(list, names))
    return inner.kind === 'assign' && inner.target.kind === 'variable' ? { ...inner, target: variable(swap(inner.target.name)) } : inner
  })
}

const isFlat = (type: Type): boolean =>
  type.kind === 'array' && missingOf(type) === undefined && type.element.kind === 'number' && missingOf(type.element) === undefined

/** What iterations give back: one value alone, or several by their names. */
function resultOf(state: readonly string[], typeOf: (name: string) => Type): Type {
  if (state.length === 0) return { kind: 'void' }
  if (state.length === 1) return typeOf(state[0]!)
  const fields: readonly Field[] = state.map((name) => ({ name, type: typeOf(name) }))
  const record: RecordType = { kind: 'record', tuple: false, fields }
  return record
}
