/**
 * A function as two: the forward half computes the value and keeps what the backward half reads (the *residuals*); the backward half takes the
 * residuals and the cotangent of the value. Calls that are not inlined are differentiated in this way; see `reverse-call.ts` for the caller's side.
 */

import { isStorage } from '../2-analyze/regions.ts'
import { carriesDerivative } from '../2-analyze/activity.ts'
import { declare, number, variable } from '../ir/build.ts'
import { namedRecord } from '../ir/named-type.ts'
import type { Expression, FunctionNode, RecordType, Statement } from '../ir/nodes.ts'
import { Scope } from '../ir/scope.ts'
import { variablesIn } from '../ir/walk.ts'
import type { Attempt, Reversal, Swept } from './attempt.ts'
import type { Context } from './context.ts'
import { guardsOf, withGuards } from './guard.ts'
import { freeNames } from './plan.ts'
import { meetingsWithShadows } from './meetings.ts'
import type { Prepared, Surroundings } from './prepare.ts'
import { inForward } from './reverse-block.ts'
import { backwardResult, forwardResult, takesCotangent } from './reverse-call.ts'
import { copiesOutside, keptRecord, residualsOf, takeResiduals, meetingsOf } from './residuals.ts'
import { addCotangent } from './seed.ts'
import { shadowOf } from './shadows.ts'
import { splitFrame, variablesOf } from './split-frame.ts'

export interface PairNames {
  readonly forward: string
  readonly backward: string
  /** Of the declared type of the residuals. */
  readonly residuals: string
}

export interface Pair {
  readonly forward: FunctionNode
  readonly backward: FunctionNode
  readonly residuals: RecordType
}

export interface SweptPair extends Pair, Swept {}

/** `active[i]`: whether parameter `i` moves; `isApart` as in `Reversal`. Promises: two functions of one scope, where the backward half reads residuals and what it is given. */
export function pairOf(fn: FunctionNode, active: readonly boolean[], names: PairNames, isApart: boolean): Reversal<SweptPair> {
  const independent = fn.parameters.flatMap(({ name }, i) => (active[i] === true ? [name] : []))
  const storage = fn.parameters.flatMap(({ name }) => (isStorage(fn.variables[name]!.type) ? [name] : []))
  return {
    ends: { independent, dependent: storage.filter((name) => independent.includes(name)) },
    givesShadow: true,
    isApart,
    begin(prepared) {
      const { bar, kept, ready } = withNames(prepared)
      return {
        ...ready,
        seed: (value, context) => (takesCotangent(fn.result) ? addCotangent(value, variable(bar), context) : []),
        // The caller finds its storage as it was before the call.
        always: new Set(storage),
        sweep: (attempt) => transform(ready, attempt, names, { bar, kept }),
      }
    },
  }
}

/** Needs: both halves. Promises: what the forward half writes is apart from all else that it is given, or it throws at its entry. */
export function guardedForward<P extends Pair>(fn: FunctionNode, made: P, around: Surroundings): P {
  return { ...made, forward: withGuards(made.forward, guardsOf(fn, around.summaryOf)) }
}

interface OwnNames {
  /** The cotangent of a number that is returned. */
  readonly bar: string
  readonly kept: string
}

function withNames(prepared: Prepared): OwnNames & { readonly ready: Prepared } {
  const { fn } = prepared
  const scope = Scope.of(fn)
  const bar = scope.fresh(`${fn.name}_bar`, { kind: 'number' })
  const kept = scope.fresh('kept', { kind: 'record', tuple: false, fields: [] })
  return { bar, kept, ready: { ...prepared, fn: { ...fn, variables: scope.variables } } }
}

