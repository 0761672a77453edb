/** Puts the body of a called function in the place of the call. */

import ts from '#typescript'
import { variable } from '../../ir/build.ts'
import type { Expression, Variable } from '../../ir/nodes.ts'
import { bare, functionOfSymbol, symbolAt } from '../facts.ts'
import { textOf } from '../session.ts'
import { typeOfNode } from '../types.ts'
import {
  captured,
  emit,
  exitTo,
  freshName,
  freshTarget,
  functionName,
  lookup,
  noteAssigned,
  notYet,
  temporary,
  type Binding,
  type Context,
  type Environment,
  type Frame,
} from './context.ts'
import { lowerExpression, lowerValue, readerOf } from './expression.ts'
import { lowerInOrder } from './operands.ts'
import { lowerBlock, returnsAtEndOnly } from './statement.ts'
import { resolveDerived } from './derived.ts'
import { callLifted } from './lift.ts'
import type { DerivedValue, FunctionValue, StaticValue } from './static-value.ts'
import { typeOfExpression } from './type-of.ts'

/** More than this in one function would no longer be read by anybody. */
const BUDGET = 4000

export function inlineCall(
  c: Context,
  node: ts.CallExpression,
  declaration: ts.FunctionLikeDeclaration,
  environment: Environment | undefined,
): Expression {
  const { facts } = c.f.session
  const body = (declaration as { body?: ts.ConciseBody }).body
  if (!body) return notYet(c, node, `a call of \`${textOf(node.expression)}\`, which has no body,`)
  if (facts.isRecursive(declaration) || isOpen(c.frame, declaration))
    return callLifted(c, node, { kind: 'function', declaration, environment })
  if (c.f.written > BUDGET) return notYet(c, node, 'a function as large as this one with all that it calls')
  if (
    declaration.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.AsyncKeyword) ||
    (declaration as ts.FunctionDeclaration).asteriskToken
  )
    return notYet(c, node, 'an async or generator function')
  if (declaration.getSourceFile() !== c.f.session.file) c.f.session.dependencies.add(declaration.getSourceFile().fileName)
  const scope: Environment = { parent: environment, bindings: new Map() }
  bindArguments(c, node, declaration, scope)
  return inlineBody(c, node, declaration, scope)
}

/** The body alone, where the parameters are bound. */
export function inlineBody(c: Context, node: ts.CallExpression, declaration: ts.FunctionLikeDeclaration, scope: Environment): Expression {
  const body = (declaration as { body?: ts.ConciseBody }).body!
  const inside = (returns: number, onReturn: Frame['onReturn']): Context => ({
    ...c,
    environment: scope,
    jumps: [],
    frame: { declaration, parent: c.frame, returns, onReturn },
  })
  if (!ts.isBlock(body))
    return lowerValue(
      inside(-1, () => undefined),
      body,
    )
  const returned = typeOfNode(readerOf(c), node)
  if (returnsAtEndOnly(body)) {
    let value: Expression | undefined
    const within = inside(-1, (expression, here) => {
      value = expression && lowerValue(here, expression)
    })
    lowerBlock(within, body.statements)
    return value ?? { kind: 'opaque', parts: ['undefined'], type: { kind: 'void' }, effects: false }
  }
  const result: Variable | undefined = returned.kind === 'void' ? undefined : temporary(c, functionName(declaration), returned)
  const target = freshTarget(c)
  const within = inside(target, (expression, here) => {
    if (expression && result) emit(here, { kind: 'assign', target: result, value: lowerValue(here, expression) })
    exitTo(here, target)
  })
  const list = captured(c, () => lowerBlock(within, body.statements))
  emit(c, { kind: 'block', target, body: list })
  return result ?? { kind: 'opaque', parts: ['undefined'], type: { kind: 'void' }, effects: false }
}

function isOpen(frame: Frame | undefined, declaration: ts.FunctionLikeDeclaration): boolean {
  return frame !== undefined && (frame.declaration === declaration || isOpen(frame.parent, declaration))
}

