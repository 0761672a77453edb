/** Functions of `Object` that pass an object on: `Object.assign`, `Object.freeze`. */

import ts from '#typescript'
import { field } from '../../ir/build.ts'
import { fitting } from '../../ir/missing.ts'
import type { Expression } from '../../ir/nodes.ts'
import { isStorage } from '../../ir/shadow-type.ts'
import { bare } from '../facts.ts'
import { textOf } from '../session.ts'
import { emit, temporary, type Context } from './context.ts'
import { held } from './each-place.ts'
import { lowerExpression } from './expression.ts'
import { lowerMerged } from './object.ts'
import { lowerInOrder } from './operands.ts'
import { typeIn } from './type-in.ts'
import { typeOfExpression } from './type-of.ts'

export function lowerObjectCall(c: Context, node: ts.CallExpression): Expression | undefined {
  const name = textOf(node.expression)
  const [first, ...others] = node.arguments
  if (!first || node.arguments.some(ts.isSpreadElement)) return undefined
  if ((name === 'Object.freeze' || name === 'Object.seal') && others.length === 0) {
    return isStorage(typeIn(c, first)) ? lowerExpression(c, first) : undefined
  }
  if (name !== 'Object.assign') return undefined
  const target = bare(first)
  if (ts.isObjectLiteralExpression(target)) return lowerMerged(c, node, [...target.properties, ...others], typeIn(c, node))
  return assignInto(c, first, others)
}

/** Every field of the others, in their order. */
function assignInto(c: Context, first: ts.Expression, others: readonly ts.Expression[]): Expression | undefined {
  const types = [first, ...others].map((part) => typeIn(c, part))
  const [of] = types
  if (of?.kind !== 'record' || of.tuple) return undefined
  const isFitting = types.every(
    (type) =>
      type.kind === 'record' &&
      !type.tuple &&
      type.fields.every(({ name, optional }) => !optional && of.fields.some((one) => one.name === name)),
  )
  if (!isFitting) return undefined
  const [target, ...sources] = lowerInOrder(
    c,
    [first, ...others].map((part) => () => held(c, lowerExpression(c, part), 'object')),
  )
  for (const source of sources) {
    const type = typeOfExpression(c.f.variables, source)
    if (type.kind !== 'record') return undefined
    for (const { name, type: from } of type.fields) {
      const wanted = of.fields.find((one) => one.name === name)!
      const value = temporary(c, name, from, field(source, name))
      emit(c, { kind: 'assign', target: field(target!, name), value: fitting(value, wanted.type) })
    }
  }
  return target
}
