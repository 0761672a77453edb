/** Expressions that stand for functions, or for objects of functions: followed when compiling, never values of the IR. */

import ts from '#typescript'
import { number, operation } from '../../ir/build.ts'
import type { Expression } from '../../ir/nodes.ts'
import { operators } from '../../ir/operators.ts'
import { isJavaScript } from '../commonjs.ts'
import { bare, functionOfSymbol, ownSymbols, symbolAt } from '../facts.ts'
import { textOf } from '../session.ts'
import { isUndefined, UNDEFINED } from './arguments.ts'
import { argumentRead } from './arguments-object.ts'
import { builtinName, destructuredBuiltin } from '../builtin.ts'
import { calleeOf, callStatic } from './call.ts'
import { captured, emit, lookup, refuse, temporary, type Binding, type Context } from './context.ts'
import { resolveMade } from './derived.ts'
import { selfOf } from './classes/self.ts'
import { functionField } from './classes/function-field.ts'
import { lowerEffect, lowerExpression, lowerValue } from './expression.ts'
import { lowerCondition } from './logic.ts'
import { callOnKnownList } from './known-list.ts'
import { keyOf } from './member-key.ts'
import { constantOfModule, isOfModule, valueOfSymbol } from './module-values.ts'
import { ofPackage } from './package-calls.ts'
import { listMethod } from './static-list.ts'
import type { ObjectValue, StaticValue } from './static-value.ts'
import { decidedTest } from './decide.ts'
import { handedFunction } from './support.ts'
import { heldFunction } from './function-variable.ts'
import { isFunctionLike, isMadeOfFunctions } from './function-types.ts'
import { typeIn } from './type-in.ts'
import { typeOfExpression } from './type-of.ts'
import { untypedMember } from './untyped-members.ts'

/** An expression as what it is: a function, or else a value. */
export function valueOf(c: Context, node: ts.Expression): Binding {
  const value = staticOf(c, node)
  if (value) return { kind: 'static', value }
  return callOfUntyped(c, bare(node)) ?? { kind: 'expression', expression: lowerValue(c, node) }
}

/** `const model = modelOf(parameters)` in JavaScript: what a known function gives may be a function. */
function callOfUntyped(c: Context, node: ts.Expression): Binding | undefined {
  if (!isJavaScript(node) || !ts.isCallExpression(node) || !ts.isIdentifier(bare(node.expression))) return undefined
  if (typeIn(c, node).kind !== 'opaque' || staticOf(c, bare(node.expression))?.kind !== 'function') return undefined
  return followed(c, node)
}

const followed = (c: Context, node: ts.CallExpression): Binding | undefined =>
  ofPackage(c, node, () => {
    const callee = calleeOf(c, node)
    return callee && callStatic(c, node, callee)
  })

/** What an expression stands for when that is known when compiling. Writes statements only where it is. */
export function staticOf(c: Context, expression: ts.Expression): StaticValue | undefined {
  const node = bare(expression)
  if (ts.isArrowFunction(node) || ts.isFunctionExpression(node)) return functionLiteral(c, node)
  if (isUndefined(node)) return { kind: 'undefined' }
  if (ts.isIdentifier(node)) return staticName(c, node)
  if (node.kind === ts.SyntaxKind.ThisKeyword) return staticThis(c)
  if (ts.isPropertyAccessExpression(node)) return staticMember(c, node)
  if (ts.isElementAccessExpression(node)) {
    const argument = argumentRead(c, node)
    return argument ? (argument.kind === 'static' ? argument.value : undefined) : staticElement(c, node)
  }
  if (ts.isConditionalExpression(node)) return staticConditional(c, node)
  if (ts.isCallExpression(node)) return staticCall(c, node)
  if (ts.isObjectLiteralExpression(node)) return staticObject(c, node)
  if (ts.isArrayLiteralExpression(node)) return staticList(c, node)
  if (ts.isBinaryExpression(node)) return staticLast(c, node) ?? staticFallback(c, node)
  return undefined
}

