/** Declarations of variables. */

import ts from '#typescript'
import { variable } from '../../ir/build.ts'
import { eitherMissing, fitting, maybeUndefined, mayBeUndefined, missing, missingOf, withMissing } from '../../ir/missing.ts'
import type { Expression, Type } from '../../ir/nodes.ts'
import { isTextLiteral, isTextType } from '../../ir/text-type.ts'
import { isAssignedFirst } from '../assigned-first.ts'
import { isJavaScript } from '../commonjs.ts'
import { bare } from '../facts.ts'
import { opaqueType, typeOfNode } from '../types.ts'
import { bind, emit, freshName, lookup, refuse, type Binding, type Context } from './context.ts'
import { isUndefined } from './arguments.ts'
import { isAskedFor } from './asked-for.ts'
import { learnType } from './assign.ts'
import { evolvedType, typeOfAssigned } from './assigned-type.ts'
import { declareFunction } from './function-variable.ts'
import { lowerExpression } from './expression.ts'
import { isFunctionLike } from './function-types.ts'
import { keysHeldBy } from './known-list.ts'
import { lowerInOrder } from './operands.ts'
import { isNamespace } from '../builtin.ts'
import { staticAsExpression } from './call.ts'
import { lowerPattern } from './pattern.ts'
import { valueOf } from './static.ts'
import { textOf } from '../session.ts'
import { typeOfExpression } from './type-of.ts'

export function lowerDeclarations(c: Context, list: ts.VariableDeclarationList): void {
  for (const declaration of list.declarations) lowerDeclaration(c, declaration)
}

function lowerDeclaration(c: Context, node: ts.VariableDeclaration): void {
  const { name, parent } = node
  const initializer = isOnlyNothing(c, node) ? undefined : node.initializer
  // `const { sin } = Math`: such a name is found by its declaration.
  const isConst = ts.isVariableDeclarationList(parent) && (parent.flags & ts.NodeFlags.Const) !== 0
  if (
    isConst &&
    ts.isObjectBindingPattern(name) &&
    initializer &&
    isNamespace(c.f.session, bare(initializer)) &&
    name.elements.every(isPlain)
  )
    return
  // The keys of a record are known wherever they are asked for.
  if (ts.isIdentifier(name) && keysHeldBy(c, name)) return
  const value = initializer && (partsOfList(c, name, initializer) ?? emptyList(c, name, initializer) ?? valueOf(c, initializer))
  if (ts.isIdentifier(name)) return declareName(c, name, value)
  if (value) lowerPattern(c, name, value, declareName)
}

/** `var result = null` in JavaScript, where it is given a value before it is asked for one. */
const isOnlyNothing = (c: Context, node: ts.VariableDeclaration): boolean =>
  node.initializer !== undefined &&
  isJavaScript(node) &&
  (node.initializer.kind === ts.SyntaxKind.NullKeyword || isUndefined(node.initializer)) &&
  isAssignedFirst(c.f.session.checker, node)

/** `const list = []` is of what is put into it later. */
function emptyList(c: Context, name: ts.BindingName, initializer: ts.Expression): Binding | undefined {
  const list = bare(initializer)
  if (!ts.isIdentifier(name) || !ts.isArrayLiteralExpression(list) || list.elements.length > 0 || isJavaScript(list)) return undefined
  if (typeOfNode(c.f.session, name).kind !== 'opaque') return undefined
  const type = evolvedType(c, name)
  return type?.kind === 'array' ? { kind: 'expression', expression: { kind: 'list', type, elements: [] } } : undefined
}

/** `const [a, b] = [f(x), g(x)]` needs no list. */
function partsOfList(c: Context, name: ts.BindingName, initializer: ts.Expression): Binding | undefined {
  const list = bare(initializer)
  if (!ts.isArrayBindingPattern(name) || !ts.isArrayLiteralExpression(list)) return undefined
  const isSimple = name.elements.every((part) => ts.isOmittedExpression(part) || !(part.initializer ?? part.dotDotDotToken))
  const isFull = list.elements.every((part) => !ts.isSpreadElement(part) && !ts.isOmittedExpression(part) && !isFunctionLike(c, part))
  if (!isSimple || !isFull || namesIn(name).some((part) => hoistedName(c, c.f.session.checker.getSymbolAtLocation(part)) !== undefined))
    return undefined
  const values = lowerInOrder(
    c,
    list.elements.map((part) => () => lowerExpression(c, part)),
  )
  const members = new Map(values.map((expression, i): [string, Binding] => [String(i), { kind: 'expression', expression }]))
  return { kind: 'static', value: { kind: 'object', members, isArray: true } }
}

