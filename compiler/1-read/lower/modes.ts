/**
 * Grad modes: `noGrad`, `enableGrad`, `setGradEnabled`. A region is the body of its function, put in place of the call. In a region without gradients
 * every number that a statement computes is a constant, calls included, because they stand there too; a region that enables them again within is left
 * as it is, so only what was computed outside of both can be active in it.
 */

import ts from '#typescript'
import { operation } from '../../ir/build.ts'
import { isHarmless } from '../../ir/guard.ts'
import type { Call, Expression } from '../../ir/nodes.ts'
import { childrenOf, mapChildren } from '../../ir/walk.ts'
import { isStorage } from '../../ir/shadow-type.ts'
import { innerLists, type RawBlock, type RawStatement } from '../exits/raw.ts'
import { bare } from '../facts.ts'
import { placeOf } from '../session.ts'
import type { ModeName } from '../intrinsics.ts'
import { typeOfNode } from '../types.ts'
import { textOf } from '../session.ts'
import { assignTo, captured, emit, freshTarget, innerScope, nameOfFrame, refuse, temporary, type Context } from './context.ts'
import { readerOf } from './expression.ts'
import { lowerCondition } from './logic.ts'
import { staticAsExpression } from './call.ts'
import { inlineBody } from './inline.ts'
import { resolveFunction } from './resolve.ts'
import { typeIn } from './type-in.ts'
import { typeOfExpression } from './type-of.ts'

export function lowerMode(c: Context, node: ts.CallExpression, mode: ModeName): Expression {
  const [first, second] = node.arguments
  const body = mode === 'setGradEnabled' ? second : first
  if (!first || !body) return refuse(c, node, 'CT1114', { mode })
  const region = (inner: Context): Expression => lowerRegion(inner, node, body)
  if (mode !== 'setGradEnabled') return mode === 'noGrad' ? withoutGradients(c, node, region) : withGradients(c, region)
  const flag = bare(first)
  if (flag.kind === ts.SyntaxKind.TrueKeyword) return withGradients(c, region)
  if (flag.kind === ts.SyntaxKind.FalseKeyword) return withoutGradients(c, node, region)
  return whereTold(c, node, lowerCondition(c, flag), region)
}

/** The function's body in the place of the call. */
function lowerRegion(c: Context, node: ts.CallExpression, body: ts.Expression): Expression {
  const value = resolveFunction(c, body)
  if (value?.kind !== 'function') return refuse(c, body, 'CT3002', { text: textOf(body), function: nameOfFrame(c.frame) })
  const scope = { parent: value.environment, bindings: new Map() }
  const result = inlineBody(innerScope(c), { node, returned: typeIn(c, node) }, value.declaration, scope)
  return result.kind === 'expression' ? result.expression : staticAsExpression(c, node, result.value)
}

function withGradients(c: Context, region: (c: Context) => Expression): Expression {
  let value: Expression | undefined
  const body = captured(c, () => {
    const computed = region(c)
    const type = typeOfExpression(c.f.variables, computed)
    // What is computed here is computed with gradients, wherever its value is read.
    value = type.kind === 'number' && computed.kind !== 'number' ? temporary(c, 'enabled', type, computed) : computed
  })
  emit(c, { kind: 'block', target: freshTarget(c), body, enabled: true })
  return value!
}

function withoutGradients(c: Context, node: ts.CallExpression, region: (c: Context) => Expression): Expression {
  let value: Expression | undefined
  const list = captured(c, () => (value = region(c)))
  const constants = new Constants(c, leavingWith(value!, list))
  for (const statement of constants.list(list)) c.f.out.push(statement)
  c.f.session.withoutGradients.push(placeOf(node))
  return constants.result(value!)
}

