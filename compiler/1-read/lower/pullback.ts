/**
 * `vjp` within functions that are differentiated. Its result is known here: an object whose value is an expression, and whose pullback is the backward
 * half with what the forward half kept. So it can be called any number of times, wherever it is handed to, and is differentiated like any other call.
 */

import ts from '#typescript'
import { field, variable } from '../../ir/build.ts'
import type { Expression, Type } from '../../ir/nodes.ts'
import { shadowType, tupleOf } from '../../ir/shadow-type.ts'
import { evaluateArguments, type Given } from './arguments.ts'
import { textOf } from '../session.ts'
import { emit, freshName, refuse, type Binding, type Context } from './context.ts'
import { optionsKey, requestDerived } from './derived.ts'
import type { Site } from './inline.ts'
import { baseOf, completeArguments } from './lift.ts'
import type { DerivedValue, ObjectValue, PullbackValue } from './static-value.ts'

/** What is kept is known when the halves are made, and stands in the place of this when they are. */
const KEPT: Type = { kind: 'opaque', text: 'unknown' }

/** `vjp(f)(x)`. */
export function callVjp(c: Context, node: ts.CallExpression, value: DerivedValue): ObjectValue {
  const { options } = value
  const given = completeArguments(c, node, baseOf(value), evaluateArguments(c, node.arguments), new Map(), true)
  const inner = requestDerived(options.slots.size > 0 ? { ...c, slots: options.slots } : c, node, value.of)
  const key = `${inner.key}|vjp:${optionsKey(options)}`
  for (const half of ['forward', 'backward'])
    c.f.session.nested.set(`${key}:${half}`, { operator: 'vjp', function: inner.key, ...options, uses: { direct: true, into: false } })
  const parts =
    options.hasAux && inner.result.kind === 'record'
      ? inner.result.fields.map(({ type }, i) => ({ name: i === 0 ? 'value' : 'aux', type }))
      : [{ name: 'value', type: inner.result }].filter(({ type }) => type.kind !== 'void')
  const made = freshName(c.f, 'vjp', { kind: 'record', tuple: false, fields: [...parts, { name: 'kept', type: KEPT }] })
  emit(c, { kind: 'call', result: made, callee: `${key}:forward`, arguments: [...given, ...inner.captures] })
  const gradients = options.wrt.map((i) => shadowType(inner.parameters[i]!))
  const pullback: PullbackValue = {
    kind: 'pullback',
    backward: `${key}:backward`,
    kept: field(variable(made), 'kept'),
    gradient: options.wrtIsList ? tupleOf(gradients) : gradients[0]!,
  }
  const members = new Map<string, Binding>(parts.map(({ name }) => [name, { kind: 'expression', expression: field(variable(made), name) }]))
  return { kind: 'object', members: members.set('pullback', { kind: 'static', value: pullback }), isArray: false }
}

/** `pullback(cotangent)`. */
export function callPullback(c: Context, site: Site, { backward, kept, gradient }: PullbackValue, { list, rest }: Given): Expression {
  const [cotangent] = list
  if (cotangent?.kind !== 'expression' || rest) return refuse(c, site.node, 'CT1113', { text: textOf(site.node) })
  const name = freshName(c.f, 'pulled', gradient)
  emit(c, { kind: 'call', result: name, callee: backward, arguments: [kept, cotangent.expression] })
  return variable(name)
}
