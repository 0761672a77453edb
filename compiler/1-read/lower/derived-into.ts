/** `grad(f).into(out, x)` within a differentiated function: the gradient, copied into the buffers that it was to be written into. */

import ts from '#typescript'
import { field, length, operation, variable } from '../../ir/build.ts'
import { missingOf } from '../../ir/missing.ts'
import type { Expression } from '../../ir/nodes.ts'
import { bare } from '../facts.ts'
import { evaluateArguments } from './arguments.ts'
import { emit, freshName, nameOfFrame, refuse, type Context } from './context.ts'
import { requestDerived, resolveMade } from './derived.ts'
import { lowerExpression } from './expression.ts'
import { baseOf, completeArguments } from './lift.ts'
import { typeOfExpression } from './type-of.ts'

export function lowerInto(c: Context, node: ts.CallExpression): Expression | undefined {
  const callee = bare(node.expression)
  if (!ts.isPropertyAccessExpression(callee) || callee.name.text !== 'into') return undefined
  const value = resolveMade(c, callee.expression)
  if (value?.kind !== 'derived') return undefined
  if (value.operator !== 'grad' && value.operator !== 'valueAndGrad') return undefined
  const [buffer, ...rest] = node.arguments
  const refuseInto = (what: string): never => refuse(c, node, 'CT1111', { what, function: nameOfFrame(c.frame) })
  if (!buffer || value.options.hasAux) return refuseInto('`.into` with `hasAux`')
  const out = lowerExpression(c, buffer)
  if (out.kind !== 'variable') return refuseInto('`.into` of a buffer without a name')
  const given = completeArguments(c, node, baseOf(value), evaluateArguments(c, rest), new Map(), true)
  const { key, captures, result } = requestDerived(c, node, value)
  const name = freshName(c.f, value.operator, result)
  emit(c, { kind: 'call', result: name, callee: key, arguments: [...given, ...captures] })
  const gradient = value.operator === 'grad' ? variable(name) : field(variable(name), 'grad')
  if (!value.options.wrtIsList) copy(c, out, gradient, refuseInto)
  else value.options.wrt.forEach((_, i) => copy(c, field(out, String(i)), field(gradient, String(i)), refuseInto))
  if (value.operator === 'valueAndGrad') return field(variable(name), 'value')
  return { kind: 'opaque', parts: ['undefined'], type: { kind: 'void' }, effects: false }
}

/** As at the top: a buffer of another length is refused. */
function copy(c: Context, out: Expression, gradient: Expression, refuseInto: (what: string) => never): void {
  const [to, from] = [out, gradient].map((place) => typeOfExpression(c.f.variables, place))
  const isFlat = [to, from].every((type) => type?.kind === 'array' && type.storage !== 'Array' && missingOf(type) === undefined)
  if (!isFlat) return refuseInto('`.into` of anything but typed arrays')
  const parts = ["cotangent#wrongLength('.into', ", length(out), ', ', length(gradient), ')']
  const error: Expression = { kind: 'opaque', parts, type: { kind: 'opaque', text: 'Error' }, effects: false }
  emit(c, {
    kind: 'if',
    test: operation('!==', length(out), length(gradient)),
    then: [{ kind: 'throw', value: error }],
    else: [],
  })
  emit(c, { kind: 'copyInto', target: out, source: gradient })
}
