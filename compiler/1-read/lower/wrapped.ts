/**
 * `checkpoint(f)` and `customVjp(f, rule)`: the function `f`, of which is said how calls of it are reversed. Such a call is never inlined, so that there is a
 * call to reverse. What is called is a function of the IR of its own, with the body of `f`.
 */

import ts from '#typescript'
import { variable } from '../../ir/build.ts'
import type { Expression, FunctionNode, Reversed, Statement } from '../../ir/nodes.ts'
import { bare, symbolAt } from '../facts.ts'
import { intrinsicOf, isWrapper } from '../intrinsics.ts'
import { isLocal, keyOf } from '../keys.ts'
import { textOf, type Session } from '../session.ts'
import { functionName, refuse, type Context } from './context.ts'
import { lift, refuseShared, type Lifted } from './lift.ts'
import { resolveFunction } from './resolve.ts'
import { liftRule } from './rule.ts'
import type { FunctionValue, StaticValue, Wrapped } from './static-value.ts'

/** The function that an expression wraps, if it is a call of a wrapper. */
export function resolveWrapped(c: Context, call: ts.CallExpression): FunctionValue | undefined {
  const callee = bare(call.expression)
  const name = ts.isPropertyAccessExpression(callee) ? callee.name : callee
  const wrapper = ts.isIdentifier(name) ? intrinsicOf(symbolAt(c.f.session.checker, name)) : undefined
  if (wrapper === undefined || !isWrapper(wrapper)) return undefined
  const count = wrapper === 'checkpoint' ? 1 : 2
  if (call.arguments.length !== count || call.arguments.some(ts.isSpreadElement)) {
    const expected = count === 1 ? 'a function' : 'a function and its rule'
    return refuse(c, call, 'CT1104', { operator: wrapper, expected, actual: `${String(call.arguments.length)} arguments` })
  }
  const functions = call.arguments.map((argument): FunctionValue => {
    const value = resolveFunction(c, argument)
    return value?.kind === 'function' ? value : refuse(c, argument, 'CT1101', { operator: wrapper, text: textOf(argument) })
  })
  const [of, rule] = functions
  const wrapped: Wrapped = rule ? { by: 'customVjp', rule, site: call } : (of!.wrapped ?? { by: 'checkpoint', site: call })
  return { ...of!, wrapped }
}

const CHECKPOINT = '|checkpoint'

/** The function of the IR that stands for a wrapped one. */
export function liftWrapped(c: Context, node: ts.Node, value: FunctionValue, statics: ReadonlyMap<number, StaticValue>): Lifted {
  const { wrapped, ...plain } = value
  const base = lift(c, node, plain, statics)
  if (!wrapped) return base
  const { session } = c.f
  const addCheckpoint = (fn: FunctionNode): string =>
    add(c, base.key, CHECKPOINT, { ...fn, reversed: { by: 'recomputed' } }, value, wrapped.site)
  const fn = session.functions.get(base.key)
  if (!fn && wrapped.by === 'checkpoint') {
    // It wraps itself: what it is called then is known, and it is there when it has been read.
    session.afterReading.set(base.key, () => addCheckpoint(session.functions.get(base.key)!))
    return { ...base, key: base.key + CHECKPOINT }
  }
  if (!fn)
    return refuse(c, node, 'CT1111', { what: `\`${textOf(wrapped.site)}\` within itself`, function: functionName(value.declaration) })
  if (wrapped.by === 'checkpoint') return { ...base, key: addCheckpoint(fn) }
  refuseShared(c, node, plain, base.shared)
  const rule = liftRule(c, wrapped, base.key, fn, fn.parameters.length - base.captures.length - base.shared.length)
  const reversed: Reversed = { by: 'rule', forward: rule.forward, backward: rule.backward }
  const key = add(c, base.key, rule.suffix, withCaptures({ ...fn, reversed }, session, rule), value, wrapped.site)
  return { ...base, key, captures: [...base.captures, ...rule.captures] }
}

/** What the rule uses of the functions around it is given to the function too, which has no use for it. */
function withCaptures(
  fn: FunctionNode,
  { functions }: Session,
  rule: { readonly forward: string; readonly captures: readonly Expression[] },
): FunctionNode {
  const forward = functions.get(rule.forward)!
  const variables = { ...fn.variables }
  const added = forward.parameters.slice(forward.parameters.length - rule.captures.length).map((parameter) => {
    let name = parameter.name
    for (let i = 2; name in variables; i++) name = `${parameter.name}_${String(i)}`
    variables[name] = { type: forward.variables[parameter.name]!.type, mutable: false }
    return { ...parameter, name }
  })
  return { ...fn, variables, parameters: [...fn.parameters, ...added] }
}

/** It is called as the function is, or by the name of the constant that holds it. */
function add(c: Context, base: string, suffix: string, fn: FunctionNode, { declaration }: FunctionValue, site: ts.Node): string {
  const { functions, namesOf, names, checker } = c.f.session
  const key = base + suffix
  if (functions.has(key)) return key
  const holder = ts.isVariableDeclaration(site.parent) && ts.isIdentifier(site.parent.name) ? site.parent.name : undefined
  functions.set(key, holder ? { ...fn, name: holder.text } : fn)
  if (fn.parameters.length > functions.get(base)!.parameters.length) return key
  // What is specialised, or given what it captures, is another function than the one that the constant holds.
  const symbol = holder && base === keyOf(c.f.session, declaration) && !isLocal(site) ? checker.getSymbolAtLocation(holder) : undefined
  const name = namesOf.get(base) ?? (symbol && names.nameOf(symbol))
  if (name !== undefined) namesOf.set(key, name)
  return key
}

/** A function that does nothing but call a wrapped one: there, how that is reversed counts. */
export function calledAlone(c: Context, callee: string): string {
  const { functions, namesOf } = c.f.session
  const key = `${callee}|called`
  const fn = functions.get(callee)
  if (!fn || functions.has(key)) return key
  const { name, parameters, result, origin } = fn
  const variables = Object.fromEntries(parameters.map((one) => [one.name, { type: fn.variables[one.name]!.type, mutable: false }]))
  const at = origin && { origin }
  const args = parameters.map((one) => variable(one.name))
  let made = name
  while (made in variables) made += '_'
  const body: readonly Statement[] =
    result.kind === 'void'
      ? [{ kind: 'call', callee, arguments: args, ...at }]
      : [
          { kind: 'call', result: made, callee, arguments: args, ...at },
          { kind: 'return', value: variable(made), ...at },
        ]
  if (result.kind !== 'void') variables[made] = { type: result, mutable: false }
  functions.set(key, { name, parameters, variables, result, body, ...at })
  const original = namesOf.get(callee)
  if (original !== undefined) namesOf.set(key, original)
  return key
}
