/**
 * A function and its reversal as one function, for calls whose cotangent is known before they are made: it takes the arguments, the cotangent of the value and
 * the shadows of storage, adds to these shadows, and gives the value, with the adjoints of numbers. Nothing is kept between the sweeps.
 */

import { isStorage } from '../2-analyze/regions.ts'
import { declare, NUMBER, number, variable } from '../ir/build.ts'
import type { Expression, FunctionNode, RecordType, Statement, Type } from '../ir/nodes.ts'
import { Scope } from '../ir/scope.ts'
import type { Attempt, Reversal, Swept } from './attempt.ts'
import { joinFrame } from './join.ts'
import { meetingsWithShadows } from './meetings.ts'
import type { Prepared } from './prepare.ts'
import { planBlock } from './reverse-block.ts'
import { addCotangent } from './seed.ts'
import { shadowType } from './shadows.ts'
import { findEarlyShadows } from './sources.ts'
import { variablesOf } from './split-frame.ts'

export interface AtOnceFunction extends Swept {
  readonly fn: FunctionNode
}

/** Needs: a function that gives a number and changes nothing. `active[i]`: whether parameter `i` moves. Promises: both sweeps in one scope. */
export function atOnceOf(fn: FunctionNode, active: readonly boolean[]): Reversal<AtOnceFunction> {
  const independent = fn.parameters.flatMap((parameter, i) => (active[i] === true ? [parameter.name] : []))
  return {
    ends: { independent, dependent: [] },
    givesShadow: false,
    isApart: false,
    begin(prepared) {
      const scope = Scope.of(prepared.fn)
      const bar = scope.fresh(`${fn.name}_bar`, NUMBER)
      const ready: Prepared = { ...prepared, fn: { ...prepared.fn, variables: scope.variables } }
      return {
        ...ready,
        seed: (value, context) => addCotangent(value, variable(bar), context),
        always: new Set(),
        sweep: (attempt) => transform(ready, attempt, bar),
      }
    },
  }
}

/** The same as its callers see it, before it is made. */
export function atOnceHeader(fn: FunctionNode, active: readonly boolean[]): FunctionNode {
  const scope = Scope.of(fn)
  const moved = fn.parameters.filter((_, i) => active[i] === true).map(({ name }) => name)
  const isNumber = (one: string): boolean => !isStorage(fn.variables[one]!.type)
  const bar = scope.fresh(`${fn.name}_bar`, NUMBER)
  const shadows = new Map(
    moved.filter((one) => !isNumber(one)).map((one) => [one, scope.fresh(`${one}_bar`, shadowType(fn.variables[one]!.type))]),
  )
  const given = [...fn.parameters.map(({ name }) => name), bar, ...shadows.values()]
  return {
    name: nameOf(fn),
    parameters: given.map((name) => ({ name })),
    variables: variablesOf([], given, scope),
    result: atOnceResult(moved.filter(isNumber)),
    body: [],
    ...meetingsWithShadows(fn, given, (one) => shadows.get(one)),
  }
}

/** The value alone, or with the adjoints of the numbers that moved. */
export function atOnceResult(numbers: readonly string[]): Type {
  if (numbers.length === 0) return NUMBER
  return { kind: 'record', tuple: false, fields: ['value', ...numbers.map(adjointField)].map((name) => ({ name, type: NUMBER })) }
}

export const adjointField = (parameter: string): string => `${parameter}_bar`

const nameOf = ({ name }: FunctionNode): string => `${name}_adjoint`

function transform({ fn, ends }: Prepared, { body, context }: Attempt, bar: string): AtOnceFunction {
  const { scope } = context
  const isNumber = (one: string): boolean => !isStorage(fn.variables[one]!.type)
  const parameters = fn.parameters.map((parameter) => parameter.name)
  const numbers = ends.independent.filter(isNumber)
  const shadows = ends.independent.filter((one) => !isNumber(one)).map((one) => context.bars.of(one))
  const given = [...parameters, bar, ...shadows]
  const early = findEarlyShadows(body, context)
  const plan = planBlock(body, context, { joined: true, top: true, depth: 0, early, visible: new Set(given) })
  const { statements, backward, sources } = joinFrame(plan, context, early, [])
  // A parameter that did not move may be assigned what does: its adjoint begins and ends here.
  const own = parameters.filter((one) => isNumber(one) && (numbers.includes(one) || context.bars.has(one)))
  const others = parameters.filter((one) => !isNumber(one) && !ends.independent.includes(one) && context.bars.has(one))
  const value = scope.fresh('value', NUMBER)
  const type = atOnceResult(numbers)
  const returned: Expression =
    type.kind === 'record' ? recordOf(type, [variable(value), ...numbers.map((one) => variable(context.bars.of(one)))]) : variable(value)
  const made: readonly Statement[] = [
    ...own.map((one) => declare(context.bars.of(one), number(0))),
    ...others.map((one) => declare(context.bars.of(one), { kind: 'zerosLike', value: variable(one) })),
    ...statements.map((statement) =>
      statement.kind === 'return' && statement.value ? declare(value, statement.value, statement.origin) : statement,
    ),
    { kind: 'return', value: returned },
  ]
  return {
    fn: {
      name: nameOf(fn),
      parameters: given.map((one) => ({ name: one })),
      variables: variablesOf(made, given, scope),
      result: type,
      body: made,
      ...meetingsWithShadows(fn, given, (one) => (ends.independent.includes(one) && !isNumber(one) ? context.bars.of(one) : undefined)),
      ...(fn.origin && { origin: fn.origin }),
    },
    backwardSweep: backward,
    plan: { plan, sources },
  }
}

const recordOf = (type: RecordType, values: readonly Expression[]): Expression => ({ kind: 'record', type, values })