/** A flag that is known at run time only: both behaviours, and a branch. */
function whereTold(c: Context, node: ts.CallExpression, test: Expression, region: (c: Context) => Expression): Expression {
  const type = typeOfNode(readerOf(c), node)
  const result = type.kind === 'void' ? undefined : temporary(c, 'region', type)
  const branch = (lower: () => Expression): RawStatement[] =>
    captured(c, () => {
      const value = lower()
      if (result) assignTo(c, result, value)
    })
  // A value that was computed with gradients keeps them on its way out.
  const then = captured(c, () => {
    const body = branch(() => withGradients(c, region))
    emit(c, { kind: 'block', target: freshTarget(c), body, enabled: true })
  })
  emit(c, { kind: 'if', test, then, else: branch(() => withoutGradients(c, node, region)) })
  return result ?? { kind: 'opaque', parts: ['undefined'], type, effects: false }
}

/** Variables whose storage leaves the region with its value. */
function leavingWith(value: Expression, list: readonly RawStatement[]): ReadonlySet<string> {
  const leaving = new Set<string>()
  const add = (one: Expression): void => {
    if (one.kind === 'variable') leaving.add(one.name)
    if (one.kind === 'list' || one.kind === 'record') childrenOf(one).forEach(add)
  }
  add(value)
  const visit = (statement: RawStatement): void => {
    innerLists(statement).forEach((inner) => inner.forEach(visit))
    const given =
      statement.kind === 'declare'
        ? { to: statement.name, value: statement.value }
        : statement.kind === 'assign'
          ? { to: rootOf(statement.target), value: statement.value }
          : statement.kind === 'push'
            ? { to: rootOf(statement.array), value: statement.value }
            : undefined
    if (given?.to !== undefined && given.value && leaving.has(given.to)) add(given.value)
  }
  for (let before = -1; before !== leaving.size;) {
    before = leaving.size
    list.forEach(visit)
  }
  return leaving
}

function rootOf(place: Expression): string | undefined {
  if (place.kind === 'element') return rootOf(place.array)
  if (place.kind === 'field') return rootOf(place.record)
  return place.kind === 'variable' ? place.name : undefined
}

class Constants {
  readonly #c: Context
  readonly #leaving: ReadonlySet<string>
  /** Variables that hold what was computed in an enabled region. */
  readonly #enabled = new Set<string>()
  /** Storage that was made in the region. */
  readonly #made = new Set<string>()

  constructor(c: Context, leaving: ReadonlySet<string>) {
    this.#c = c
    this.#leaving = leaving
  }

