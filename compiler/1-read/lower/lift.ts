/**
 * Functions that are not inlined: recursive ones, and those whose derivative is called. Each becomes a function of the IR; the variables that it
 * uses of the functions around it become trailing parameters, and parameters that stand for known functions are bound for good.
 */

import ts from '#typescript'
import type { Expression } from '../../ir/nodes.ts'
import { variable } from '../../ir/build.ts'
import { mayBeUndefined, missing } from '../../ir/missing.ts'
import { symbolAt } from '../facts.ts'
import { isLocal, keyOf } from '../keys.ts'
import { sameExpression } from '../../ir/same.ts'
import { textOf } from '../session.ts'
import { irType } from '../types.ts'
import { argumentAt, UNDEFINED, type Given } from './arguments.ts'
import {
  bind,
  emit,
  freshName,
  functionName,
  giveUp,
  lookup,
  refuse,
  temporary,
  type Binding,
  type Context,
  type Environment,
} from './context.ts'
import { lowerFunction, type Lift } from './function.ts'
import { bodyOf, VOID_VALUE, type Site } from './inline.ts'
import { argumentOf, isLate, parametersOf } from './parameters.ts'
import type { DerivedValue, FunctionValue, StaticValue } from './static-value.ts'
import { typeOfExpression } from './type-of.ts'

export interface Lifted {
  readonly key: string
  /** The values of the captured variables where the function is mentioned. */
  readonly captures: readonly Expression[]
}

/** `statics` are arguments that are known functions, by position. */
export function lift(
  c: Context,
  node: ts.Node,
  { declaration, environment }: FunctionValue,
  statics: ReadonlyMap<number, StaticValue> = new Map(),
): Lifted {
  const { session } = c.f
  if (!(declaration as { body?: ts.Node }).body) return refuse(c, node, 'CT1102', { function: functionName(declaration) })
  const found = new Captures(c, declaration)
  if (environment) found.collect(declaration, environment)
  for (const [i, value] of statics) found.bindParameter(parametersOf(declaration)[i]!, value)
  // Where a request stands outside of differentiated code, only literals can be captured from a call that made the function.
  if (c.f.key === '' && found.values().length > 0)
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
  }
  return { key, captures: found.values() }
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
  const given = completeArguments(c, site.node, declaration, args, statics)
  const { key, captures } = lift(c, site.node, value, statics)
  const known = c.f.session.functions.get(key)?.result
  const type = known ?? site.returned
  if (!known && type.kind === 'opaque') return refuse(c, site.node, 'CT2010', { function: functionName(declaration), type: type.text })
  const all = [...given, ...captures]
  if (type.kind === 'void') {
    emit(c, { kind: 'call', callee: key, arguments: all })
    return VOID_VALUE
  }
  const result = freshName(c.f, functionName(declaration), type)
  emit(c, { kind: 'call', result, callee: key, arguments: all })
  return { kind: 'expression', expression: variable(result) }
}

/**
 * Every argument, those left out too: a derivative has parameters after them. A default that depends on other parameters belongs to the function:
 * with `leavesDefaults` it stays there, so that what is differentiated by those parameters flows through it.
 */
