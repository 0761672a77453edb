/**
 * `vjp`: a function as two halves that can be far apart in time. The forward half keeps copies of what its caller could change, the backward half
 * can run any number of times.
 */

import { isStorage } from '../2-analyze/regions.ts'
import { declare, field, length, NUMBER, number, variable } from '../ir/build.ts'
import { mentionOf } from '../ir/mention.ts'
import { namedRecord } from '../ir/named-type.ts'
import type { Expression, FunctionNode, RecordType, Statement, Type } from '../ir/nodes.ts'
import { Scope } from '../ir/scope.ts'
import { missingOf } from '../ir/missing.ts'
import { typeOf } from '../ir/types.ts'
import type { Attempt, Reversal } from './attempt.ts'
import type { Context } from './context.ts'
import { tupleOf } from './outputs.ts'
import type { Pair, PairNames, SweptPair } from './pair.ts'
import { freeNames } from './plan.ts'
import { keptAsStatements, takeAsStatements } from './own-copies.ts'
import type { Prepared } from './prepare.ts'
import { findCopies, keptRecord, residualsOf, takeResiduals, meetingsOf } from './residuals.ts'
import { addCotangent } from './seed.ts'
import { shadowType } from './shadows.ts'
import { splitFrame, variablesOf } from './split-frame.ts'

export interface RetainedOptions {
  readonly wrt: readonly number[]
  readonly asList: boolean
  readonly hasAux: boolean
  readonly names: PairNames
  /** The halves become part of a function that is differentiated in turn. */
  readonly nested?: boolean
  /** Nothing runs between the halves, and between two runs of the backward one, so that what the caller could change needs no copies. */
  readonly atOnce?: boolean
}

/** The halves: `(...args) => { value, aux?, kept }` and `(kept, cotangent) => gradient`. Promises: those of `pairOf`, and copies as `findCopies` says. */
export function retainedOf(fn: FunctionNode, options: RetainedOptions): Reversal<SweptPair> {
  const independent = options.wrt.map((i) => fn.parameters[i]!.name)
  return {
    ends: { independent, dependent: [], ...(options.hasAux && { resultField: '0' }) },
    givesShadow: false,
    isApart: true,
    begin(prepared) {
      const scope = Scope.of(prepared.fn)
      const kept = scope.fresh('kept', { kind: 'record', tuple: false, fields: [] })
      const cotangent = scope.fresh('cotangent', shadowType(differentiatedType(fn.result, options)))
      const homes = makeHomes(prepared, scope)
      const ready = { ...prepared, fn: { ...prepared.fn, body: [...homes.statements, ...prepared.fn.body], variables: scope.variables } }
      return {
        ...ready,
        seed: (value, context) => addCotangent(differentiated(value, options), variable(cotangent), context),
        always: new Set(),
        sweep: (attempt) => transform(ready, attempt, options, { kept, cotangent, homes: homes.of }),
      }
    },
  }
}

const differentiatedType = (result: Type, { hasAux }: RetainedOptions): Type =>
  hasAux && result.kind === 'record' ? result.fields[0]!.type : result

function differentiated(value: Expression, { hasAux }: RetainedOptions): Expression {
  if (!hasAux) return value
  return value.kind === 'record' ? value.values[0]! : field(value, '0')
}

/** Where the gradient of each storage parameter is gathered: its shadow, or the first one of a parameter that is reassigned. */
function makeHomes(
  { fn, bars, ends }: Prepared,
  scope: Scope,
): { readonly statements: readonly Statement[]; readonly of: ReadonlyMap<string, string> } {
  const statements: Statement[] = []
  const of = new Map<string, string>()
  for (const { name } of fn.parameters) {
    const bar = bars.get(name)
    const type = fn.variables[name]!.type
    if (bar === undefined || !isStorage(type)) continue
    const home = scope.isMutable(name) ? scope.fresh(`${name}_grad`, shadowType(type)) : bar
    // The length alone is kept where the content is not needed.
    const isFlat =
      type.kind === 'array' && type.element.kind === 'number' && missingOf(type.element) === undefined && type.missing === undefined
    const size = isFlat ? scope.fresh(`${name}_length`, NUMBER) : undefined
    if (size !== undefined) statements.push(declare(size, length(variable(name))))
    statements.push(
      declare(
        home,
        size !== undefined && type.kind === 'array'
          ? { kind: 'zeros', type: shadowType(type) as typeof type, length: variable(size) }
          : { kind: 'zerosLike', value: variable(name) },
      ),
    )
    if (home !== bar) statements.push(declare(bar, variable(home)))
    if (ends.independent.includes(name)) of.set(name, home)
  }
  return { statements, of }
}

interface OwnNames {
  readonly kept: string
  readonly cotangent: string
  readonly homes: ReadonlyMap<string, string>
}

