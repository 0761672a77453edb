/** `f.call(self, a, b)` and `f.apply(self, list)`, where the function is known: a call with its arguments written otherwise. */

import ts from '#typescript'
import { bare } from '../facts.ts'
import { evaluateArguments, evaluateSpread } from './arguments.ts'
import { apply } from './call.ts'
import { chained, type Binding, type Context } from './context.ts'
import { lowerEffect } from './expression.ts'
import { mentionsThis, staticOf, valueOf } from './static.ts'
import { textOf } from '../session.ts'
import type { FunctionValue, StaticValue } from './static-value.ts'
import { hasEffects } from './unseen.ts'
import { typeIn } from './type-in.ts'

export function lowerApplied(c: Context, node: ts.CallExpression): Binding | undefined {
  const callee = bare(node.expression)
  if (!ts.isPropertyAccessExpression(callee) || !['call', 'apply'].includes(callee.name.text) || callee.questionDotToken) return undefined
  const value = staticOf(c, bare(callee.expression))
  if (value?.kind !== 'builtin' && value?.kind !== 'function') return undefined
  const [self, ...others] = node.arguments
  if (!self || ts.isSpreadElement(self)) return undefined
  const [list, more] = others
  if (callee.name.text === 'apply' && (!list || more || ts.isSpreadElement(list))) return undefined
  const given = withSelf(c, value, self)
  const args = callee.name.text === 'call' ? evaluateArguments(c, others) : evaluateSpread(c, list!)
  return given && apply({ ...c, chain: chained(c, node, textOf(callee.expression)) }, { node, returned: typeIn(c, node) }, given, args)
}

/** The function with what it is called on, if it asks for that. */
function withSelf(c: Context, value: FunctionValue | (StaticValue & { kind: 'builtin' }), self: ts.Expression): StaticValue | undefined {
  if (value.kind === 'builtin' || ts.isArrowFunction(value.declaration) || !mentionsThis(value.declaration)) {
    if (doesSomething(self)) lowerEffect(c, self)
    return value
  }
  return value.self ? undefined : { ...value, self: valueOf(c, self) }
}

const doesSomething = (node: ts.Node): boolean =>
  hasEffects(node) || ts.forEachChild(node, (child) => doesSomething(child) || undefined) === true
