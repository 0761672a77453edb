/** Constants of a module that another file may repeat, because nobody can tell the copy from the original. */

import ts from '#typescript'
import { builtinName, destructuredBuiltin } from './builtin.ts'
import { isJavaScript } from './commonjs.ts'
import { bare, isAssignmentOperator, symbolAt, unaliased } from './facts.ts'

/** What a constant that the text of another one mentions is called where it is repeated, and which symbols are assigned. */
export interface Surroundings {
  readonly program: ts.Program
  readonly nameOf: (symbol: ts.Symbol) => string | undefined
  readonly isAssigned: (symbol: ts.Symbol) => boolean
  /** The files that can name the constant, where these are more than its own. */
  readonly readers?: readonly ts.SourceFile[]
}

/**
 * The initial value of a constant: literals and globals only, and nothing that is changed or compared later. In the JavaScript of packages, every variable
 * that nothing assigns is one, and may be computed from others.
 */
export function constantText(checker: ts.TypeChecker, declaration: ts.Declaration, around: Surroundings): string | undefined {
  const { program } = around
  if (!ts.isVariableDeclaration(declaration) || !declaration.initializer) return undefined
  const symbol = checker.getSymbolAtLocation(declaration.name)
  const isUnassigned = isJavaScript(declaration) && symbol !== undefined && !around.isAssigned(symbol)
  if (!isUnassigned && !(ts.getCombinedNodeFlags(declaration) & ts.NodeFlags.Const)) return undefined
  const value = bare(declaration.initializer)
  const others = new Map<ts.Identifier, string>()
  const isRepeatable = (node: ts.Node): boolean => {
    if (ts.isFunctionLike(node) || ts.isAwaitExpression(node) || (ts.isCallExpression(node) && !isPure({ checker, program }, node)))
      return false
    const builtin = ts.isIdentifier(node) ? destructuredBuiltin({ checker, program }, node) : undefined
    if (builtin !== undefined) others.set(node as ts.Identifier, builtin)
    if (builtin !== undefined) return true
    if (ts.isIdentifier(node) && !(ts.isPropertyAssignment(node.parent) && node.parent.name === node)) {
      const other = checker.getSymbolAtLocation(node)
      const owner = other?.valueDeclaration?.getSourceFile()
      if (owner === undefined || program.isSourceFileDefaultLibrary(owner)) return true
      const name = isUnassigned && other && isPrimitive(checker, node) ? around.nameOf(unaliased(checker, other)) : undefined
      if (name !== undefined) others.set(node, name)
      return name !== undefined
    }
    return ts.forEachChild(node, (child) => (isRepeatable(child) ? undefined : true)) !== true
  }
  if (!isRepeatable(value)) return undefined
  return isPrimitive(checker, value) || isOnlyRead(checker, declaration, around.readers ?? [declaration.getSourceFile()])
    ? withNames(value, others)
    : undefined
}

/** A function of `Math`, other than the one that gives something else each time. */
function isPure(names: Parameters<typeof builtinName>[0], { expression }: ts.CallExpression): boolean {
  const name = builtinName(names, expression) ?? destructuredBuiltin(names, expression)
  return name?.startsWith('Math.') === true && name !== 'Math.random'
}

/** The text of a value, with other names in the place of those in it. */
function withNames(value: ts.Node, names: ReadonlyMap<ts.Identifier, string>): string {
  const start = value.getStart()
  return [...names].reduceRight((text, [node, name]) => {
    const at = node.getStart() - start
    return text.slice(0, at) + name + text.slice(at + node.text.length)
  }, value.getText())
}

const PRIMITIVE =
  ts.TypeFlags.NumberLike |
  ts.TypeFlags.StringLike |
  ts.TypeFlags.BooleanLike |
  ts.TypeFlags.BigIntLike |
  ts.TypeFlags.Undefined |
  ts.TypeFlags.Null

export function isPrimitive(checker: ts.TypeChecker, node: ts.Node): boolean {
  return isPrimitiveType(checker.getTypeAtLocation(node))
}

const isPrimitiveType = (type: ts.Type): boolean => (type.isUnion() ? type.types.every(isPrimitiveType) : (type.flags & PRIMITIVE) !== 0)

/**
 * Whether an object can hold nothing but what it was made with. The files that can name it read parts of it and do nothing else: they do
 * not write to them, and do not give the object to anyone who could, unless its type promises that they won't.
 */
function isOnlyRead(checker: ts.TypeChecker, declaration: ts.VariableDeclaration, readers: readonly ts.SourceFile[]): boolean {
  const symbol = checker.getSymbolAtLocation(declaration.name)
  const promised = isReadonlyList(checker, checker.getTypeAtLocation(declaration.name))
  const visit = (node: ts.Node): boolean => {
    const isMention = ts.isIdentifier(node) && node !== declaration.name && symbolAt(checker, node) === symbol
    if (isMention && !ts.isTypeQueryNode(node.parent) && !ts.isImportSpecifier(node.parent) && !promised && !isRead(checker, node))
      return false
    return ts.forEachChild(node, (child) => (visit(child) ? undefined : true)) !== true
  }
  return readers.every(visit)
}

function isReadonlyList(checker: ts.TypeChecker, type: ts.Type): boolean {
  if (!checker.isArrayType(type) && !checker.isTupleType(type)) return false
  const parts = checker.getTypeArguments(type as ts.TypeReference)
  return checker.typeToString(type).startsWith('readonly ') && parts.every(isPrimitiveType)
}

/** The chain of accesses that begins with a name ends in a number, a text or the like, which is read. */
function isRead(checker: ts.TypeChecker, name: ts.Identifier): boolean {
  let whole: ts.Expression = name
  for (;;) {
    const { parent }: { parent: ts.Node } = whole
    const isAccess = (ts.isPropertyAccessExpression(parent) || ts.isElementAccessExpression(parent)) && parent.expression === whole
    if (!isAccess && !ts.isNonNullExpression(parent) && !ts.isParenthesizedExpression(parent)) break
    whole = parent
  }
  const { parent } = whole
  const isGoneThrough = (ts.isForOfStatement(parent) && parent.expression === whole) || ts.isSpreadElement(parent)
  if (isGoneThrough) return checker.getIndexInfosOfType(checker.getTypeAtLocation(whole)).every((info) => isPrimitiveType(info.type))
  return isPrimitive(checker, whole) && !isTarget(whole)
}

function isTarget(node: ts.Expression): boolean {
  const { parent } = node
  if (ts.isDeleteExpression(parent)) return true
  if (ts.isPostfixUnaryExpression(parent)) return true
  if (ts.isPrefixUnaryExpression(parent))
    return parent.operator === ts.SyntaxKind.PlusPlusToken || parent.operator === ts.SyntaxKind.MinusMinusToken
  if (ts.isForOfStatement(parent) || ts.isForInStatement(parent)) return parent.initializer === node
  if (ts.isBinaryExpression(parent)) return isAssignmentOperator(parent.operatorToken.kind) && parent.left === node
  // A part of a pattern that is assigned.
  return ts.isArrayLiteralExpression(parent) || ts.isPropertyAssignment(parent)
    ? ts.findAncestor(parent, (around) => ts.isBinaryExpression(around) && isAssignmentOperator(around.operatorToken.kind)) !== undefined
    : false
}
