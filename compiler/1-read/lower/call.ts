/** Calls: of functions that are known when compiling, of methods of arrays, and of all others. */

import ts from '#typescript'
import { element, operation, variable } from '../../ir/build.ts'
import type { Expression, Type } from '../../ir/nodes.ts'
import { operators } from '../../ir/operators.ts'
import { isAssignable } from '../../ir/types.ts'
import { bare, symbolAt } from '../facts.ts'
import { intrinsicOf, isMode } from '../intrinsics.ts'
import { textOf } from '../session.ts'
import { opaqueType } from '../types.ts'
import { lowerArrayMethod } from './array-methods/index.ts'
import { lowerApplied } from './applied.ts'
import { evaluateArguments, type Given } from './arguments.ts'
import { assignTo, captured, chained, emit, freshName, nameOfFrame, refuse, type Binding, type Context } from './context.ts'
import { lowerMethodCall } from './classes/members.ts'
import { lowerSuperCall } from './classes/construct.ts'
import { decidedCall } from './decide.ts'
import { callDerived } from './derived.ts'
import { lowerInto } from './derived-into.ts'
import { lowerExpression } from './expression.ts'
import { lowerHook } from './hooks.ts'
import { inlineCall, VOID_VALUE, type Site } from './inline.ts'
import { lowerKeyedCall } from './keyed.ts'
import { callOnKnownList, lowerFieldValues } from './known-list.ts'
import { lowerMode } from './modes.ts'
import { lowerObjectCall } from './object-call.ts'
import { lowerOpaque } from './opaque.ts'
import { ofPackage } from './package-calls.ts'
import { callPullback, callVjp } from './pullback.ts'
import { spreadBuiltin } from './spread-builtin.ts'
import { staticOf } from './static.ts'
import { callListMethod } from './static-list.ts'
import { lowerSupport } from './support.ts'
import type { ChoiceValue, StaticValue } from './static-value.ts'
import { typeIn } from './type-in.ts'
import { typeOfExpression } from './type-of.ts'
import { visitItems } from './visit-items.ts'

export function lowerCall(c: Context, node: ts.CallExpression): Expression {
  const marked = lowerIntrinsic(c, node) ?? lowerInto(c, node) ?? lowerSupport(c, node) ?? decidedCall(c, node)
  if (marked) return marked
  if (node.expression.kind === ts.SyntaxKind.SuperKeyword) return lowerSuperCall(c, node)
  const keyed = lowerKeyedCall(c, node)
  if (keyed) return keyed
  const known = callOnKnownList(c, node)
  const visited = known ? undefined : visitItems(c, node)
  if (visited) return visited
  const result = known ?? lowerApplied(c, node) ?? lowerMethodCall(c, node) ?? callKnown(c, node)
  if (result) return result.kind === 'expression' ? result.expression : staticAsExpression(c, node, result.value)
  return lowerArrayMethod(c, node) ?? lowerFieldValues(c, node) ?? lowerObjectCall(c, node) ?? lowerOpaque(c, node)
}

function callKnown(c: Context, node: ts.CallExpression): Binding | undefined {
  return ofPackage(c, node, () => {
    const callee = calleeOf(c, node)
    return callee && callStatic(c, node, callee)
  })
}

/** A value that is only known when compiling, where one of the IR is wanted. */
export function staticAsExpression(c: Context, node: ts.Node, value: StaticValue): Expression {
  if (value.kind === 'undefined') return { kind: 'opaque', parts: ['undefined'], type: opaqueType('undefined'), effects: false }
  return refuse(c, node, 'CT3002', { text: textOf(node), function: textOf(node) })
}

function lowerIntrinsic(c: Context, node: ts.CallExpression): Expression | undefined {
  const callee = bare(node.expression)
  const name = ts.isPropertyAccessExpression(callee) ? callee.name : callee
  const intrinsic = ts.isIdentifier(name) ? intrinsicOf(symbolAt(c.f.session.checker, name)) : undefined
  if (intrinsic === 'stopGradient') return operation('stopGradient', lowerExpression(c, node.arguments[0]!))
  if (intrinsic !== undefined && isMode(intrinsic)) return lowerMode(c, node, intrinsic)
  if (intrinsic === 'hook') {
    lowerHook(c, node)
    return { kind: 'opaque', parts: ['undefined'], type: { kind: 'void' }, effects: false }
  }
  if (intrinsic !== undefined) return refuse(c, node, 'CT1103', { operator: intrinsic })
  return undefined
}