/** A function expression knows itself by its own name. */
function functionLiteral(c: Context, node: ts.ArrowFunction | ts.FunctionExpression): StaticValue {
  const symbols = ownSymbols(c.f.session.checker, node)
  if (symbols.length === 0) return { kind: 'function', declaration: node, environment: c.environment }
  const bindings = new Map<ts.Symbol, Binding>()
  const value: StaticValue = { kind: 'function', declaration: node, environment: { parent: c.environment, bindings } }
  for (const symbol of symbols) bindings.set(symbol, { kind: 'static', value })
  return value
}

/** An object literal whose method runs. */
function staticThis(c: Context): StaticValue | undefined {
  const self = selfOf(c.environment)
  return self?.kind === 'static' && self.value.kind === 'object' ? self.value : undefined
}

function staticName(c: Context, node: ts.Identifier): StaticValue | undefined {
  const { checker, facts } = c.f.session
  const symbol = symbolAt(checker, node)
  const binding = symbol && lookup(c.environment, symbol)
  if (binding?.kind === 'static') return binding.value.kind === 'variable' ? heldFunction(binding.value) : binding.value
  if (binding) return undefined
  const source = c.f.session.packages.symbolOf(node)
  if (source) return valueOfSymbol(c, source)
  if (!symbol || facts.isAssigned(symbol)) return undefined
  const declaration = functionOfSymbol(checker, symbol)
  if (declaration) return { kind: 'function', declaration, environment: undefined }
  const builtin = destructuredBuiltin(c.f.session, node)
  if (builtin !== undefined) return operators.has(builtin) ? { kind: 'builtin', name: builtin } : undefined
  return resolveMade(c, node) ?? constantOfModule(c, symbol)
}

function staticMember(c: Context, node: ts.PropertyAccessExpression): StaticValue | undefined {
  const builtin = builtinName(c.f.session, node)
  if (builtin !== undefined)
    return operators.has(builtin) && operators.get(builtin)!.maximum > 0 ? { kind: 'builtin', name: builtin } : undefined
  const source = c.f.session.packages.symbolOf(node)
  if (source) return valueOfSymbol(c, source)
  const field = functionField(c, node)
  if (field) return field
  const member = untypedMember(c, node) ?? memberOf(c, node)
  if (member) return member.kind === 'static' ? member.value : undefined
  const { checker, facts } = c.f.session
  const symbol = symbolAt(checker, node.name)
  if (isJavaScript(node) && symbol && isOfModule(symbol)) return valueOfSymbol(c, symbol)
  const declaration = functionOfSymbol(checker, symbol)
  // A function of a module that was imported as a whole; a field of an object may be any function.
  if (!declaration || !symbol || facts.isAssigned(symbol)) return undefined
  // A static method that does without `this` is a function that is called by a longer name.
  if (ts.isMethodDeclaration(declaration) && !isFreeStatic(declaration)) return undefined
  return { kind: 'function', declaration, environment: undefined }
}

export const mentionsThis = (node: ts.Node): boolean =>
  node.kind === ts.SyntaxKind.ThisKeyword || ts.forEachChild(node, (child) => mentionsThis(child) || undefined) === true

function isFreeStatic(declaration: ts.MethodDeclaration): boolean {
  const isStatic = (ts.getCombinedModifierFlags(declaration) & ts.ModifierFlags.Static) !== 0
  return isStatic && !mentionsThis(declaration)
}

