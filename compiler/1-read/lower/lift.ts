/**
 * Functions that are not inlined: recursive ones, and those whose derivative is called. Each becomes a function of the IR; the variables that it
 * uses of the functions around it become trailing parameters, and parameters that stand for known functions are bound for good.
 */

import ts from '#typescript'
import type { Expression, Variable } from '../../ir/nodes.ts'
import { field, variable } from '../../ir/build.ts'
import { mayBeUndefined, missing } from '../../ir/missing.ts'
import { isLocal, keyOf } from '../keys.ts'
import { textOf } from '../session.ts'
import { irType } from '../types.ts'
import { argumentAt, UNDEFINED, type Given } from './arguments.ts'
import { Captures, CONTENT, type Shared } from './captures.ts'
import { assignTo, bind, emit, freshName, functionName, giveUp, refuse, temporary, type Binding, type Context } from './context.ts'
import { held } from './each-place.ts'
import { lowerFunction } from './function.ts'
import { bodyOf, VOID_VALUE, type Site } from './inline.ts'
import { argumentOf, isLate, parametersOf } from './parameters.ts'
import type { DerivedValue, FunctionValue, StaticValue } from './static-value.ts'
import { typeOfExpression } from './type-of.ts'
import { liftWrapped } from './wrapped.ts'

export interface Lifted {
  readonly key: string
  /** The values of the captured variables where the function is mentioned. */
  readonly captures: readonly Expression[]
  /** Those that the function assigns, which it is given in boxes. */
  readonly shared: readonly Shared[]
}

/** `statics` are arguments that are known functions, by position. */
export function lift(c: Context, node: ts.Node, value: FunctionValue, statics: ReadonlyMap<number, StaticValue> = new Map()): Lifted {
  if (value.wrapped) return liftWrapped(c, node, value, statics)
  const { declaration, environment } = value
  const { session } = c.f
  if (!(declaration as { body?: ts.Node }).body) return refuse(c, node, 'CT1102', { function: functionName(declaration) })
  const found = new Captures(c, declaration)
  if (environment) found.collect(declaration, environment)
  for (const [i, value] of statics) found.bindParameter(parametersOf(declaration)[i]!, value)
  // Where a request stands outside of differentiated code, only literals can be captured from a call that made the function.
  if (c.f.key === '' && found.names().length > 0)
    return refuse(c, node, 'CT2008', { function: functionName(declaration), name: found.names()[0]!, operator: 'grad' })
  const suffix = found.suffix() + slotsOf(c)
  const key = keyOf(session, declaration) + suffix
  if (!session.functions.has(key) && !session.pending.has(key)) {
    if (declaration.getSourceFile() !== session.file) session.dependencies.add(declaration.getSourceFile().fileName)
    session.pending.add(key)
    const fn = session.failed.has(key) ? undefined : lowerFunction(session, declaration, key, c.chain, found.lift())
    session.pending.delete(key)
    if (!fn) {
      session.failed.add(key)
      return giveUp(c)
    }
    session.functions.set(key, fn)
    if (suffix === '' && !isLocal(declaration)) nameOriginal(c, declaration, key)
    session.afterReading.get(key)?.()
  }
  return { key, captures: found.values(), shared: found.shared() }
}

/** Tells apart what was read for requests that bind hooks differently. */
const slotsOf = ({ slots }: Context): string =>
  slots.size === 0 ? '' : `{${[...slots].map(([name, fn]) => `${name}=${textOf(fn)}`).join(',')}}`

/** How emitted code calls the original. */
function nameOriginal(c: Context, declaration: ts.FunctionLikeDeclaration, key: string): void {
  const { checker, names, namesOf } = c.f.session
  const holder = ts.isVariableDeclaration(declaration.parent) ? declaration.parent.name : (declaration as { name?: ts.Node }).name
  const symbol = holder && checker.getSymbolAtLocation(holder)
  const name = symbol && names.nameOf(symbol)
  if (name !== undefined) namesOf.set(key, name)
}