export function completeArguments(
  c: Context,
  node: ts.Node,
  declaration: ts.FunctionLikeDeclaration,
  args: Given,
  statics: ReadonlyMap<number, StaticValue>,
  leavesDefaults = false,
): readonly Expression[] {
  const inside: Context = { ...c, environment: { parent: undefined, bindings: new Map() } }
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

/** What a function and the known functions that it mentions use of the functions around it. */
class Captures {
  readonly #c: Context
  /** The function that is lifted. */
  readonly #root: ts.Node
  readonly #variables = new Map<ts.Symbol, Expression>()
  readonly #constants = new Map<ts.Symbol, Expression & { kind: 'number' | 'boolean' }>()
  readonly #statics = new Map<ts.Symbol, StaticValue>()
  readonly #seen = new Map<ts.Node, Set<Environment>>()

  constructor(c: Context, root: ts.Node) {
    this.#c = c
    this.#root = root
  }

  collect(declaration: ts.Node, environment: Environment): void {
    const environments = this.#seen.get(declaration) ?? new Set()
    if (environments.has(environment)) return
    this.#seen.set(declaration, environments.add(environment))
    const { session } = this.#c.f
    const visit = (node: ts.Node): void => {
      if (ts.isTypeNode(node)) return
      if (ts.isIdentifier(node)) {
        const symbol = symbolAt(session.checker, node)
        const binding = symbol && lookup(environment, symbol)
        if (symbol && binding && !isDeclaredIn(symbol, declaration)) {
          // Another call's own variable, which this one has too, under the one name.
          if (isDeclaredIn(symbol, this.#root)) this.#refuseTwo(symbol, node)
          this.#note(symbol, binding, node, declaration)
        }
      }
      ts.forEachChild(node, visit)
    }
    ts.forEachChild(declaration, visit)
  }

  #note(symbol: ts.Symbol, binding: Binding, node: ts.Identifier, declaration: ts.Node): void {
    if (binding.kind === 'expression') {
      const { expression } = binding
      if (expression.kind === 'number' || expression.kind === 'boolean') {
        const known = this.#constants.get(symbol)
        if (this.#variables.has(symbol) || (known && !Object.is(known.value, expression.value))) this.#refuseTwo(symbol, node)
        return void this.#constants.set(symbol, expression)
      }
      if (this.#c.f.session.facts.assignedWithin(declaration).has(symbol))
        refuse(this.#c, node, 'CT2008', { function: functionName(declaration), name: node.text, operator: 'the derivative' })
      const known = this.#variables.get(symbol)
      if (this.#constants.has(symbol) || (known && !sameExpression(known, expression))) this.#refuseTwo(symbol, node)
      this.#variables.set(symbol, expression)
      return
    }
    this.#setStatic(symbol, binding.value, node)
  }

  /** What a function is specialised by is told apart by name, so one name must not stand for two things. */
  #setStatic(symbol: ts.Symbol, value: StaticValue, node: ts.Node): void {
    const known = this.#statics.get(symbol)
    if (known && !isSameStatic(known, value)) this.#refuseTwo(symbol, node)
    this.#statics.set(symbol, value)
    this.#follow(value, node)
  }

  #refuseTwo({ name }: ts.Symbol, node: ts.Node): never {
    return refuse(this.#c, node, 'CT2012', { name, function: functionName(this.#root) })
  }

  #follow(value: StaticValue, node: ts.Node): void {
    if (value.kind === 'derived') this.#follow(value.of, node)
    if (value.kind === 'function' && value.environment) this.collect(value.declaration, value.environment)
    if (value.kind === 'pullback' || value.kind === 'release') this.#refuseValue(node, 'a pullback')
    if (value.kind === 'choice' || value.kind === 'object')
      this.#refuseValue(node, value.kind === 'choice' ? 'a function chosen at run time' : 'an object of functions')
  }

  #refuseValue(node: ts.Node, what: string): never {
    return refuse(this.#c, node, 'CT3008', { function: functionName(this.#root), name: textOf(node), what })
  }

  bindParameter(parameter: ts.ParameterDeclaration, value: StaticValue): void {
    const symbol = this.#c.f.session.checker.getSymbolAtLocation(parameter.name)
    if (!symbol) return this.#refuseValue(parameter.name, 'an object of functions')
    this.#setStatic(symbol, value, parameter)
  }

  /** Tells apart what was specialised differently. */
  suffix(): string {
    const parts = [
      ...[...this.#statics].map(([symbol, value]) => `${symbol.name}=${this.#identity(value)}`),
      ...[...this.#constants].map(([symbol, { value }]) => `${symbol.name}=${Object.is(value, -0) ? '-0' : String(value)}`),
    ]
    // The same function is read without captures where its request stands outside of differentiated code.
    const captured = [...this.#variables.keys()].map(({ name }) => name)
    return `${parts.length === 0 ? '' : `<${parts.join(',')}>`}${captured.length === 0 ? '' : `^${captured.join(',')}`}`
  }

  #identity(value: StaticValue): string {
    switch (value.kind) {
      case 'function':
        return keyOf(this.#c.f.session, value.declaration)
      case 'derived':
        return `${value.operator}(${this.#identity(value.of)},${JSON.stringify(value.options)})`
      case 'builtin':
        return value.name
      case 'undefined':
      case 'choice':
      case 'object':
      case 'pullback':
      case 'listMethod':
      case 'release':
      case 'construction':
      case 'class':
      case 'variable':
        return value.kind
    }
  }

  lift(): Lift {
    const types = this.#c.f.variables
    return {
      captures: [...this.#variables].map(([symbol, expression]) => ({
        symbol,
        name: symbol.name,
        type: typeOfExpression(types, expression),
      })),
      slots: this.#c.slots,
      statics: [...this.#statics].map(([symbol, value]) => ({ symbol, value })),
      constants: [...this.#constants].map(([symbol, expression]) => ({ symbol, expression })),
    }
  }

  names(): readonly string[] {
    return [...this.#variables.keys()].map(({ name }) => name)
  }

  values(): readonly Expression[] {
    return [...this.#variables.values()]
  }
}

const isDeclaredIn = (symbol: ts.Symbol, node: ts.Node): boolean =>
  symbol.declarations?.some((declaration) => ts.findAncestor(declaration, (around) => around === node) !== undefined) ?? false

function isSameStatic(a: StaticValue, b: StaticValue): boolean {
  if (a === b) return true
  if (a.kind === 'function' && b.kind === 'function') return a.declaration === b.declaration && a.environment === b.environment
  if (a.kind === 'derived' && b.kind === 'derived')
    return a.operator === b.operator && isSameStatic(a.of, b.of) && JSON.stringify(a.options) === JSON.stringify(b.options)
  if (a.kind === 'builtin' && b.kind === 'builtin') return a.name === b.name
  return a.kind === 'undefined' && b.kind === 'undefined'
}

/** The base function of a derivative of a derivative. */
export function baseOf(value: FunctionValue | DerivedValue): FunctionValue {
  return value.kind === 'function' ? value : baseOf(value.of)
}