const isPlain = (part: ts.BindingElement): boolean => ts.isIdentifier(part.name) && !part.initializer && !part.dotDotDotToken

/** A name that is never assigned again may stand for a function. */
export function declareName(c: Context, name: ts.Identifier, value: Binding | undefined): void {
  const { checker, facts } = c.f.session
  const symbol = checker.getSymbolAtLocation(name)
  const isAssigned = symbol !== undefined && facts.isAssigned(symbol)
  const hoisted = hoistedName(c, symbol)
  if (value?.kind === 'static' && value.value.kind !== 'undefined') {
    if (isAssigned && declareFunction(c, name, symbol, value.value)) return
    if (isAssigned || !symbol) return refuse(c, name, 'CT3002', { text: name.text, function: textOf(name) })
    return bind(c, symbol, value)
  }
  // What is left out in JavaScript, and never given a value, is so wherever it is asked for.
  if (value?.kind === 'static' && isJavaScript(name) && !isAssigned && hoisted === undefined) return bind(c, symbol, value)
  const given = value?.kind === 'static' ? staticAsExpression(c, name, value.value) : value?.expression
  if (hoisted !== undefined) {
    if (given) {
      learnType(c, variable(hoisted), given)
      emit(c, { kind: 'assign', target: variable(hoisted), value: given })
    }
    return
  }
  // What was decided when compiling needs no variable.
  const isDecided = (given?.kind === 'boolean' && !isLiteral(name)) || (given !== undefined && isTextLiteral(given) && !isInitial(name))
  if (isDecided && !isAssigned) return bind(c, symbol, { kind: 'expression', expression: given })
  const read = typeOfNode(c.f.session, name)
  const own = given && typeOfExpression(c.f.variables, given)
  const declared = declaredType(c, name, read, given)
  // `x[i]!` says that there is an element; whether that is a value is asked later.
  const found = own && given.kind === 'element' ? alsoMissing(declared, own) : declared
  const type = given?.kind === 'element' && symbol && isAskedFor(c, symbol, name) ? maybeUndefined(found) : found
  const local = freshName(c.f, name.text, type)
  if (isAssigned) c.f.assigned.add(local)
  bind(c, symbol, { kind: 'expression', expression: variable(local) })
  const first = given ? fitting(given, type) : mayBeUndefined(type) ? missing(type, 'undefined') : undefined
  emit(c, { kind: 'declare', name: local, ...(first && { value: first }) })
}

function declaredType(c: Context, name: ts.Identifier, read: Type, given: Expression | undefined): Type {
  const { checker, facts } = c.f.session
  const symbol = checker.getSymbolAtLocation(name)
  const own = given && typeOfExpression(c.f.variables, given)
  // What is assigned to a text tells less than that it is one.
  if (read.kind === 'opaque' && symbol && facts.isAssigned(symbol) && ts.isVariableDeclaration(name.parent) && !isJavaScript(name))
    return isTextType(read) ? read : (typeOfAssigned(c, symbol, name) ?? (read.text === 'any' && own ? own : read))
  if (read.kind === 'record' && read.tuple && own?.kind === 'array') return own
  // What a new array holds first is nothing.
  if (own?.kind === 'array' && read.kind === 'array' && missingOf(own.element) !== undefined && missingOf(read.element) === undefined)
    return own
  const isWide = isWider(read, given?.kind === 'opaque')
  const decides = read.kind === 'opaque' || (own && holdsSeveral(own)) ? !isWide : isJavaScript(name) && own?.kind !== 'opaque'
  return own && decides ? own : read
}

const alsoMissing = (declared: Type, given: Type): Type =>
  declared.kind === given.kind ? withMissing(declared, eitherMissing(missingOf(declared), missingOf(given))) : declared