function transform({ fn, ends }: Prepared, { body, context }: Attempt, names: PairNames, { bar, kept }: OwnNames): SweptPair {
  const { scope, bars } = context
  const shadows = ends.independent.filter((name) => isStorage(fn.variables[name]!.type)).map((name) => bars.of(name))
  const numbers = ends.independent.filter((name) => !isStorage(fn.variables[name]!.type))
  const adjoints = numbers.map((name) => bars.of(name))
  const shadow = returnedShadow(fn, body, context)
  const parameters = fn.parameters.map(({ name }) => name)
  const frame = splitFrame(body, context, [...parameters, ...shadows], shadow ? variablesIn(shadow) : new Set())
  // A parameter that did not move may be assigned what does: its adjoint begins and ends here.
  const inner = fn.parameters.flatMap(({ name }) =>
    bars.has(name) && !ends.independent.includes(name) && !isStorage(fn.variables[name]!.type) ? [bars.of(name)] : [],
  )
  const given = new Set([bar, ...shadows, ...adjoints, ...inner])
  const residuals = residualsOf(
    [...freeNames(frame.backward)].filter((name) => !given.has(name) && scope.has(name)),
    context,
  )
  const copies = copiesOutside(
    residuals.fields.map(({ name }) => name),
    context,
  )
  const keptType = namedRecord(names.residuals, () => residuals.fields)
  const result = forwardResult(fn.result, keptType)
  const values: Readonly<Record<string, Expression | undefined>> = {
    value: frame.returned,
    value_bar: shadow && inForward(shadow, context),
    kept: keptRecord(residuals, copies, variable),
  }
  const origin = fn.origin && { origin: fn.origin }
  const forward: readonly Statement[] = [
    ...frame.forward,
    { kind: 'return', value: { kind: 'record', type: result, values: result.fields.map(({ name }) => values[name]!) } },
  ]
  const returned = adjointsAs(numbers, adjoints)
  const backward: readonly Statement[] = [
    ...takeResiduals(residuals, kept, copies, (base, type) => scope.fresh(base, type)),
    ...[...adjoints, ...inner].map((name) => declare(name, number(0))),
    ...frame.backward,
    ...(returned ? [{ kind: 'return', value: returned } as const] : []),
  ]
  const passed = shadows.map((name) => ({ name }))
  const backwardParameters = [{ name: kept }, ...(takesCotangent(fn.result) ? [{ name: bar }] : []), ...passed]
  return {
    residuals,
    backwardSweep: frame.backward,
    plan: frame.plan,
    forward: {
      name: names.forward,
      parameters: [...fn.parameters, ...passed],
      variables: variablesOf(forward, [...parameters, ...shadows], scope),
      result,
      body: forward,
      ...meetingsWithShadows(fn, [...parameters, ...shadows], (one) =>
        ends.independent.includes(one) && isStorage(fn.variables[one]!.type) ? bars.of(one) : undefined,
      ),
      ...origin,
    },
    backward: {
      name: names.backward,
      parameters: backwardParameters,
      variables: {
        ...variablesOf(
          backward,
          backwardParameters.map(({ name }) => name),
          scope,
        ),
        [kept]: { type: keptType, mutable: false },
      },
      result: backwardResult(numbers),
      body: backward,
      meetings: meetingsOf(
        residuals.fields.map(({ name }) => name),
        backwardParameters.slice(1).map(({ name }) => name),
        context,
      ),
      ...origin,
    },
  }
}

/** The shadow of storage that is returned. Where nothing of it moves, zeros. */
function returnedShadow(fn: FunctionNode, body: readonly Statement[], context: Context): Expression | undefined {
  const last = body.at(-1)
  if (!isStorage(fn.result) || !carriesDerivative(fn.result) || last?.kind !== 'return' || !last.value) return undefined
  if (context.activity.isActive(last.value)) return shadowOf(last.value, context.bars)
  return { kind: 'zerosLike', value: last.value }
}

function adjointsAs(numbers: readonly string[], adjoints: readonly string[]): Expression | undefined {
  const type = backwardResult(numbers)
  if (type.kind === 'number') return variable(adjoints[0]!)
  return type.kind === 'record' ? { kind: 'record', type, values: adjoints.map(variable) } : undefined
}
