/** Puts the body of a called function in the place of the call. */

import ts from '#typescript'
import { declare, number, operation, variable } from '../../ir/build.ts'
import { mayBeUndefined, missing } from '../../ir/missing.ts'
import type { Expression, Type } from '../../ir/nodes.ts'
import { isJavaScript } from '../commonjs.ts'
import { textOf } from '../session.ts'
import { opaqueType } from '../types.ts'
import { holdArguments } from './arguments-object.ts'
import type { Given } from './arguments.ts'
import {
  assignTo,
  captured,
  emit,
  exitTo,
  freshName,
  freshTarget,
  nameOfFrame,
  functionName,
  refuse,
  type Binding,
  type Context,
  type Environment,
  type Frame,
} from './context.ts'
import { hoistVariables } from './declare.ts'
import { callLifted } from './lift.ts'
import { tried } from './package-calls.ts'
import { bindParameters } from './parameters.ts'
import { lowerBlock, returnsAtEndOnly } from './statement.ts'
import { commonType, fitResults } from './result-type.ts'
import { valueOf } from './static.ts'
import type { FunctionValue, StaticValue } from './static-value.ts'
import { typeOfExpression } from './type-of.ts'

/** More than this in one function would no longer be read by anybody. */
const BUDGET = 4000

/** A function may be called while it is being called, from an argument of its own; without an end that is recursion. */
const DEPTH = 4

/** What is called, for messages, and the type that the type checker gives the result. */
export interface Site {
  readonly node: ts.Node
  readonly returned: Type
}

export const VOID_VALUE: Binding = {
  kind: 'expression',
  expression: { kind: 'opaque', parts: ['undefined'], type: { kind: 'void' }, effects: false },
}

export function inlineCall(c: Context, site: Site, value: FunctionValue, args: Given): Binding {
  const { declaration } = value
  const { session } = c.f
  bodyOf(c, site, declaration)
  const open = timesOpen(c.frame, declaration)
  if (value.wrapped || open >= DEPTH) return callLifted(c, site, value, args)
  if (!session.facts.isRecursive(declaration)) return inlineHere(c, site, value, args)
  // An option that is left out may keep it from calling itself.
  const isTried = open === 0 && isJavaScript(declaration) && declaration.parameters.some(({ initializer }) => initializer)
  return (isTried ? tried(c, () => inlineHere(c, site, value, args)) : undefined) ?? callLifted(c, site, value, args)
}

function inlineHere(c: Context, site: Site, value: FunctionValue, args: Given): Binding {
  const { declaration, environment } = value
  const { session } = c.f
  if (c.f.written > BUDGET) return refuse(c, site.node, 'CT3005', { function: functionName(declaration), root: c.f.name })
  if (isJavaScript(declaration)) c.f.hasJavaScript = true
  if (declaration.getSourceFile() !== session.file) session.dependencies.add(declaration.getSourceFile().fileName)
  const scope: Environment = {
    parent: environment,
    bindings: new Map(),
    ...(value.self && { self: value.self, ...(value.selfClass && { selfClass: value.selfClass }) }),
  }
  bindParameters(
    { ...c, environment: scope, frame: { declaration, parent: c.frame, returns: -1, onReturn: () => undefined } },
    declaration,
    args,
  )
  holdArguments(c, declaration, args, scope)
  return inlineBody(c, site, declaration, scope)
}

/** The body alone, where the parameters are bound. */
export function inlineBody(c: Context, site: Site, declaration: ts.FunctionLikeDeclaration, scope: Environment): Binding {
  const body = bodyOf(c, site, declaration)
  const inside = (returns: number, onReturn: Frame['onReturn']): Context => ({
    ...c,
    environment: scope,
    jumps: [],
    frame: { declaration, parent: c.frame, returns, onReturn },
  })
  if (!ts.isBlock(body))
    return valueOf(
      inside(-1, () => undefined),
      body,
    )
  hoistVariables(
    inside(-1, () => undefined),
    body,
  )
  if (!returnsAtEndOnly(body)) return inlineBranching(c, site, declaration, body, inside)
  let result: Binding | undefined
  const within = inside(-1, (expression, here) => {
    result = expression && valueOf(here, expression)
  })
  lowerBlock(within, body.statements)
  return result ?? VOID_VALUE
}

