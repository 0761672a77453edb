/**
 * Properties that an object lacks, which JavaScript reads to find that out: `({ r, g, b, alpha }) => ... if (alpha !== undefined)`. What an object has is known
 * where it is made. Of one that the function is given, TypeScript only says what it has: before it begins, the function looks whether it has more.
 */

import { operation } from '../../ir/build.ts'
import type { Expression, Variable } from '../../ir/nodes.ts'
import { BOOLEAN, opaqueType } from '../types.ts'
import { captured, emit, type Context } from './context.ts'
import { typeOfExpression } from './type-of.ts'

export function lacks(c: Context, object: Expression, name: string): boolean {
  const type = typeOfExpression(c.f.variables, object)
  if (type.kind !== 'record' || type.tuple || type.class || type.classes || name in Object.prototype) return false
  if (type.fields.some((one) => one.name === name || one.hidden)) return false
  if (object.kind === 'record') return true
  if (object.kind !== 'variable') return false
  if (c.f.made.has(object.name)) return true
  if (!c.f.parameters.some((parameter) => parameter.name === object.name)) return false
  takeForGranted(c, object, name)
  return true
}

function takeForGranted(c: Context, object: Variable, name: string): void {
  const { granted } = c.f
  const text = `${JSON.stringify(name)} in `
  if (granted.has(text + object.name)) return
  const message = `\`${object.name}.${name}\` is there, which this derivative was not compiled for.`
  const parts = [`new TypeError(${JSON.stringify(message)})`]
  const then = captured(c, () =>
    emit(c, { kind: 'throw', value: { kind: 'opaque', parts, type: opaqueType('TypeError'), effects: false } }),
  )
  const test: Expression = { kind: 'opaque', parts: [text, operation('stopGradient', object)], type: BOOLEAN, effects: false }
  granted.set(text + object.name, { kind: 'if', test, then, else: [] })
}