/** Of which class an instance is, TypeScript may not know: two that look the same are the same to it. */
const holdsSeveral = (type: Type): boolean =>
  type.kind === 'array' ? holdsSeveral(type.element) : type.kind === 'record' && type.classes !== undefined

const isInitial = ({ parent }: ts.Identifier): boolean => ts.isVariableDeclaration(parent) && parent.initializer !== undefined

function isLiteral({ parent }: ts.Identifier): boolean {
  const value = ts.isVariableDeclaration(parent) && parent.initializer && bare(parent.initializer)
  return !value || value.kind === ts.SyntaxKind.TrueKeyword || value.kind === ts.SyntaxKind.FalseKeyword
}

/** A variable of a type such as `string | undefined` keeps it, whatever it holds first. */
const isWider = (read: Type, isOpaqueValue: boolean): boolean => read.kind === 'opaque' && isOpaqueValue && read.text !== 'any'

const namesIn = (pattern: ts.BindingName): readonly ts.Identifier[] =>
  ts.isIdentifier(pattern) ? [pattern] : pattern.elements.flatMap((part) => (ts.isOmittedExpression(part) ? [] : namesIn(part.name)))

/** The variable of a `var` that is declared already: what is given here may still be read. */
function hoistedName(c: Context, symbol: ts.Symbol | undefined): string | undefined {
  if (symbol?.declarations?.some(isVar) !== true) return undefined
  const known = lookup(c.environment, symbol)
  return known?.kind === 'expression' && known.expression.kind === 'variable' ? known.expression.name : undefined
}

/** Whether a name is declared by `var`, alone or in a pattern. */
function isVar(
  declaration: ts.Declaration,
): declaration is (ts.VariableDeclaration | ts.BindingElement) & { readonly name: ts.Identifier } {
  if (!(ts.isVariableDeclaration(declaration) || ts.isBindingElement(declaration)) || !ts.isIdentifier(declaration.name)) return false
  const root = ts.isBindingElement(declaration) ? ts.walkUpBindingElementsAndPatterns(declaration) : declaration
  const isOne = ts.isVariableDeclaration(root) && ts.isVariableDeclarationList(root.parent)
  return isOne && (root.parent.flags & ts.NodeFlags.BlockScoped) === 0
}

/** What stands around a name in a declaration. */
const PLAIN: ReadonlySet<ts.SyntaxKind> = new Set([
  ts.SyntaxKind.VariableStatement,
  ts.SyntaxKind.VariableDeclarationList,
  ts.SyntaxKind.VariableDeclaration,
  ts.SyntaxKind.BindingElement,
  ts.SyntaxKind.ArrayBindingPattern,
  ts.SyntaxKind.ObjectBindingPattern,
])

/** `var` belongs to the whole function: declared at its head where it stands in a block, so that all of the function has the same one. */
export function hoistVariables(c: Context, body: ts.Node): void {
  const { checker } = c.f.session
  const visit = (node: ts.Node, isTop: boolean): void => {
    if (ts.isFunctionLike(node)) return
    if ((ts.isVariableDeclaration(node) || ts.isBindingElement(node)) && isVar(node)) {
      const symbol = checker.getSymbolAtLocation(node.name)
      const isOnce = isTop && symbol?.declarations?.length === 1
      const holdsFunction = node.initializer && ts.isFunctionLike(bare(node.initializer))
      if (!symbol || isOnce || holdsFunction || c.environment.bindings.has(symbol)) return
      const read = isJavaScript(node) ? opaqueType('any') : typeOfNode(c.f.session, node.name)
      const type = read.kind === 'opaque' && !isJavaScript(node) ? (typeOfAssigned(c, symbol, node.name) ?? read) : read
      const local = freshName(c.f, node.name.text, type)
      c.f.assigned.add(local)
      bind(c, symbol, { kind: 'expression', expression: variable(local) })
      emit(c, { kind: 'declare', name: local, ...(mayBeUndefined(type) && { value: missing(type, 'undefined') }) })
    }
    ts.forEachChild(node, (child) => visit(child, PLAIN.has(node.kind) ? isTop : node === body))
  }
  visit(body, true)
}