/** A function with a body that can be followed. */
export function bodyOf(c: Context, site: Site, declaration: ts.FunctionLikeDeclaration): ts.ConciseBody {
  const body = (declaration as { body?: ts.ConciseBody }).body
  const name = functionName(declaration)
  if (!body) return refuse(c, site.node, 'CT1102', { function: name })
  if (ts.getCombinedModifierFlags(declaration) & ts.ModifierFlags.Async) return refuse(c, site.node, 'CT1001', { function: name })
  if (declaration.asteriskToken) return refuse(c, site.node, 'CT1002', { function: name })
  const decorated = [declaration, declaration.parent].find((one) => ts.canHaveDecorators(one) && ts.getDecorators(one) !== undefined)
  if (decorated)
    return refuse(c, site.node, 'CT1009', { feature: `the decorator of \`${functionName(decorated)}\``, function: nameOfFrame(c.frame) })
  return body
}

/** A body that may return from several places leaves a block, with its result in a variable. */
function inlineBranching(
  c: Context,
  site: Site,
  declaration: ts.FunctionLikeDeclaration,
  body: ts.Block,
  inside: (returns: number, onReturn: Frame['onReturn']) => Context,
): Binding {
  const target = freshTarget(c)
  const functions: StaticValue[] = []
  const types: Type[] = []
  let hasOthers = !alwaysReturns(c, declaration)
  let result: string | undefined
  const declared = (type: Type): string => (result ??= freshName(c.f, functionName(declaration), type))
  const within = inside(target, (expression, here) => {
    const value = expression && site.returned.kind !== 'void' ? valueOf(here, expression) : undefined
    if (value?.kind === 'static' && value.value.kind !== 'undefined') {
      // Which of the functions it is that was returned is a number.
      functions.push(value.value)
      assignTo(here, variable(declared({ kind: 'number' })), number(functions.length))
    } else if (value) {
      hasOthers = true
      const given: Expression =
        value.kind === 'expression'
          ? value.expression
          : { kind: 'opaque', parts: ['undefined'], type: opaqueType('undefined'), effects: false }
      types.push(typeOfExpression(c.f.variables, given))
      assignTo(here, variable(declared(site.returned)), given)
    }
    exitTo(here, target)
  })
  const list = captured(c, () => lowerBlock(within, body.statements))
  const isOpen = site.returned.kind === 'opaque' || isJavaScript(declaration)
  const type = (isOpen && types.length > 0 ? commonType(types) : undefined) ?? site.returned
  if (result !== undefined) {
    if (types.length > 0) c.f.variables[result] = { ...c.f.variables[result]!, type }
    // What comes to its end gives nothing.
    emit(c, declare(result, mayBeUndefined(type) ? missing(type, 'undefined') : undefined))
  }
  emit(c, { kind: 'block', target, body: result === undefined ? list : fitResults(list, result, type) })
  if (result === undefined) return VOID_VALUE
  const name = variable(result)
  if (functions.length === 0) return { kind: 'expression', expression: name }
  if (hasOthers) return refuse(c, site.node, 'CT3002', { text: textOf(site.node), function: functionName(declaration) })
  const value = functions.reduceRight((otherwise, one, i): StaticValue => {
    return i === functions.length - 1 ? one : { kind: 'choice', test: operation('===', name, number(i + 1)), then: one, else: otherwise }
  })
  return { kind: 'static', value }
}

/** Whether the type of the result has no `undefined`, which is what a body gives that comes to its end. */
function alwaysReturns(c: Context, declaration: ts.FunctionLikeDeclaration): boolean {
  const { checker } = c.f.session
  const signature = checker.getSignatureFromDeclaration(declaration)
  const type = signature && checker.getReturnTypeOfSignature(signature)
  return type !== undefined && checker.getNonNullableType(type) === type
}

function timesOpen(frame: Frame | undefined, declaration: ts.FunctionLikeDeclaration): number {
  return frame === undefined ? 0 : (frame.declaration === declaration ? 1 : 0) + timesOpen(frame.parent, declaration)
}
