/**
 * The gradient of a function as one function: its forward sweep, then its reverse sweep in the same scope.
 */

import { findActivity, type Activity } from '../2-analyze/activity.ts'
import { findRegions, isStorage, type Meetings } from '../2-analyze/regions.ts'
import { findWrites } from '../2-analyze/writes.ts'
import { assign, declare, element, field, NUMBER, number, variable } from '../ir/build.ts'
import type { Expression, FunctionNode, Parameter, RecordType, Statement, Type } from '../ir/nodes.ts'
import { Scope } from '../ir/scope.ts'
import { typeOf } from '../ir/types.ts'
import { visitStatements } from '../ir/walk.ts'
import type { Callees, Context } from './context.ts'
import { contributions } from './contributions.ts'
import { integersIn } from './integers.ts'
import { joinFrame } from './join.ts'
import { nameOperands } from './name-operands.ts'
import { Refusal } from './refusal.ts'
import { planBlock } from './reverse-block.ts'
import { findRestores, insertSaves, readRegions } from './restore.ts'
import { Duals, insertShadows, shadowType } from './shadows.ts'
import { findEarlyShadows } from './sources.ts'
import { nameVersions } from './versions.ts'

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

export interface Surroundings {
  readonly callees: Callees
  readonly meetingsOf: (callee: string) => { meetings: Meetings; parameters: number }
  readonly lineOf: (statement: Statement) => string | undefined
}

export function gradientOf(fn: FunctionNode, options: GradientOptions, around: Surroundings): FunctionNode {
  const prepared = prepare(fn, options, around)
  let restores: ReadonlySet<Statement> = new Set()
  for (;;) {
    const attempt = transform(prepared, restores, options, around)
    if (attempt.restores.size === restores.size) return attempt.fn
    restores = attempt.restores
  }
}

