/**
 * Copies of residuals as statements, for halves that become part of a function that is differentiated in turn: a copy then has a derivative like
 * everything else.
 *
 * Each reference is copied by itself. That is the same as copying them together where no two that lead to the same storage are written, and refused where
 * that is not certain.
 */

import { isStorage } from '../2-analyze/regions.ts'
import { assign, declare, element, field, length, number, variable } from '../ir/build.ts'
import { missingOf } from '../ir/missing.ts'
import type { Expression, RecordType, Statement, Type } from '../ir/nodes.ts'
import type { Context } from './context.ts'
import { Refusal } from './refusal.ts'
import type { Copies } from './residuals.ts'

export interface CopiedResiduals {
  readonly before: readonly Statement[]
  readonly record: Expression
}

/** The record of residuals with copies of what the caller can change. */
export function keptAsStatements(type: RecordType, copies: Copies, context: Context): CopiedResiduals {
  const before: Statement[] = []
  const values = type.fields.map((one) => {
    const value = variable(one.name)
    return copies.kept.has(one.name) ? copyOf(one.type, value, context, before) : value
  })
  return { before, record: { kind: 'record', type, values } }
}

/** What brings the residuals back, with copies of what the backward half changes. */
export function takeAsStatements(type: RecordType, kept: string, copies: Copies, context: Context): readonly Statement[] {
  refuseShared(type, copies, context)
  const before: Statement[] = []
  return type.fields.flatMap((one) => {
    const place = field(variable(kept), one.name)
    if (!copies.taken.has(one.name)) return [declare(one.name, place)]
    if (holdsReferences(one.type)) return refuse(context, 'a gradient of nested arrays by `vjp`')
    const value = copyOf(one.type, place, context, before)
    return [...before.splice(0), declare(one.name, value)]
  })
}

function copyOf(type: Type, value: Expression, context: Context, before: Statement[]): Expression {
  if (!isStorage(type)) return value
  if (missingOf(type) !== undefined) return refuse(context, '`vjp` of a function with arrays or objects that may be missing')
  if (type.kind === 'record') {
    if (type.name !== undefined) return refuse(context, '`vjp` of a function that calls itself, or whose data contains itself,')
    return { kind: 'record', type, values: type.fields.map((one) => copyOf(one.type, field(value, one.name), context, before)) }
  }
  if (type.kind !== 'array' || !isStorage(type.element)) return { kind: 'slice', array: value }
  const rows = context.scope.fresh('rows', type)
  const k = context.scope.fresh('k', { kind: 'number' })
  const inner: Statement[] = []
  const row = element(variable(rows), variable(k))
  const copied = copyOf(type.element, row, context, inner)
  before.push(declare(rows, { kind: 'slice', array: value }), {
    kind: 'loop',
    counter: { name: k, from: number(0), to: length(variable(rows)), comparison: '<', step: 1 },
    body: [...inner, assign(row, copied)],
  })
  return variable(rows)
}

/** Rows of an array may be one and the same, and would come apart. */
const holdsReferences = (type: Type): boolean =>
  type.kind === 'array' || type.kind === 'keyed'
    ? isStorage(type.element)
    : type.kind === 'record' && type.fields.some((one) => holdsReferences(one.type))

function refuseShared(type: RecordType, { taken }: Copies, context: Context): void {
  const roots = type.fields.flatMap((one) => (isStorage(one.type) ? [{ root: one.name, name: one.name, type: one.type }] : []))
  for (const paths of context.regions.meetings(roots))
    if (paths.some(({ root }) => taken.has(root)))
      return refuse(context, `\`vjp\` of \`${context.fn.name}\`, in which storage has several names,`)
}

function refuse(context: Context, what: string): never {
  throw new Refusal('CT1111', context.fn.origin, { what, function: context.fn.name })
}