  list(statements: readonly RawStatement[]): readonly RawStatement[] {
    return statements.map((statement) => this.#statement(statement))
  }

  /** A reference to what lies outside gives constants; what was made inside holds them already. */
  result(value: Expression): Expression {
    if (value.kind === 'variable' && (this.#enabled.has(value.name) || this.#made.has(value.name))) return value
    if (isCreation(value)) return this.#left(this.#constant(value))
    return this.#isReference(value) ? operation('stopGradient', this.#constant(value)) : this.#constant(value)
  }

  #statement(statement: RawStatement): RawStatement {
    const constant = this.#constantly(statement)
    // What enables gradients within is left as it is, and a block has no place of its own.
    return 'origin' in constant ? { ...constant, origin: { ...constant.origin, withoutGradients: true } } : constant
  }

  #constantly(statement: RawStatement): RawStatement {
    switch (statement.kind) {
      case 'block':
        return this.#block(statement)
      case 'if':
        return { ...statement, then: this.list(statement.then), else: this.list(statement.else) }
      case 'loop':
        return { ...statement, body: this.list(statement.body) }
      case 'declare':
        if (!statement.value) return statement
        this.#note(statement.name, statement.value)
        return { ...statement, value: this.#given(statement.name, statement.value) }
      case 'assign':
        if (statement.target.kind === 'variable') this.#note(statement.target.name, statement.value)
        return { ...statement, value: this.#given(rootOf(statement.target), statement.value, statement.target.kind !== 'variable') }
      case 'push':
        return { ...statement, value: this.#given(rootOf(statement.array), statement.value, true) }
      case 'fill':
        return { ...statement, value: this.#constant(statement.value) }
      case 'copyInto':
        return { ...statement, source: operation('stopGradient', statement.source) }
      case 'call':
        return this.#call(statement)
      case 'effect':
        return { ...statement, expression: this.#constant(statement.expression) }
      default:
        return statement
    }
  }

  #block(block: RawBlock): RawStatement {
    if (block.enabled !== true) return { ...block, body: this.list(block.body) }
    const visit = (statements: readonly RawStatement[]): void => {
      for (const statement of statements) {
        if (statement.kind === 'declare') this.#enabled.add(statement.name)
        if (statement.kind === 'assign' && statement.target.kind === 'variable') this.#enabled.add(statement.target.name)
        if (statement.kind === 'if') visit([...statement.then, ...statement.else])
        if (statement.kind === 'loop' || statement.kind === 'block') visit(statement.body)
      }
    }
    visit(block.body)
    return block
  }

  #note(name: string, value: Expression): void {
    if (value.kind === 'variable' && this.#enabled.has(value.name)) this.#enabled.add(name)
    else if (isCreation(value) || (value.kind === 'variable' && this.#made.has(value.name))) this.#made.add(name)
  }

  #call(call: Call): Call {
    if (call.result !== undefined) this.#made.add(call.result)
    const given = (argument: Expression): Expression =>
      this.#isReference(argument) && !this.#holdsConstants(argument) ? operation('stopGradient', argument) : this.#constant(argument)
    return { ...call, arguments: call.arguments.map(given) }
  }

  #isReference(value: Expression): boolean {
    return !isCreation(value) && isStorage(typeOfExpression(this.#c.f.variables, value))
  }

  #isStoragePart(part: string | Expression): boolean {
    return typeof part !== 'string' && this.#isReference(part)
  }

  /** What was made here, and leads to nothing else. */
  #holdsConstants(value: Expression): boolean {
    if (value.kind !== 'variable' || !this.#made.has(value.name)) return false
    const { type } = this.#c.f.variables[value.name]!
    return type.kind === 'array' ? !isStorage(type.element) : type.kind === 'record' && !type.fields.some((field) => isStorage(field.type))
  }

  /** What storage is given that leaves the region: it must not lead to what is followed outside. */
  #given(to: string | undefined, value: Expression, isPart = false): Expression {
    const constant = this.#constant(value)
    if (to === undefined || !this.#leaving.has(to)) return constant
    return isPart ? this.#part(constant) : this.#left(constant)
  }

  #left(value: Expression): Expression {
    return value.kind === 'list' || value.kind === 'record' ? mapChildren(value, (part) => this.#part(part)) : value
  }

  #part(value: Expression): Expression {
    if (value.kind === 'list' || value.kind === 'record') return this.#left(value)
    if (!['variable', 'element', 'field', 'view'].includes(value.kind) || !this.#isReference(value)) return value
    const root = rootOf(value)
    return root !== undefined && (this.#enabled.has(root) || this.#made.has(root)) ? value : operation('stopGradient', value)
  }

  /** The same value without a derivative. References stay what they are: what is read through them is made constant where it is read. */
  #constant(value: Expression): Expression {
    switch (value.kind) {
      case 'number':
      case 'boolean':
        return value
      case 'variable':
        return this.#enabled.has(value.name) ? value : this.#number(value)
      case 'list':
      case 'record':
        return mapChildren(value, (part) => this.#constant(part))
      case 'slice':
      case 'convert':
        return { ...value, array: operation('stopGradient', value.array) }
      case 'opaque':
        return {
          ...value,
          parts: value.parts.map((part) => (typeof part === 'string' ? part : operation('stopGradient', part))),
          // A function of a library may write where it is told to: `readSync(file, x)`.
          ...(value.effects && !isHarmless(value) && value.parts.some((part) => this.#isStoragePart(part)) && { anywhere: true }),
        }
      default:
        return this.#number(value)
    }
  }

  #number(value: Expression): Expression {
    return typeOfExpression(this.#c.f.variables, value).kind === 'number' ? operation('stopGradient', value) : value
  }
}

const isCreation = (value: Expression): boolean => ['zeros', 'list', 'record', 'slice', 'convert', 'zerosLike'].includes(value.kind)