/** The known function that a call is of. */
export function calleeOf(c: Context, node: ts.CallExpression): StaticValue | undefined {
  const callee = bare(node.expression)
  if (callee.kind === ts.SyntaxKind.SuperKeyword || callee.kind === ts.SyntaxKind.ImportKeyword) return undefined
  const value = staticOf(c, callee)
  if (value?.kind === 'object') return undefined
  return value
}

/** A call of a known function, with the arguments that are written. */
export function callStatic(c: Context, node: ts.CallExpression, value: StaticValue): Binding {
  if (value.kind === 'undefined' && node.questionDotToken) return { kind: 'static', value }
  if (value.kind === 'derived' && value.operator === 'vjp') return { kind: 'static', value: callVjp(followed(c, node), node, value) }
  if (value.kind === 'derived') return { kind: 'expression', expression: callDerived(followed(c, node), node, value) }
  const args = evaluateArguments(c, node.arguments)
  return apply(followed(c, node), { node, returned: typeIn(c, node) }, value, args)
}

const followed = (c: Context, node: ts.CallExpression): Context => ({ ...c, chain: chained(c, node, textOf(node.expression)) })

/** A function with its arguments, wherever both came from. */
export function apply(c: Context, site: Site, value: StaticValue, args: Given): Binding {
  switch (value.kind) {
    case 'function':
      return inlineCall(c, site, value, args)
    case 'builtin':
      return { kind: 'expression', expression: applyBuiltin(c, site, value.name, args) }
    case 'choice':
      return applyChoice(c, site, value, args)
    case 'undefined':
      emit(c, {
        kind: 'throw',
        value: { kind: 'opaque', parts: ["new TypeError('not a function')"], type: opaqueType('TypeError'), effects: false },
      })
      return VOID_VALUE
    case 'derived':
      return refuse(c, site.node, 'CT1111', {
        what: `\`${textOf(site.node)}\`, which calls a derivative that it was given,`,
        function: nameOfFrame(c.frame),
      })
    case 'pullback':
      return { kind: 'expression', expression: callPullback(c, site, value, args) }
    case 'listMethod':
      return callListMethod(c, site, value, args)
    case 'release':
      return VOID_VALUE
    case 'object':
    case 'construction':
    case 'class':
    case 'variable':
      return refuse(c, site.node, 'CT3002', { text: textOf(site.node), function: textOf(site.node) })
  }
}

/** More arguments than a built-in function has parameters are ignored, one that is missing is not a number. */
function applyBuiltin(c: Context, site: Site, name: string, args: Given): Expression {
  const { maximum, minimum, operands } = operators.get(name)!
  if (args.rest && maximum === Infinity) return spreadBuiltin(c, name, args)
  const list = args.list.map((value) => (value.kind === 'expression' ? value.expression : staticAsExpression(c, site.node, value.value)))
  if (args.rest) for (let i = list.length; i < maximum; i++) list.push(element(args.rest, { kind: 'number', value: i - args.list.length }))
  const given = list.slice(0, maximum)
  while (given.length < minimum) given.push({ kind: 'number', value: NaN, text: 'NaN' })
  const isFitting = (type: Type): boolean => operands === 'any' || type.kind === 'number'
  if (!given.every((value) => isFitting(typeOfExpression(c.f.variables, value))))
    return refuse(c, site.node, 'CT3001', { callee: name, argument: textOf(site.node) })
  return operation(name, ...given)
}

/** Each branch calls its own function: a derivative flows through the one that was called. */
function applyChoice(c: Context, site: Site, { test, then, else: otherwise }: ChoiceValue, args: Given): Binding {
  let result: string | undefined
  const branch = (value: StaticValue) =>
    captured(c, () => {
      const made = apply(c, site, value, args)
      if (made.kind === 'static') return staticAsExpression(c, site.node, made.value)
      const type = typeOfExpression(c.f.variables, made.expression)
      if (type.kind === 'void' || made === VOID_VALUE) return undefined
      result ??= freshName(c.f, 'value', isAssignable(type, site.returned) && site.returned.kind !== 'opaque' ? site.returned : type)
      assignTo(c, variable(result), made.expression)
      return undefined
    })
  const [thenList, elseList] = [branch(then), branch(otherwise)]
  if (result !== undefined) emit(c, { kind: 'declare', name: result })
  emit(c, { kind: 'if', test, then: thenList, else: elseList })
  return result === undefined ? VOID_VALUE : { kind: 'expression', expression: variable(result) }
}
