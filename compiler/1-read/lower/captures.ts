/** What a function that is not inlined uses of the functions around it. */

import ts from '#typescript'
import type { Expression, FieldAccess, RecordType, Variable } from '../../ir/nodes.ts'
import { sameExpression } from '../../ir/same.ts'
import { symbolAt } from '../facts.ts'
import { keyOf } from '../keys.ts'
import { textOf } from '../session.ts'
import { functionName, lookup, refuse, type Binding, type Context, type Environment } from './context.ts'
import type { Lift } from './function.ts'
import type { StaticValue } from './static-value.ts'
import { typeOfExpression } from './type-of.ts'

/** The one field of a box. */
export const CONTENT = 'value'

/** A variable that a function assigns, which is not its own: it is put into a box for the call, or is in one already. */
export interface Shared {
  readonly expression: Variable | FieldAccess
  /** Of the box. */
  readonly type: RecordType
}

/** What a function and the known functions that it mentions use of the functions around it. */
export class Captures {
  readonly #c: Context
  /** The function that is lifted. */
  readonly #root: ts.Node
  readonly #variables = new Map<ts.Symbol, Expression>()
  /** Those that are assigned. */
  readonly #shared = new Map<ts.Symbol, Variable | FieldAccess>()
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
      if (this.#c.f.session.facts.assignedWithin(declaration).has(symbol)) return this.#share(symbol, expression, node, declaration)
      const known = this.#variables.get(symbol)
      if (this.#constants.has(symbol) || (known && !sameExpression(known, expression))) this.#refuseTwo(symbol, node)
      this.#variables.set(symbol, expression)
      return
    }
    this.#setStatic(symbol, binding.value, node)
  }

  /** What the function assigns, it is given in a box. */
  #share(symbol: ts.Symbol, expression: Expression, node: ts.Identifier, declaration: ts.Node): void {
    const isBox = expression.kind === 'field' && expression.name === CONTENT && expression.record.kind === 'variable'
    if (expression.kind !== 'variable' && !isBox)
      return refuse(this.#c, node, 'CT2008', { function: functionName(declaration), name: node.text, operator: 'the derivative' })
    const known = this.#shared.get(symbol)
    if (known && !sameExpression(known, expression)) this.#refuseTwo(symbol, node)
    this.#shared.set(symbol, expression)
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
    if (value.kind === 'function' && value.wrapped?.by === 'customVjp') this.#follow(value.wrapped.rule, node)
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
    const captured = [...this.#read().map(([{ name }]) => name), ...[...this.#shared.keys()].map(({ name }) => `&${name}`)]
    return `${parts.length === 0 ? '' : `<${parts.join(',')}>`}${captured.length === 0 ? '' : `^${captured.join(',')}`}`
  }

  #identity(value: StaticValue): string {
    switch (value.kind) {
      case 'function':
        return keyOf(this.#c.f.session, value.declaration) + this.#identityOfWrapper(value)
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

  #identityOfWrapper({ wrapped }: StaticValue & { kind: 'function' }): string {
    if (!wrapped) return ''
    return wrapped.by === 'checkpoint' ? '|checkpoint' : `|by ${this.#identity(wrapped.rule)}`
  }

  lift(): Lift {
    const types = this.#c.f.variables
    return {
      captures: [
        ...this.#read().map(([symbol, expression]) => ({ symbol, name: symbol.name, type: typeOfExpression(types, expression) })),
        ...[...this.#shared.keys()].map((symbol, i) => ({ symbol, name: `${symbol.name}_box`, type: this.shared()[i]!.type, isBox: true })),
      ],
      slots: this.#c.slots,
      statics: [...this.#statics].map(([symbol, value]) => ({ symbol, value })),
      constants: [...this.#constants].map(([symbol, expression]) => ({ symbol, expression })),
    }
  }

  names(): readonly string[] {
    return [...this.#variables.keys(), ...this.#shared.keys()].map(({ name }) => name)
  }

  /** Those that nothing assigns, one of the functions that are followed among them. */
  #read(): readonly (readonly [ts.Symbol, Expression])[] {
    return [...this.#variables].filter(([symbol]) => !this.#shared.has(symbol))
  }

  values(): readonly Expression[] {
    return this.#read().map(([, expression]) => expression)
  }

  shared(): readonly Shared[] {
    return [...this.#shared.values()].map((expression): Shared => {
      const type = typeOfExpression(this.#c.f.variables, expression)
      return { expression, type: { kind: 'record', tuple: false, fields: [{ name: CONTENT, type }] } }
    })
  }
}

const isDeclaredIn = (symbol: ts.Symbol, node: ts.Node): boolean =>
  symbol.declarations?.some((declaration) => ts.findAncestor(declaration, (around) => around === node) !== undefined) ?? false

function isSameStatic(a: StaticValue, b: StaticValue): boolean {
  if (a === b) return true
  if (a.kind === 'function' && b.kind === 'function')
    return a.declaration === b.declaration && a.environment === b.environment && a.wrapped?.site === b.wrapped?.site
  if (a.kind === 'derived' && b.kind === 'derived')
    return a.operator === b.operator && isSameStatic(a.of, b.of) && JSON.stringify(a.options) === JSON.stringify(b.options)
  if (a.kind === 'builtin' && b.kind === 'builtin') return a.name === b.name
  return a.kind === 'undefined' && b.kind === 'undefined'
}
