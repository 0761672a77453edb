/**
 * The gradient of a function as one function: its forward sweep, then its reverse sweep in the same scope.
 */

import { declare, field, NUMBER, number, variable } from '../ir/build.ts'
import type { Expression, FunctionNode, RecordType, Statement, Type } from '../ir/nodes.ts'
import { typeOf } from '../ir/types.ts'
import type { Attempt, Reversal, Swept } from './attempt.ts'
import type { Context } from './context.ts'
import { contributions } from './contributions.ts'
import { finalContent } from './final-content.ts'
import { guardsOf, withGuards, type Buffer } from './guard.ts'
import { joinFrame } from './join.ts'
import { outputs, tupleOf, type Outputs } from './outputs.ts'
import type { Prepared, Surroundings } from './prepare.ts'
import { planBlock } from './reverse-block.ts'
import { findEarlyShadows } from './sources.ts'
import { variablesOf } from './split-frame.ts'

export interface GradientOptions {
  /** Positions of the parameters to differentiate with respect to. */
  readonly wrt: readonly number[]
  /** Whether the result is a tuple of gradients, even of one. */
  readonly asList: boolean
  readonly hasAux: boolean
  readonly withValue: boolean
  /** Whether the gradient is written into the caller's buffers, which are then the first parameter. */
  readonly into: boolean
  readonly name: string
}

export interface Gradient extends Swept {
  readonly fn: FunctionNode
}

/** Promises: both sweeps in one scope. */
export function gradientOf(fn: FunctionNode, options: GradientOptions): Reversal<Gradient> {
  const independent = options.wrt.map((i) => fn.parameters[i]!.name)
  return {
    ends: { independent, dependent: [], ...(options.hasAux && { resultField: '0' }) },
    givesShadow: false,
    isApart: false,
    begin: (prepared) => ({
      ...prepared,
      seed: (value, context) => contributions(lossOf(value, options), number(1), context),
      always: new Set(),
      sweep: (attempt) => transform(prepared, attempt, options),
    }),
  }
}

/** Needs: the function that was made. Promises: what it writes is apart from all else that it is given, or it throws at its entry. */
export function guardedGradient(fn: FunctionNode, { fn: made }: Gradient, options: GradientOptions, around: Surroundings): FunctionNode {
  return withGuards(made, guardsOf(fn, around.summaryOf, { buffers: options.into ? buffersOf(fn, made, options) : [] }))
}

/** The caller's buffers, which are the first parameter. */
function buffersOf(fn: FunctionNode, { parameters, variables }: FunctionNode, { wrt, asList }: GradientOptions): readonly Buffer[] {
  const out = parameters[0]!.name
  return wrt.map((at, i) => {
    const value = asList ? field(variable(out), String(i)) : variable(out)
    return { name: `gradient of ${fn.parameters[at]!.name}`, value, type: typeOf(value, variables) }
  })
}

function transform(prepared: Prepared, { body, context, restores }: Attempt, options: GradientOptions): Gradient {
  const { fn } = prepared
  const early = findEarlyShadows(body, context)
  const visible = new Set(fn.parameters.map(({ name }) => name))
  const plan = planBlock(body, context, { joined: true, top: true, depth: 0, early, visible })
  const put = outputs(prepared, options, context)
  const finals = finalContent(fn, restores, context)
  const { statements, backward, sources } = joinFrame(plan, context, early, finals.between)
  const { value, aux, rest } = takeReturn(statements, options, context)
  const result = resultOf(options, put, value, aux)
  const parameters = [...put.parameters, ...fn.parameters]
  const made = [...finals.atEntry, ...put.before, ...rest, ...finals.after, ...put.after, ...result.statements]
  return {
    fn: {
      name: options.name,
      parameters,
      variables: variablesOf(
        made,
        parameters.map(({ name }) => name),
        context.scope,
      ),
      result: result.type,
      body: made,
      ...(fn.origin && { origin: fn.origin }),
    },
    backwardSweep: backward,
    plan: { plan, sources },
  }
}

/** The part of the returned value that is differentiated. */
function lossOf(value: Expression, { hasAux }: GradientOptions): Expression {
  if (!hasAux) return value
  return value.kind === 'record' ? value.values[0]! : field(value, '0')
}

interface Returned {
  readonly value: Expression
  readonly type: Type
}

/** Takes the return out of the forward sweep; its value is computed there, before anything is restored. */
function takeReturn(
  statements: readonly Statement[],
  options: GradientOptions,
  context: Context,
): { value: Expression | undefined; aux: Returned | undefined; rest: readonly Statement[] } {
  let value: Expression | undefined
  let aux: Returned | undefined
  const rest = statements.flatMap((statement) => {
    if (statement.kind !== 'return' || !statement.value) return [statement]
    const returned = statement.value
    const kept: Statement[] = []
    const keep = (expression: Expression, base: string): Returned => {
      const type = typeOf(expression, context.scope.variables)
      const name = context.scope.fresh(base, type)
      kept.push(declare(name, expression, statement.origin))
      return { value: variable(name), type }
    }
    if (options.withValue) value = keep(lossOf(returned, options), 'value').value
    if (options.hasAux) aux = keep(returned.kind === 'record' ? returned.values[1]! : field(returned, '1'), 'aux')
    return kept
  })
  return { value, aux, rest }
}

function resultOf(
  options: GradientOptions,
  put: Outputs,
  value: Expression | undefined,
  aux: Returned | undefined,
): { statements: readonly Statement[]; type: Type } {
  const single = put.gradients[0]!
  const type = options.asList ? tupleOf(put.gradients.map(({ type }) => type)) : single.type
  const gradient: Expression = options.asList
    ? { kind: 'record', type: type as RecordType, values: put.gradients.map(({ value }) => value) }
    : single.value
  const parts: { name: string; value: Expression; type: Type }[] = []
  if (value) parts.push({ name: 'value', value, type: NUMBER })
  if (!options.into) parts.push({ name: 'grad', value: gradient, type })
  if (aux) parts.push({ name: 'aux', value: aux.value, type: aux.type })
  if (parts.length === 0) return { statements: [], type: { kind: 'void' } }
  if (parts.length === 1) return { statements: [{ kind: 'return', value: parts[0]!.value }], type: parts[0]!.type }
  const record: RecordType = { kind: 'record', tuple: false, fields: parts.map(({ name, type }) => ({ name, type })) }
  return {
    statements: [{ kind: 'return', value: { kind: 'record', type: record, values: parts.map(({ value }) => value) } }],
    type: record,
  }
}