/** A call of a function of the IR. */
export function callLifted(c: Context, site: Site, value: FunctionValue, args: Given): Binding {
  const { declaration } = value
  bodyOf(c, site, declaration)
  const statics = new Map<number, StaticValue>()
  args.list.forEach((argument, i) => {
    if (argument.kind === 'static' && argument.value.kind !== 'undefined') statics.set(i, argument.value)
  })
  const given = completeArguments(c, site.node, value, args, statics)
  const { key, captures, shared } = lift(c, site.node, value, statics)
  const callee = c.f.session.functions.get(key)
  const known = callee?.result
  const type = known ?? site.returned
  if (!known && type.kind === 'opaque') return refuse(c, site.node, 'CT2010', { function: functionName(declaration), type: type.text })
  const boxes = shared.map((one) => boxOf(c, one))
  // What is run again is given what it was given before.
  const own = value.wrapped ? given.map((argument) => (isAtom(argument) ? argument : held(c, argument, 'given'))) : given
  const all = [...own, ...captures, ...boxes.map(({ box }) => box)]
  const result = type.kind === 'void' ? undefined : freshName(c.f, callee?.name ?? functionName(declaration), type)
  emit(c, { kind: 'call', ...(result !== undefined && { result }), callee: key, arguments: all })
  for (const { box, of } of boxes) if (of) assignTo(c, of, field(box, CONTENT))
  return result === undefined ? VOID_VALUE : { kind: 'expression', expression: variable(result) }
}

const isAtom = ({ kind }: Expression): boolean => kind === 'variable' || kind === 'number' || kind === 'boolean'

/** A derivative is a function of what the variable holds, and can't change it. */
export function refuseShared(c: Context, node: ts.Node, { declaration }: FunctionValue, [first]: readonly Shared[]): void {
  if (!first) return
  const { expression } = first
  const name = expression.kind === 'variable' ? expression.name : 'a variable'
  refuse(c, node, 'CT2008', { function: functionName(declaration), name, operator: 'the derivative' })
}

/** A variable in a box of its own for the time of a call; within the function that was given the box, that box. */
function boxOf(c: Context, { expression, type }: Shared): { readonly box: Variable; readonly of?: Variable } {
  if (expression.kind === 'field') return { box: expression.record as Variable }
  const box = temporary(c, `${expression.name}_box`, type, { kind: 'record', type, values: [expression] })
  return { box, of: expression }
}

/**
 * Every argument, those left out too: a derivative has parameters after them. A default that depends on other parameters belongs to the function:
 * with `leavesDefaults` it stays there, so that what is differentiated by those parameters flows through it.
 */
export function completeArguments(
  c: Context,
  node: ts.Node,
  { declaration, environment }: FunctionValue,
  args: Given,
  statics: ReadonlyMap<number, StaticValue>,
  leavesDefaults = false,
): readonly Expression[] {
  const inside: Context = { ...c, environment: { parent: environment, bindings: new Map() } }
  return parametersOf(declaration).flatMap((parameter, i): readonly Expression[] => {
    if (statics.has(i)) return []
    if (leavesDefaults && isLate(parameter, c.f.session.checker)) {
      const left = argumentAt(args, i) ?? UNDEFINED
      if (left.kind === 'expression') return [left.expression]
      if (left.value.kind === 'undefined')
        return [missing(irType(c.f.session, c.f.session.checker.getTypeAtLocation(parameter.name)), 'undefined')]
    }
    const value = argumentOf(inside, parameter, args, i)
    if (value.kind === 'static' && value.value.kind === 'undefined') {
      const type = irType(c.f.session, c.f.session.checker.getTypeAtLocation(parameter.name))
      if (mayBeUndefined(type)) return [missing(type, 'undefined')]
    }
    if (value.kind === 'static') return refuse(c, node, 'CT3009', { function: functionName(declaration), name: parameter.name.getText() })
    const isNew = !['variable', 'element', 'field', 'number', 'boolean', 'operation', 'length'].includes(value.expression.kind)
    const expression = isNew ? temporary(c, 'value', typeOfExpression(c.f.variables, value.expression), value.expression) : value.expression
    bind(inside, c.f.session.checker.getSymbolAtLocation(parameter.name), { kind: 'expression', expression })
    return [expression]
  })
}

/** The base function of a derivative of a derivative. */
export function baseOf(value: FunctionValue | DerivedValue): FunctionValue {
  return value.kind === 'function' ? value : baseOf(value.of)
}
