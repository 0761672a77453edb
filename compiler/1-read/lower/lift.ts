/**
 * Functions that are not inlined: recursive ones, and those whose derivative is called. Each becomes a function of the IR; the variables that it
 * uses of the functions around it become trailing parameters, and parameters that stand for known functions are bound for good.
 */

import ts from '#typescript'
import type { Expression } from '../../ir/nodes.ts'
import { variable } from '../../ir/build.ts'
import { sameExpression } from '../../ir/same.ts'
import { symbolAt } from '../facts.ts'
import { isLocal, keyOf } from '../keys.ts'
import { textOf } from '../session.ts'
import { typeOfNode } from '../types.ts'
import { emit, freshName, functionName, giveUp, lookup, notYet, type Binding, type Context, type Environment } from './context.ts'
import { lowerExpression, readerOf } from './expression.ts'
import { lowerFunction, type Lift } from './function.ts'
import { staticArgument } from './inline.ts'
import { lowerInOrder } from './operands.ts'
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
  if (!(declaration as { body?: ts.Node }).body) return notYet(c, node, `a call of \`${functionName(declaration)}\`, which has no body,`)
  const found = new Captures(c, declaration)
  if (environment) found.collect(declaration, environment)
  for (const [i, value] of statics) found.bindParameter(declaration.parameters[i]!, value)
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

/** How emitted code calls the original. */
/** Tells apart what was read for requests that bind hooks differently. */
const slotsOf = ({ slots }: Context): string =>
  slots.size === 0 ? '' : `{${[...slots].map(([name, fn]) => `${name}=${textOf(fn)}`).join(',')}}`

function nameOriginal(c: Context, declaration: ts.FunctionLikeDeclaration, key: string): void {
  const { checker, names, namesOf } = c.f.session
  const holder = ts.isVariableDeclaration(declaration.parent) ? declaration.parent.name : (declaration as { name?: ts.Node }).name
  const symbol = holder && checker.getSymbolAtLocation(holder)
  const name = symbol && names.nameOf(symbol)
  if (name !== undefined) namesOf.set(key, name)
}

/** A call of a function of the IR. */
export function callLifted(c: Context, node: ts.CallExpression, value: FunctionValue): Expression {
  const { declaration } = value
  const statics = new Map<number, StaticValue>()
  node.arguments.forEach((argument, i) => {
    const known = staticArgument(c, argument)
    if (known) statics.set(i, known)
  })
  const given = argumentsOf(c, node, declaration, statics)
  const { key, captures } = lift(c, node, value, statics)
  const type = c.f.session.functions.get(key)?.result ?? typeOfNode(readerOf(c), node)
  const args = [...given, ...captures]
  if (type.kind === 'void') {
    emit(c, { kind: 'call', callee: key, arguments: args })
    return { kind: 'opaque', parts: ['undefined'], type, effects: false }
  }
  const result = freshName(c.f, functionName(declaration), type)
  emit(c, { kind: 'call', result, callee: key, arguments: args })
  return variable(result)
}

/** Every argument, those left out too: a derivative has parameters after them. */
export function argumentsOf(
  c: Context,
  node: ts.CallExpression,
  declaration: ts.FunctionLikeDeclaration,
  statics: ReadonlyMap<number, StaticValue>,
): readonly Expression[] {
  const isMissing = (argument: ts.Expression | undefined): boolean =>
    argument === undefined || (ts.isIdentifier(argument) && argument.text === 'undefined')
  const scope: Environment = { parent: undefined, bindings: new Map() }
  const positions = declaration.parameters.flatMap((_, i) => (statics.has(i) ? [] : [i]))
  const written = positions.filter((i) => !isMissing(node.arguments[i]))
  const values = lowerInOrder(
    c,
    written.map((i) => () => lowerExpression(c, node.arguments[i]!)),
  )
  return positions.map((i) => {
    const parameter = declaration.parameters[i]!
    if (!ts.isIdentifier(parameter.name) || parameter.dotDotDotToken) return notYet(c, parameter, 'a parameter with a pattern or `...`')
    const at = written.indexOf(i)
    const value =
      at >= 0
        ? values[at]!
        : parameter.initializer
          ? lowerExpression({ ...c, environment: scope }, parameter.initializer)
          : notYet(c, node, `a call without the argument \`${parameter.name.text}\``)
    const symbol = c.f.session.checker.getSymbolAtLocation(parameter.name)
    if (symbol) scope.bindings.set(symbol, { kind: 'expression', expression: value })
    return value
  })
}

/** What a function and the known functions that it mentions use of the functions around it. */
class Captures {
  readonly #c: Context
  /** The function that is lifted. */
  readonly #root: ts.Node
  readonly #variables = new Map<ts.Symbol, Expression>()
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
      if (this.#c.f.session.facts.isAssignedWithin(symbol, declaration))
        notYet(this.#c, node, `a function that changes \`${node.text}\` from outside it, where it is differentiated by itself`)
      const known = this.#variables.get(symbol)
      if (known && !sameExpression(known, binding.expression)) this.#refuseTwo(symbol, node)
      this.#variables.set(symbol, binding.expression)
      return
    }
    this.#setStatic(symbol, binding.value, node)
  }

  /** What a function is specialised by is told apart by name, so one name must not stand for two things. */
  #setStatic(symbol: ts.Symbol, value: StaticValue, node: ts.Node): void {
    const known = this.#statics.get(symbol)
    if (known && !isSameStatic(known, value)) this.#refuseTwo(symbol, node)
    this.#statics.set(symbol, value)
    this.#follow(value)
  }

  #refuseTwo({ name }: ts.Symbol, node: ts.Node): never {
    return notYet(this.#c, node, `a function whose calls would each need their own \`${name}\` at the same time`)
  }

  #follow(value: StaticValue): void {
    if (value.kind === 'derived') this.#follow(value.of)
    if (value.kind === 'function' && value.environment) this.collect(value.declaration, value.environment)
  }

  bindParameter(parameter: ts.ParameterDeclaration, value: StaticValue): void {
    const symbol = this.#c.f.session.checker.getSymbolAtLocation(parameter.name)
    if (symbol) this.#setStatic(symbol, value, parameter)
  }

  /** Tells apart what was specialised differently. */
  suffix(): string {
    const parts = [...this.#statics].map(([symbol, value]) => `${symbol.name}=${this.#identity(value)}`)
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
      case 'intrinsic':
        return value.name
      case 'undefined':
        return 'undefined'
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
    }
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
  return a.kind === b.kind && a.kind !== 'function' && a.kind !== 'derived' && JSON.stringify(a) === JSON.stringify(b)
}

/** The base function of a derivative of a derivative. */
export function baseOf(value: FunctionValue | DerivedValue): FunctionValue {
  return value.kind === 'function' ? value : baseOf(value.of)
}