function transform(
  { fn, ends }: Prepared,
  { body, context, restores }: Attempt,
  options: RetainedOptions,
  { kept, cotangent, homes }: OwnNames,
): SweptPair {
  const { scope, bars } = context
  const parameters = fn.parameters.map(({ name }) => name)
  const frame = splitFrame(body, context, parameters, new Set())
  const numbers = fn.parameters.flatMap(({ name }) => (bars.has(name) && !isStorage(fn.variables[name]!.type) ? [bars.of(name)] : []))
  const gradients = ends.independent.map((name) => {
    const place = homes.get(name) ?? bars.of(name)
    return { value: variable(place), type: scope.typeOf(place) }
  })
  const type = options.asList ? tupleOf(gradients.map(({ type }) => type)) : gradients[0]!.type
  const returned: Expression = options.asList
    ? { kind: 'record', type: type as RecordType, values: gradients.map(({ value }) => value) }
    : gradients[0]!.value
  const sweep: readonly Statement[] = [...frame.backward, { kind: 'return', value: returned }]
  const given = new Set([cotangent, ...numbers])
  const names = [...freeNames(sweep)].filter((name) => !given.has(name) && scope.has(name))
  const residuals = residualsOf(names, context)
  const copies = findCopies(names, restores, context, options.atOnce)
  const made = options.nested
    ? keptAsStatements(residuals, copies, context)
    : { before: [], record: keptRecord(residuals, copies, variable) }
  // What is copied together is copied once.
  const keeps = made.record.kind === 'record' ? undefined : scope.fresh('residuals', residuals)
  const forward: readonly Statement[] = [
    ...frame.forward,
    ...made.before,
    ...(keeps === undefined ? [] : [declare(keeps, made.record)]),
    forwardReturn(frame.returned, keeps === undefined ? made.record : variable(keeps), { ...options, residuals }, context),
  ]
  const backward: readonly Statement[] = [
    ...(options.nested
      ? takeAsStatements(residuals, kept, copies, context)
      : takeResiduals(residuals, kept, copies, (base, type) => scope.fresh(base, type))),
    ...numbers.map((name) => declare(name, number(0))),
    ...sweep,
  ]
  const last = forward.at(-1)
  const result = last?.kind === 'return' && last.value ? typeOf(last.value, scope.variables) : fn.result
  const origin = fn.origin && { origin: fn.origin }
  return {
    residuals,
    backwardSweep: frame.backward,
    plan: { ...frame.plan, copied: copies.kept },
    forward: {
      name: options.names.forward,
      parameters: fn.parameters,
      variables: variablesOf(forward, parameters, scope),
      result,
      body: forward,
      ...origin,
    },
    backward: {
      name: options.names.backward,
      parameters: [{ name: kept }, { name: cotangent }],
      variables: {
        ...variablesOf(backward, [kept, cotangent], scope),
        [kept]: { type: keptType(residuals, options), mutable: false },
      },
      result: type,
      body: backward,
      meetings: meetingsOf(names, [], context),
      ...origin,
    },
  }
}

/** Where the halves become part of one function, what is kept can come apart into variables. */
const keptType = (residuals: RecordType, { names, nested }: RetainedOptions): RecordType =>
  nested ? residuals : namedRecord(names.residuals, () => residuals.fields)

function forwardReturn(
  returned: Expression | undefined,
  kept: Expression,
  options: RetainedOptions & { readonly residuals: RecordType },
  { scope }: Context,
): Statement {
  const parts: { name: string; value: Expression }[] = []
  if (returned) parts.push({ name: 'value', value: differentiated(returned, options) })
  if (returned && options.hasAux)
    parts.push({ name: 'aux', value: returned.kind === 'record' ? returned.values[1]! : field(returned, '1') })
  const kind = keptType(options.residuals, options)
  const fields = [...parts.map(({ name, value }) => ({ name, type: typeOf(value, scope.variables) })), { name: 'kept', type: kind }]
  return {
    kind: 'return',
    value: { kind: 'record', type: { kind: 'record', tuple: false, fields }, values: [...parts.map(({ value }) => value), kept] },
  }
}

/** The function that a request of `vjp` becomes: it runs the forward half and gives the value with the pullback. */
export function vjpOf(
  fn: FunctionNode,
  { forward, backward }: Pair,
  keys: { readonly forward: string; readonly backward: string },
  textOf: (type: Type) => string,
): FunctionNode {
  const scope = new Scope(Object.fromEntries(fn.parameters.map(({ name }) => [name, { type: fn.variables[name]!.type, mutable: false }])))
  const made = scope.fresh('made', forward.result)
  const fields = forward.result.kind === 'record' ? forward.result.fields.filter(({ name }) => name !== 'kept') : []
  const values = fields.map(({ name }) => field(variable(made), name))
  const [, cotangent] = backward.parameters
  const cotangentType = backward.variables[cotangent!.name]!.type
  const text = `((cotangent: ${textOf(cotangentType)}) => ${textOf(backward.result)}) & { release(): void }`
  const pullback: Type = { kind: 'opaque', text }
  const result: RecordType = { kind: 'record', tuple: false, fields: [...fields, { name: 'pullback', type: pullback }] }
  return {
    name: `${fn.name}_vjp`,
    parameters: fn.parameters,
    variables: scope.variables,
    result,
    body: [
      { kind: 'call', result: made, callee: keys.forward, arguments: fn.parameters.map(({ name }) => variable(name)) },
      {
        kind: 'return',
        value: {
          kind: 'record',
          type: result,
          values: [
            ...values,
            {
              kind: 'opaque',
              parts: ['cotangent#pullback(', field(variable(made), 'kept'), `, ${mentionOf(keys.backward)})`],
              type: pullback,
              effects: false,
            },
          ],
        },
      },
    ],
    ...(fn.origin && { origin: fn.origin }),
  }
}