/** Functions stay static; an argument that can't change under the parameter's name stands for it; all others get a variable. */
function bindArguments(c: Context, node: ts.CallExpression, declaration: ts.FunctionLikeDeclaration, scope: Environment): void {
  const { checker, facts } = c.f.session
  const statics = new Map<number, Binding>()
  const isMissing = (argument: ts.Expression): boolean => ts.isIdentifier(argument) && argument.text === 'undefined'
  node.arguments.forEach((argument, i) => {
    const value = staticArgument(c, argument)
    if (value) statics.set(i, { kind: 'static', value })
  })
  const given = node.arguments.map((argument, i) =>
    statics.has(i) || isMissing(argument) ? undefined : () => lowerExpression(c, argument),
  )
  const values = lowerInOrder(
    c,
    given.filter((lower) => lower !== undefined),
  )
  let next = 0
  const lowered = given.map((lower) => (lower ? values[next++] : undefined))
  const bindingOf = (parameter: ts.ParameterDeclaration, i: number): Binding => {
    if (parameter.dotDotDotToken || !ts.isIdentifier(parameter.name)) return notYet(c, parameter, 'a parameter with a pattern or `...`')
    const known = statics.get(i)
    if (known) return known
    const value = lowered[i] ?? (parameter.initializer ? lowerExpression({ ...c, environment: scope }, parameter.initializer) : undefined)
    if (!value) return { kind: 'static', value: { kind: 'undefined' } }
    const symbol = checker.getSymbolAtLocation(parameter.name)!
    const isFixed = value.kind === 'number' || value.kind === 'boolean' || (value.kind === 'variable' && isConstant(c, value.name))
    if (isFixed && !facts.isAssigned(symbol)) return { kind: 'expression', expression: value }
    const type = typeOfExpression(c.f.variables, value)
    const name = freshName(c.f, parameter.name.text, type)
    noteAssigned(c, symbol, name)
    emit(c, { kind: 'declare', name, value })
    return { kind: 'expression', expression: variable(name) }
  }
  // A default may mention the parameters before it.
  declaration.parameters.forEach((parameter, i) =>
    scope.bindings.set(checker.getSymbolAtLocation(parameter.name)!, bindingOf(parameter, i)),
  )
}

/** A parameter, or a variable that is never assigned again. */
const isConstant = (c: Context, name: string): boolean => !c.f.variables[name]?.mutable && !c.f.assigned.has(name)

/** An argument that is a known function. */
export function staticArgument(c: Context, argument: ts.Expression): StaticValue | undefined {
  const node = bare(argument)
  const isFunction = ts.isArrowFunction(node) || ts.isFunctionExpression(node)
  if (!isFunction && !ts.isCallExpression(node) && !ts.isIdentifier(node)) return undefined
  if (!isFunction && c.f.session.checker.getTypeAtLocation(node).getCallSignatures().length === 0) return undefined
  return resolveFunction(c, node)
}

/** The function, of the program or derived from one, that an expression stands for. */
export function resolveFunction(c: Context, expression: ts.Expression): FunctionValue | DerivedValue | undefined {
  const { checker } = c.f.session
  const node = bare(expression)
  if (ts.isArrowFunction(node) || ts.isFunctionExpression(node)) return { kind: 'function', declaration: node, environment: c.environment }
  const derived = resolveDerived(c, node)
  if (derived) return derived
  const name = ts.isPropertyAccessExpression(node) ? node.name : node
  if (!ts.isIdentifier(name)) return undefined
  const symbol = symbolAt(checker, name)
  const binding = symbol && lookup(c.environment, symbol)
  if (binding) return binding.kind === 'static' && binding.value.kind === 'function' ? binding.value : undefined
  const declaration = functionOfSymbol(checker, symbol)
  if (!declaration || ts.isMethodDeclaration(declaration) || (symbol && c.f.session.facts.isAssigned(symbol))) return undefined
  return { kind: 'function', declaration, environment: undefined }
}