/** A member of an object that is followed when compiling. */
export function memberOf(c: Context, node: ts.PropertyAccessExpression): Binding | undefined {
  if (!isFunctionLike(c, node) && !isMadeOfFunctions(c, node.expression)) return undefined
  if (node.name.text === 'release' && staticOf(c, node.expression)?.kind === 'pullback')
    return { kind: 'static', value: { kind: 'release' } }
  const object = objectOf(c, node)
  if (!object) return undefined
  if (node.name.text === 'length' && object.isArray) return { kind: 'expression', expression: number(object.members.size) }
  const member = object.members.get(node.name.text)
  if (member || !object.isArray) return member ?? UNDEFINED
  return { kind: 'static', value: listMethod(c, node, object, node.name.text) }
}

/** Reading what it stands for may write statements, so there is no second way to go when it is no object. */
function objectOf(c: Context, node: ts.PropertyAccessExpression | ts.ElementAccessExpression): ObjectValue | undefined {
  const object = staticOf(c, node.expression)
  if (object && object.kind !== 'object') return refuse(c, node, 'CT3002', { text: textOf(node), function: textOf(node) })
  return object
}

function staticElement(c: Context, node: ts.ElementAccessExpression): StaticValue | undefined {
  if (!isMadeOfFunctions(c, node.expression)) return undefined
  const object = objectOf(c, node)
  if (!object) return undefined
  const key = keyOf(c, node.argumentExpression)
  if (key !== undefined) return staticOfBinding(object.members.get(key) ?? UNDEFINED)
  return oneOf(c, node, object.members, lowerExpression(c, node.argumentExpression))
}

const staticOfBinding = (binding: Binding): StaticValue | undefined => (binding.kind === 'static' ? binding.value : undefined)

/** Which member it is shows at run time. */
function oneOf(c: Context, node: ts.Node, members: ReadonlyMap<string, Binding>, key: Expression): StaticValue | undefined {
  const entries = [...members].map(([name, member]) => [name, staticOfBinding(member)] as const)
  if (entries.length === 0 || entries.some(([, value]) => !value))
    return refuse(c, node, 'CT3002', { text: textOf(node), function: textOf(node) })
  const index = key.kind === 'number' ? key : temporary(c, 'which', typeOfExpression(c.f.variables, key), key)
  const isText = index.kind === 'variable' && c.f.variables[index.name]!.type.kind !== 'number'
  return entries.reduceRight<StaticValue>(
    (otherwise, [name, value]) => {
      const wanted: Expression = isText
        ? { kind: 'opaque', parts: [JSON.stringify(name)], type: { kind: 'opaque', text: 'string' }, effects: false }
        : number(Number(name))
      return { kind: 'choice', test: operation('===', index, wanted), then: value!, else: otherwise }
    },
    { kind: 'undefined' },
  )
}

function staticConditional(c: Context, node: ts.ConditionalExpression): StaticValue | undefined {
  const taken = isJavaScript(node) ? decidedTest(c, node.condition) : undefined
  if (taken !== undefined) return staticOf(c, taken ? node.whenTrue : node.whenFalse)
  if (!isFunctionLike(c, node) && !isMadeOfFunctions(c, node)) return undefined
  const found: { then?: StaticValue | undefined; otherwise?: StaticValue | undefined } = {}
  const tested: { test?: Expression } = {}
  const before = captured(c, () => {
    tested.test = temporary(c, 'chosen', { kind: 'boolean' }, lowerCondition(c, node.condition))
  })
  const thenList = captured(c, () => (found.then = staticOf(c, node.whenTrue)))
  const elseList = captured(c, () => (found.otherwise = staticOf(c, node.whenFalse)))
  const { then, otherwise } = found
  if (!then || !otherwise) return undefined
  for (const statement of before) emit(c, statement)
  if (thenList.length + elseList.length > 0) emit(c, { kind: 'if', test: tested.test!, then: thenList, else: elseList })
  return { kind: 'choice', test: tested.test!, then, else: otherwise }
}

