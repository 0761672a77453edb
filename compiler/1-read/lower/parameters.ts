/** Binds what a call is given to the parameters of an inlined function. */

import ts from '#typescript'
import { number, variable } from '../../ir/build.ts'
import { eitherMissing, mayBeUndefined, missing, missingOf, withMissing } from '../../ir/missing.ts'
import type { Expression, Type } from '../../ir/nodes.ts'
import { isTextLiteral } from '../../ir/text-type.ts'
import { parameterSymbol } from '../classes.ts'
import { initializerOf } from '../tested-defaults.ts'
import { arrayOf, irType } from '../types.ts'
import { argumentAt, tailOf, UNDEFINED, type Given } from './arguments.ts'
import { bind, emit, freshName, functionName, refuse, type Binding, type Context } from './context.ts'
import { concatenate } from './concatenate.ts'
import { lowerPattern, orDefault } from './pattern.ts'
import { textOf } from '../session.ts'
import { typeOfExpression } from './type-of.ts'

/** `c` stands within the function that is called: its scope is where the parameters belong, and a default may mention those before it. */
export function bindParameters(c: Context, declaration: ts.FunctionLikeDeclaration, args: Given): void {
  parametersOf(declaration).forEach((parameter, i) => {
    const value = argumentOf(c, parameter, args, i)
    if (ts.isIdentifier(parameter.name)) bindParameter(c, parameter.name, value)
    else lowerPattern(c, parameter.name, value, bindParameter)
  })
}

/** What a parameter is given: its default where it is left out, a list where it is for the rest. */
export function argumentOf(c: Context, parameter: ts.ParameterDeclaration, args: Given, position: number): Binding {
  if (parameter.dotDotDotToken) return restArgument(c, parameter, args, position)
  return orDefault(c, argumentAt(args, position) ?? UNDEFINED, initializerOf(parameter))
}

/** Those that a call has arguments for: a declared `this` is none. */
export function parametersOf(declaration: ts.FunctionLikeDeclaration): readonly ts.ParameterDeclaration[] {
  return declaration.parameters.filter(({ name }) => !ts.isIdentifier(name) || name.text !== 'this')
}

/** Whether the default of a parameter depends on other parameters, or on variables of functions around: a derivative flows through such a default. */
export function isLate(parameter: ts.ParameterDeclaration, checker: ts.TypeChecker): boolean {
  const initializer = initializerOf(parameter)
  return initializer !== undefined && mentionsLocal(initializer, checker)
}

function mentionsLocal(node: ts.Node, checker: ts.TypeChecker): boolean {
  if (ts.isIdentifier(node)) {
    const declaration = checker.getSymbolAtLocation(node)?.valueDeclaration
    if (declaration && (ts.isParameter(declaration) || isVariableOfFunction(declaration))) return true
  }
  return ts.forEachChild(node, (child) => mentionsLocal(child, checker) || undefined) === true
}

const isVariableOfFunction = (declaration: ts.Declaration): boolean =>
  (ts.isVariableDeclaration(declaration) || ts.isBindingElement(declaration)) &&
  ts.findAncestor(declaration, ts.isFunctionLike) !== undefined

/** Functions stay what they are; a value that can't change under the parameter's name stands for it; all others get a variable. */
export function bindParameter(c: Context, name: ts.Identifier, value: Binding): void {
  const symbol = parameterSymbol(c.f.session.checker, name)
  const isAssigned = symbol !== undefined && c.f.session.facts.isAssigned(symbol)
  const mayLack = isAssigned || (value.kind === 'expression' && value.expression.kind === 'element')
  const declared = symbol && mayLack ? irType(c.f.session, c.f.session.checker.getTypeOfSymbolAtLocation(symbol, name)) : undefined
  if (value.kind === 'static') {
    if (declared && value.value.kind === 'undefined' && mayBeUndefined(declared))
      return void c.f.assigned.add(hold(c, name, symbol, declared, missing(declared, 'undefined')))
    if (isAssigned) return refuse(c, name, 'CT3002', { text: name.text, function: textOf(name) })
    return bind(c, symbol, value)
  }
  const { expression } = value
  const isFixed =
    expression.kind === 'number' ||
    expression.kind === 'boolean' ||
    isTextLiteral(expression) ||
    (expression.kind === 'variable' && !c.f.assigned.has(expression.name) && !c.f.variables[expression.name]?.mutable)
  if (isFixed && !isAssigned) return bind(c, symbol, value)
  const type = typeOfExpression(c.f.variables, expression)
  const way = declared && eitherMissing(missingOf(type), missingOf(declared))
  const local = hold(c, name, symbol, way ? withMissing(type, way) : type, expression)
  if (isAssigned) c.f.assigned.add(local)
}

function hold(c: Context, name: ts.Identifier, symbol: ts.Symbol | undefined, type: Type, value: Expression): string {
  const local = freshName(c.f, name.text, type)
  emit(c, { kind: 'declare', name: local, value })
  bind(c, symbol, { kind: 'expression', expression: variable(local) })
  return local
}

/** What a rest parameter holds: a new array, or a tuple where its type says so. */
export function restArgument(c: Context, parameter: ts.ParameterDeclaration, args: Given, position: number): Binding {
  const given = args.list.slice(position)
  if (given.some(({ kind }) => kind === 'static')) {
    const members = new Map(given.map((value, i) => [String(i), value]))
    return args.rest
      ? refuse(c, parameter, 'CT1015', { name: parameter.name.getText(), function: functionName(parameter.parent) })
      : { kind: 'static', value: { kind: 'object', members, isArray: true } }
  }
  const values = given.map((value) => (value as { readonly expression: Expression }).expression)
  const tail = tailOf(args, position)
  const first = values[0] ?? (tail && ({ kind: 'element', array: tail.array, index: number(0) } as const))
  const type = arrayOf('Array', first ? typeOfExpression(c.f.variables, first) : { kind: 'number' })
  const { checker } = c.f.session
  const isTuple = !tail && checker.isTupleType(checker.getTypeAtLocation(parameter.name))
  const kinds = new Set(values.map((value) => JSON.stringify(typeOfExpression(c.f.variables, value))))
  if (isTuple || kinds.size > 1) {
    const fields = values.map((value, i) => ({ name: String(i), type: typeOfExpression(c.f.variables, value) }))
    return { kind: 'expression', expression: { kind: 'record', type: { kind: 'record', tuple: true, fields }, values } }
  }
  return {
    kind: 'expression',
    expression: concatenate(c, type, [
      ...values.map((one) => ({ one })),
      ...(tail ? [{ many: tail.array, ...(tail.start > 0 && { start: number(tail.start) }) }] : []),
    ]),
  }
}
