/**
 * A function that runs another one again and reverses it, as one function: it takes the arguments, the cotangent of the value and the shadows of storage, adds
 * to these shadows, and gives the adjoints of numbers. The storage that it was given it leaves as it was. This is what becomes of calls of `checkpoint(f)`.
 */

import { isStorage } from '../2-analyze/regions.ts'
import { carriesDerivative } from '../2-analyze/activity.ts'
import { declare, number, variable } from '../ir/build.ts'
import type { Expression, FunctionNode, Statement, Type } from '../ir/nodes.ts'
import { Scope } from '../ir/scope.ts'
import type { Attempt, Reversal, Swept } from './attempt.ts'
import { guardsOf, withGuards } from './guard.ts'
import { joinFrame } from './join.ts'
import { meetingsWithShadows } from './meetings.ts'
import type { Prepared, Surroundings } from './prepare.ts'
import { planBlock } from './reverse-block.ts'
import { backwardResult } from './reverse-call.ts'
import { addCotangent } from './seed.ts'
import { shadowType } from './shadows.ts'
import { findEarlyShadows } from './sources.ts'
import { variablesOf } from './split-frame.ts'

export interface RecomputedFunction extends Swept {
  readonly fn: FunctionNode
}

/** Whether a cotangent of the value is given; that of nothing is not. */
export const hasCotangent = (result: Type): boolean => result.kind !== 'void' && carriesDerivative(result)

/** `active[i]`: whether parameter `i` moves. Promises: both sweeps in one scope, between the state before the call and the same state. */
export function recomputedOf(fn: FunctionNode, active: readonly boolean[], name: string): Reversal<RecomputedFunction> {
  const independent = fn.parameters.flatMap((parameter, i) => (active[i] === true ? [parameter.name] : []))
  const storage = fn.parameters.flatMap((parameter) => (isStorage(fn.variables[parameter.name]!.type) ? [parameter.name] : []))
  return {
    ends: { independent, dependent: storage.filter((one) => independent.includes(one)) },
    givesShadow: false,
    isApart: false,
    begin(prepared) {
      const scope = Scope.of(prepared.fn)
      const bar = scope.fresh(`${fn.name}_bar`, shadowType(fn.result))
      const ready: Prepared = { ...prepared, fn: { ...prepared.fn, variables: scope.variables } }
      return {
        ...ready,
        seed: (value, context) => addCotangent(value, variable(bar), context),
        always: new Set(storage),
        sweep: (attempt) => transform(ready, attempt, name, hasCotangent(fn.result) ? [bar] : []),
      }
    },
  }
}

/** The same as its callers see it, before it is made. */
export function recomputedHeader(fn: FunctionNode, active: readonly boolean[]): FunctionNode {
  const scope = Scope.of(fn)
  const isNumber = (one: string): boolean => !isStorage(fn.variables[one]!.type)
  const moved = fn.parameters.filter((_, i) => active[i] === true).map(({ name }) => name)
  const bars = hasCotangent(fn.result) ? [scope.fresh(`${fn.name}_bar`, shadowType(fn.result))] : []
  const shadows = moved.filter((one) => !isNumber(one)).map((one) => scope.fresh(`${one}_bar`, shadowType(fn.variables[one]!.type)))
  const parameters = [...fn.parameters.map(({ name }) => name), ...bars, ...shadows]
  return {
    name: `${fn.name}_pullback`,
    parameters: parameters.map((name) => ({ name })),
    variables: variablesOf([], parameters, scope),
    result: backwardResult(moved.filter(isNumber)),
    body: [],
    ...meetingsWithShadows(fn, parameters, (one) => {
      const at = moved.filter((other) => !isNumber(other)).indexOf(one)
      return at < 0 ? undefined : shadows[at]
    }),
  }
}

/** Needs: the function that was made. Promises: what it writes is apart from all else that it is given, or it throws at its entry. */
export function guardedRecomputed(fn: FunctionNode, { fn: made }: RecomputedFunction, around: Surroundings): FunctionNode {
  return withGuards(made, guardsOf(fn, around.summaryOf))
}

function transform({ fn, ends }: Prepared, { body, context }: Attempt, name: string, bars: readonly string[]): RecomputedFunction {
  const { scope } = context
  const isNumber = (one: string): boolean => !isStorage(fn.variables[one]!.type)
  const parameters = fn.parameters.map((parameter) => parameter.name)
  const shadows = ends.independent.filter((one) => !isNumber(one)).map((one) => context.bars.of(one))
  const given = [...parameters, ...bars, ...shadows]
  const early = findEarlyShadows(body, context)
  const plan = planBlock(body, context, { joined: true, top: true, depth: 0, early, visible: new Set(given) })
  const { statements, backward, sources } = joinFrame(plan, context, early, [])
  const numbers = ends.independent.filter(isNumber)
  // A parameter that did not move may be assigned what does: its adjoint begins and ends here.
  const own = parameters.filter((one) => isNumber(one) && (numbers.includes(one) || context.bars.has(one)))
  const others = parameters.filter((one) => !isNumber(one) && !ends.independent.includes(one) && context.bars.has(one))
  const returned = adjointsOf(numbers, (one) => context.bars.of(one))
  const made: readonly Statement[] = [
    ...own.map((one) => declare(context.bars.of(one), number(0))),
    ...others.map((one) => declare(context.bars.of(one), { kind: 'zerosLike', value: variable(one) })),
    ...statements.filter(({ kind }) => kind !== 'return'),
    ...(returned ? [{ kind: 'return', value: returned } as const] : []),
  ]
  return {
    fn: {
      name,
      parameters: given.map((one) => ({ name: one })),
      variables: variablesOf(made, given, scope),
      result: backwardResult(numbers),
      body: made,
      ...meetingsWithShadows(fn, given, (one) => (ends.independent.includes(one) && !isNumber(one) ? context.bars.of(one) : undefined)),
      ...(fn.origin && { origin: fn.origin }),
    },
    backwardSweep: backward,
    plan: { plan, sources },
  }
}

function adjointsOf(numbers: readonly string[], barOf: (name: string) => string): Expression | undefined {
  const type = backwardResult(numbers)
  if (type.kind === 'number') return variable(barOf(numbers[0]!))
  return type.kind === 'record' ? { kind: 'record', type, values: numbers.map((one) => variable(barOf(one))) } : undefined
}