function staticCall(c: Context, node: ts.CallExpression): StaticValue | undefined {
  const handed = handedFunction(c, node)
  if (handed) return staticOf(c, handed)
  const derived = resolveMade(c, node)
  if (derived) return derived
  if (!isFunctionLike(c, node) && !isMadeOfFunctions(c, node)) return undefined
  const made = callOnKnownList(c, node)
  const result = made ?? followed(c, node)
  if (!result) return undefined
  return result.kind === 'static' ? result.value : refuse(c, node, 'CT3002', { text: textOf(node), function: textOf(node.expression) })
}

/** An object literal that holds functions beside whatever else. */
function staticObject(c: Context, node: ts.ObjectLiteralExpression): StaticValue | undefined {
  if (!isMadeOfFunctions(c, node)) return undefined
  const members = new Map<string, Binding>()
  const object: ObjectValue = { kind: 'object', members, isArray: false }
  for (const property of node.properties) {
    if (ts.isMethodDeclaration(property) && ts.isIdentifier(property.name)) {
      const self: Binding = { kind: 'static', value: object }
      members.set(property.name.text, {
        kind: 'static',
        value: { kind: 'function', declaration: property, environment: c.environment, self },
      })
      continue
    }
    const value = ts.isPropertyAssignment(property)
      ? property.initializer
      : ts.isShorthandPropertyAssignment(property)
        ? property.name
        : undefined
    if (!value || !property.name || ts.isComputedPropertyName(property.name)) return undefined
    members.set(property.name.text, heldMember(c, property.name.text, valueOf(c, value)))
  }
  return object
}

/** `const steps: ((x: number) => number)[] = []`. */
function isWantedOfFunctions({ f: { session } }: Context, node: ts.ArrayLiteralExpression): boolean {
  const { checker } = session
  const type = checker.getContextualType(node)
  const [part] = type && checker.isArrayType(type) ? checker.getTypeArguments(type as ts.TypeReference) : []
  return part !== undefined && part.getCallSignatures().length > 0
}

function staticList(c: Context, node: ts.ArrayLiteralExpression): StaticValue | undefined {
  const isPlain = !node.elements.some((part) => ts.isSpreadElement(part) || ts.isOmittedExpression(part))
  const isOfFunctions = node.elements.length === 0 ? isWantedOfFunctions(c, node) : isMadeOfFunctions(c, node)
  if (!isPlain || !isOfFunctions) return undefined
  const members = node.elements.map((part, i) => [String(i), heldMember(c, 'value', valueOf(c, part))] as const)
  return { kind: 'object', members: new Map(members), isArray: true, home: c.f.out }
}

/** A member that is a value is a variable of its own. */
function heldMember(c: Context, name: string, value: Binding): Binding {
  if (value.kind === 'static') return value
  const held = temporary(c, name, typeOfExpression(c.f.variables, value.expression), value.expression)
  // The member may be assigned by whatever name the object has.
  c.f.assigned.add(held.name)
  return { kind: 'expression', expression: held }
}

/** `(0, lib.f)`, `a = +a, function (t) { ... }`: the last, after what the others do. */
function staticLast(c: Context, node: ts.BinaryExpression): StaticValue | undefined {
  if (node.operatorToken.kind !== ts.SyntaxKind.CommaToken || !isFunctionLike(c, node.right)) return undefined
  const before = captured(c, () => lowerEffect(c, node.left))
  let value: StaticValue | undefined
  const after = captured(c, () => (value = staticOf(c, node.right)))
  if (value) for (const statement of [...before, ...after]) emit(c, statement)
  return value
}

/** `f ?? g`, `f || g`: a known function is there. */
function staticFallback(c: Context, node: ts.BinaryExpression): StaticValue | undefined {
  const operator = node.operatorToken.kind
  if (operator !== ts.SyntaxKind.QuestionQuestionToken && operator !== ts.SyntaxKind.BarBarToken) return undefined
  if (!isFunctionLike(c, node)) return undefined
  const left = staticOf(c, node.left)
  return left?.kind === 'undefined' ? staticOf(c, node.right) : left?.kind === 'choice' ? undefined : left
}
