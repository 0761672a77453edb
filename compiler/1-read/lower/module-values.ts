/** What the top level of a module makes, once: functions, objects of functions, and what an expression says of them. */

import ts from '#typescript'
import { exportedValue, isJavaScript } from '../commonjs.ts'
import { bare, functionOfSymbol, isAssignmentOperator, isStep, symbolAt } from '../facts.ts'
import type { Context, Environment } from './context.ts'
import { makeAgain } from './make-again.ts'
import { staticOf } from './static.ts'
import type { StaticValue } from './static-value.ts'

/** Whether a symbol belongs to a module rather than to an object: it is exported, or declared at the top level. */
export const isOfModule = (symbol: ts.Symbol): boolean =>
  symbol.declarations?.some((node) => exportedValue(node) !== undefined || isTopLevel(node)) ?? false

const isTopLevel = (node: ts.Declaration): boolean =>
  ts.isVariableDeclaration(node) ? ts.isSourceFile(node.parent.parent.parent) : ts.isSourceFile(node.parent)

/** `lib.constant` in JavaScript, where `lib` is a module that was imported as a whole. */
export function memberOfModule(c: Context, node: ts.Node): ts.Symbol | undefined {
  if (!ts.isPropertyAccessExpression(node) || !isJavaScript(node) || !ts.isIdentifier(node.expression)) return undefined
  const { checker } = c.f.session
  const whole = symbolAt(checker, node.expression)
  return whole?.declarations?.some(ts.isSourceFile) === true ? symbolAt(checker, node.name) : undefined
}

/** What a name of another file's top level stands for. */
export function valueOfSymbol(c: Context, symbol: ts.Symbol): StaticValue | undefined {
  const { checker, facts } = c.f.session
  if (facts.isAssigned(symbol)) return undefined
  const declaration = functionOfSymbol(checker, symbol)
  if (declaration) return { kind: 'function', declaration, environment: undefined }
  return constantOfModule(c, symbol)
}

/** `const table = { square: (x: number) => x * x }` at the top level of a module. */
export function constantOfModule(c: Context, symbol: ts.Symbol): StaticValue | undefined {
  const initializer = initializerOf(symbol)
  if (!initializer) return undefined
  const module: Environment = { parent: undefined, bindings: new Map() }
  const value = bare(initializer)
  const isLiteral = ts.isObjectLiteralExpression(value) || ts.isArrayLiteralExpression(value)
  if (isLiteral && (changesItself(c, value) || runsOnce(c, value))) return undefined
  if (isLiteral && [initializer.getSourceFile(), c.f.session.file].some((file) => isWrittenThrough(c, symbol, file))) return undefined
  const outside = { ...c, environment: module }
  if (isLiteral || ts.isIdentifier(value) || ts.isPropertyAccessExpression(value) || isPureMaker(c, value)) return staticOf(outside, value)
  return isJavaScript(value) && ts.isCallExpression(value) ? makeAgain(outside, value) : undefined
}

/** `{ count: 0, next() { return this.count++ } }`: there is one such object, and it does not stay as it is. */
function changesItself({ f: { session } }: Context, literal: ts.Expression): boolean {
  return [...session.facts.assignedWithin(literal)].some(({ valueDeclaration }) => valueDeclaration?.parent === literal)
}

/** A member that is computed by a call has the value that it had then: it can't be computed again. */
function runsOnce(c: Context, node: ts.Node): boolean {
  if (ts.isFunctionLike(node)) return false
  if (ts.isCallExpression(node) && !isPureMaker(c, node) && !isOfNumbers(node)) return true
  return ts.forEachChild(node, (child) => runsOnce(c, child) || undefined) === true
}

