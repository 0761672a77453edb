/** Constants of a module that another file may repeat, because nobody can tell the copy from the original. */

import ts from '#typescript'
import { bare, isAssignmentOperator, symbolAt } from './facts.ts'

/** The initial value of a constant: literals and globals only, and nothing that is changed or compared later. */
export function constantText(checker: ts.TypeChecker, declaration: ts.Declaration, program: ts.Program): string | undefined {
  if (!ts.isVariableDeclaration(declaration) || !declaration.initializer) return undefined
  if (!(ts.getCombinedNodeFlags(declaration) & ts.NodeFlags.Const)) return undefined
  const value = bare(declaration.initializer)
  const isRepeatable = (node: ts.Node): boolean => {
    if (ts.isFunctionLike(node) || ts.isCallExpression(node) || ts.isAwaitExpression(node)) return false
    if (ts.isIdentifier(node) && !(ts.isPropertyAssignment(node.parent) && node.parent.name === node)) {
      const owner = checker.getSymbolAtLocation(node)?.valueDeclaration?.getSourceFile()
      return owner === undefined || program.isSourceFileDefaultLibrary(owner)
    }
    return ts.forEachChild(node, (child) => (isRepeatable(child) ? undefined : true)) !== true
  }
  if (!isRepeatable(value)) return undefined
  return isPrimitive(checker, value) || isOnlyRead(checker, declaration) ? value.getText() : undefined
}

const PRIMITIVE =
  ts.TypeFlags.NumberLike |
  ts.TypeFlags.StringLike |
  ts.TypeFlags.BooleanLike |
  ts.TypeFlags.BigIntLike |
  ts.TypeFlags.Undefined |
  ts.TypeFlags.Null

function isPrimitive(checker: ts.TypeChecker, node: ts.Node): boolean {
  return isPrimitiveType(checker.getTypeAtLocation(node))
}

const isPrimitiveType = (type: ts.Type): boolean => (type.isUnion() ? type.types.every(isPrimitiveType) : (type.flags & PRIMITIVE) !== 0)

/**
 * Whether an object can hold nothing but what it was made with. Its file, which alone can name it, reads parts of it and does nothing else: it does
 * not write to them, and does not give the object to anyone who could, unless its type promises that they won't.
 */
function isOnlyRead(checker: ts.TypeChecker, declaration: ts.VariableDeclaration): boolean {
  const symbol = checker.getSymbolAtLocation(declaration.name)
  const promised = isReadonlyList(checker, checker.getTypeAtLocation(declaration.name))
  const visit = (node: ts.Node): boolean => {
    const isMention = ts.isIdentifier(node) && node !== declaration.name && symbolAt(checker, node) === symbol
    if (isMention && !ts.isTypeQueryNode(node.parent) && !promised && !isRead(checker, node)) return false
    return ts.forEachChild(node, (child) => (visit(child) ? undefined : true)) !== true
  }
  return visit(declaration.getSourceFile())
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