/** An active array that is given to a function without source could be changed there. */
function refuseUnknown(body: readonly Statement[], activity: Activity): void {
  visitStatements(body, (statement) => {
    const expression =
      statement.kind === 'effect'
        ? statement.expression
        : statement.kind === 'declare' || statement.kind === 'assign'
          ? statement.value
          : undefined
    if (expression?.kind !== 'opaque' || !expression.effects || /^console\./.test(String(expression.parts[0]).trim())) return
    for (const part of expression.parts) {
      if (typeof part !== 'string' && part.kind === 'variable' && activity.isActiveStorage(part.name)) {
        throw new Refusal('CT3004', statement.origin, { callee: String(expression.parts[0]).replace(/\($/, ''), argument: part.name })
      }
    }
  })
}

interface Prepared {
  readonly fn: FunctionNode
  readonly bars: ReadonlyMap<string, string>
  readonly variableOf: ReadonlyMap<string, string>
  readonly wrtNames: readonly string[]
}

/** Shadows, names for what is read again, versions: what both sweeps are read off. */
function prepare(fn: FunctionNode, options: GradientOptions, around: Surroundings): Prepared {
  const scope = Scope.of(fn)
  const wrtNames = options.wrt.map((i) => fn.parameters[i]!.name)
  const ends = { independent: wrtNames, dependent: [], ...(options.hasAux && { resultField: '0' }) }
  // The scope grows below, and what is asked then must know the new names.
  const growing = { ...fn, variables: scope.variables }
  const regions = findRegions(growing, around.meetingsOf)
  const activity = findActivity(growing, regions, ends)
  refuseUnknown(fn.body, activity)
  const bars = new Duals(scope, '_bar')
  for (const name of wrtNames) bars.of(name)
  const shadowed = insertShadows(fn.body, scope, activity, bars)
  const shadowedFn = { ...fn, body: shadowed, variables: scope.variables }
  const writes = findWrites(shadowedFn, findRegions(shadowedFn, around.meetingsOf))
  const named = nameOperands(shadowed, { scope, activity, regions, writes })
  const { body, variableOf } = nameVersions(
    named,
    fn.parameters.map(({ name }) => name),
    scope,
    bars,
  )
  return { fn: { ...fn, body, variables: scope.variables }, bars: bars.entries(), variableOf, wrtNames }
}

function transform(
  prepared: Prepared,
  restores: ReadonlySet<Statement>,
  options: GradientOptions,
  around: Surroundings,
): { fn: FunctionNode; restores: ReadonlySet<Statement> } {
  const { fn, wrtNames } = prepared
  const scope = Scope.of(fn)
  const bars = new Duals(scope, '_bar', prepared.bars)
  const moved = new Map<Statement, Statement>()
  const regionsBefore = findRegions(fn, around.meetingsOf)
  const ends = { independent: wrtNames, dependent: [], ...(options.hasAux && { resultField: '0' }) }
  const base = {
    fn,
    scope,
    bars,
    callees: around.callees,
    variableOf: new Map(prepared.variableOf),
    lineOf: around.lineOf,
    isInteger: integersIn(fn.body),
  }
  const draft: Context = {
    ...base,
    regions: regionsBefore,
    activity: findActivity(fn, regionsBefore, ends),
    writes: findWrites(fn, regionsBefore),
    mustRestore: (statement) => restores.has(statement),
    seed: () => [],
  }
  const body = insertSaves(fn.body, restores, draft, moved)
  const whole = { ...fn, body, variables: scope.variables }
  const regions = findRegions(whole, around.meetingsOf)
  const context: Context = {
    ...base,
    regions,
    activity: findActivity(whole, regions, ends),
    writes: findWrites(whole, regions),
    mustRestore: (statement) => moved.has(statement),
    seed: (value) => seedOf(value, options, context),
  }
  const early = findEarlyShadows(body, context)
  const parameters = new Set(fn.parameters.map(({ name }) => name))
  const plan = planBlock(body, context, { joined: true, top: true, depth: 0, early, visible: parameters })
  const put = outputs(prepared, options, context)
  const finals = finalContent(fn, restores, context)
  const { statements, backward } = joinFrame(plan, context, early, finals.before)
  const found = findRestores(fn.body, readRegions(backward, { ...draft, regions: regionsBefore }), draft)
  const { value, aux, rest } = takeReturn(statements, options, context)
  const result = resultOf(options, put, value, aux)
  const finished = [...put.before, ...rest, ...finals.after, ...put.after, ...result.statements]
  return {
    fn: {
      name: options.name,
      parameters: [...put.parameters, ...fn.parameters],
      variables: scope.variables,
      result: result.type,
      body: finished,
      ...(fn.origin && { origin: fn.origin }),
    },
    restores: found,
  }
}

function seedOf(value: Expression, options: GradientOptions, context: Context): readonly Statement[] {
  if (!options.hasAux) return contributions(value, number(1), context)
  return contributions(value.kind === 'record' ? value.values[0]! : field(value, '0'), number(1), context)
}

interface Outputs {
  readonly parameters: readonly Parameter[]
  readonly before: readonly Statement[]
  readonly after: readonly Statement[]
  readonly gradients: readonly { value: Expression; type: Type }[]
}

/** Where the gradients are gathered: adjoint variables for numbers, shadows for storage. */
function outputs({ fn, wrtNames }: Prepared, options: GradientOptions, context: Context): Outputs {
  const { scope, bars } = context
  const before: Statement[] = []
  const parameters: Parameter[] = []
  const after: Statement[] = []
  const out =
    options.into && options.asList ? scope.fresh('out', tupleOf(wrtNames.map((name) => shadowType(scope.typeOf(name)))), false) : undefined
  if (out !== undefined) parameters.push({ name: out })
  const gradients = wrtNames.map((name, i) => {
    const type = shadowType(fn.variables[name]!.type)
    const bar = bars.of(name)
    if (!isStorage(type)) {
      before.push(declare(bar, number(0)))
      if (out !== undefined) after.push(assign(field(variable(out), String(i)), variable(bar)))
      return { value: variable(bar), type }
    }
    // A parameter that is reassigned moves its shadow on; the gradient stays with the argument's own.
    const home = scope.isMutable(name) ? scope.fresh(`${name}_grad`, type) : bar
    if (out !== undefined) before.push(declare(home, field(variable(out), String(i))))
    else if (options.into) parameters.push({ name: home })
    else before.push(declare(home, { kind: 'zerosLike', value: variable(name) }))
    if (options.into) before.push(clear(variable(home), type))
    if (home !== bar) before.push(declare(bar, variable(home)))
    return { value: variable(home), type }
  })
  for (const { name } of fn.parameters) {
    // What another argument comes to hold passes its adjoint on, though nobody asks for it at the end.
    if (wrtNames.includes(name) || !context.activity.isActiveVariable(name)) continue
    const type = fn.variables[name]!.type
    before.push(declare(bars.of(name), isStorage(type) ? { kind: 'zerosLike', value: variable(name) } : number(0)))
  }
  return { parameters, before, after, gradients }
}

function clear(place: Expression, type: Type): Statement {
  if (type.kind !== 'array' || isStorage(type.element)) throw new Error('only flat arrays are written into')
  return { kind: 'fill', array: place, value: number(0) }
}

const tupleOf = (types: readonly Type[]): RecordType => ({
  kind: 'record',
  tuple: true,
  fields: types.map((type, i) => ({ name: String(i), type })),
})

/** An argument that the function writes, and that the reverse sweep restores, ends as the function left it. */
function finalContent(
  fn: FunctionNode,
  restores: ReadonlySet<Statement>,
  context: Context,
): { before: readonly Statement[]; after: readonly Statement[] } {
  const before: Statement[] = []
  const after: Statement[] = []
  for (const { name } of fn.parameters) {
    const type = context.scope.typeOf(name)
    if (type.kind !== 'array') continue
    const region = context.regions.child(context.regions.ofVariable(name), '[]')
    if (![...restores].some((statement) => context.writes.by(statement).includes(region))) continue
    const final = context.scope.fresh(`${name}_final`, type)
    const k = context.scope.fresh('k', NUMBER)
    before.push(declare(final, { kind: 'slice', array: variable(name) }))
    after.push({
      kind: 'loop',
      counter: { name: k, from: number(0), to: { kind: 'length', array: variable(final) }, comparison: '<', step: 1 },
      body: [assign(element(variable(name), variable(k)), element(variable(final), variable(k)))],
    })
  }
  return { before, after }
}

/** Takes the return out of the forward sweep; its value is computed there, before anything is restored. */
function takeReturn(
  statements: readonly Statement[],
  options: GradientOptions,
  context: Context,
): { value: Expression | undefined; aux: Expression | undefined; rest: readonly Statement[] } {
  let value: Expression | undefined
  let aux: Expression | undefined
  const rest = statements.flatMap((statement) => {
    if (statement.kind !== 'return' || !statement.value) return [statement]
    const returned = statement.value
    const [loss, extra] = !options.hasAux
      ? [returned]
      : returned.kind === 'record'
        ? returned.values
        : [field(returned, '0'), field(returned, '1')]
    const kept: Statement[] = []
    const keep = (expression: Expression, base: string): Expression => {
      const name = context.scope.fresh(base, typeOf(expression, context.scope.variables))
      kept.push(declare(name, expression, statement.origin))
      return variable(name)
    }
    if (options.withValue) value = keep(loss!, 'value')
    if (extra) aux = keep(extra, 'aux')
    return kept
  })
  return { value, aux, rest }
}

function resultOf(
  options: GradientOptions,
  put: Outputs,
  value: Expression | undefined,
  aux: Expression | undefined,
): { statements: readonly Statement[]; type: Type } {
  const single = put.gradients[0]!
  const type = options.asList ? tupleOf(put.gradients.map(({ type }) => type)) : single.type
  const gradient: Expression = options.asList
    ? { kind: 'record', type: type as RecordType, values: put.gradients.map(({ value }) => value) }
    : single.value
  const parts: { name: string; value: Expression; type: Type }[] = []
  if (value) parts.push({ name: 'value', value, type: NUMBER })
  if (!options.into) parts.push({ name: 'grad', value: gradient, type })
  if (aux) parts.push({ name: 'aux', value: aux, type: { kind: 'opaque', text: 'unknown' } })
  if (parts.length === 0) return { statements: [], type: { kind: 'void' } }
  if (parts.length === 1) return { statements: [{ kind: 'return', value: parts[0]!.value }], type: parts[0]!.type }
  const record: RecordType = { kind: 'record', tuple: false, fields: parts.map(({ name, type }) => ({ name, type })) }
  return {
    statements: [{ kind: 'return', value: { kind: 'record', type: record, values: parts.map(({ value }) => value) } }],
    type: record,
  }
}