/** What gives a constant of the top level its value. In JavaScript, that is a variable that nothing assigns. */
function initializerOf(symbol: ts.Symbol): ts.Expression | undefined {
  for (const declaration of symbol.declarations ?? []) {
    const exported = exportedValue(declaration)
    if (exported) return exported
    if (!ts.isVariableDeclaration(declaration) || !declaration.initializer || !isTopLevel(declaration)) continue
    if (isJavaScript(declaration) || (ts.getCombinedNodeFlags(declaration) & ts.NodeFlags.Const) !== 0) return declaration.initializer
  }
  return undefined
}

/** A call of a known function that only makes functions of constants: making it again gives the same. */
function isPureMaker(c: Context, node: ts.Expression): boolean {
  if (!ts.isCallExpression(node) || !ts.isIdentifier(bare(node.expression))) return false
  const declaration = functionOfSymbol(c.f.session.checker, symbolAt(c.f.session.checker, bare(node.expression)))
  const body = (declaration as { body?: ts.ConciseBody } | undefined)?.body
  const { facts } = c.f.session
  const isPlain = (part: ts.Node, isRun: boolean): boolean => {
    if (ts.isVariableDeclarationList(part) && !(part.flags & ts.NodeFlags.Const)) return false
    if (ts.isBinaryExpression(part) && isAssignmentOperator(part.operatorToken.kind)) return false
    if (ts.isNewExpression(part) || ts.isArrayLiteralExpression(part) || ts.isPostfixUnaryExpression(part)) return false
    if (ts.isPrefixUnaryExpression(part) && isStep(part.operator)) return false
    if (isRun && ts.isCallExpression(part) && !isOfNumbers(part) && !isPureMaker(c, part)) return false
    const symbol = isRun && ts.isIdentifier(part) ? symbolAt(c.f.session.checker, part) : undefined
    if (symbol?.valueDeclaration && ts.isVariableDeclaration(symbol.valueDeclaration) && facts.isAssigned(symbol)) return false
    // What a function that is made does is done when it is called.
    const isRunWithin = isRun && !ts.isFunctionLike(part)
    return ts.forEachChild(part, (child) => !isPlain(child, isRunWithin) || undefined) !== true
  }
  return body !== undefined && isPlain(body, true) && node.arguments.every((argument) => isPlain(argument, true))
}

/** A function of the library that gives the same each time. */
const isOfNumbers = ({ expression }: ts.CallExpression): boolean => /^(?:Math|Number)\.(?!random)/.test(expression.getText())

/** Whether a file does anything with the object but read its members: it may then hold something else by now. */
function isWrittenThrough(c: Context, symbol: ts.Symbol, file: ts.SourceFile): boolean {
  const visit = (node: ts.Node): boolean => {
    const isMention = ts.isIdentifier(node) && symbolAt(c.f.session.checker, node) === symbol
    if (isMention && !isOwnName(node) && !isReadOf(node)) return true
    return ts.forEachChild(node, (child) => visit(child) || undefined) === true
  }
  return visit(file)
}

const isOwnName = ({ parent }: ts.Identifier): boolean =>
  ts.isVariableDeclaration(parent) || ts.isImportSpecifier(parent) || ts.isExportSpecifier(parent) || ts.isTypeQueryNode(parent)

/** `table.f`, `table[name]`, or a loop over the members. */
function isReadOf(node: ts.Identifier): boolean {
  const { parent } = node
  if (ts.isForOfStatement(parent)) return parent.expression === node
  if (!ts.isPropertyAccessExpression(parent) && !ts.isElementAccessExpression(parent)) return false
  const use = parent.parent
  if (parent.expression !== node || ts.isDeleteExpression(use)) return false
  if (ts.isPostfixUnaryExpression(use) || (ts.isPrefixUnaryExpression(use) && /^(?:\+\+|--)/.test(use.getText()))) return false
  if (ts.isBinaryExpression(use)) return use.left !== parent || !isAssignmentOperator(use.operatorToken.kind)
  const isMethod = ts.isCallExpression(use) && use.expression === parent && ts.isPropertyAccessExpression(parent)
  return !isMethod || !/^(?:push|pop|shift|unshift|splice|sort|reverse|fill|copyWithin)$/.test(parent.name.text)
}
