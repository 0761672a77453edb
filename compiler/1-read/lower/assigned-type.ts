/**
 * The type of a variable that TypeScript knows only as one thing or another, or that grows into its type (`let best = null`): what all values that are
 * assigned to it have in common.
 */

import ts from '#typescript'
import type { Type } from '../../ir/nodes.ts'
import { bare, isAssignmentOperator, isStep, symbolAt } from '../facts.ts'
import { NUMBER, opaqueType, typeOfNode } from '../types.ts'
import type { Context } from './context.ts'
import { commonType } from './result-type.ts'

/** Nothing where they have nothing in common, or where it is assigned in a way whose value does not stand there. */
export function typeOfAssigned(c: Context, symbol: ts.Symbol, name: ts.Identifier): Type | undefined {
  const { session } = c.f
  const { initializer } = name.parent as ts.VariableDeclaration
  const isEmpty = (value: ts.Expression): boolean => {
    const list = bare(value)
    return ts.isArrayLiteralExpression(list) && list.elements.length === 0
  }
  const types: (Type | undefined)[] = initializer && !isEmpty(initializer) ? [typeOfNode(session, initializer)] : []
  const unset: ts.Node[] = []
  const isIt = (node: ts.Expression): boolean => {
    const place = bare(node)
    return ts.isIdentifier(place) && place.text === name.text && symbolAt(session.checker, place) === symbol
  }
  const visit = (node: ts.Node): void => {
    if (!initializer && ts.isIdentifier(node) && node !== name && isIt(node) && mayBeUnset(session.checker, node)) unset.push(node)
    if (ts.isBinaryExpression(node) && isAssignmentOperator(node.operatorToken.kind)) {
      if (isIt(node.left) && !isEmpty(node.right)) types.push(isPlain(node) ? typeOfNode(session, node.right) : NUMBER)
      else if (ts.isArrayLiteralExpression(bare(node.left)) || ts.isObjectLiteralExpression(bare(node.left))) pattern(node.left)
    } else if ((ts.isPrefixUnaryExpression(node) || ts.isPostfixUnaryExpression(node)) && isStep(node.operator) && isIt(node.operand))
      types.push(NUMBER)
    else if ((ts.isForOfStatement(node) || ts.isForInStatement(node)) && !ts.isVariableDeclarationList(node.initializer))
      pattern(node.initializer)
    ts.forEachChild(node, visit)
  }
  const pattern = (node: ts.Node): void => {
    if (ts.isIdentifier(node) && isIt(node)) types.push(undefined)
    ts.forEachChild(node, pattern)
  }
  ts.forEachChild(ts.findAncestor(name, ts.isFunctionLike) ?? name.getSourceFile(), visit)
  if (unset.length > 0) types.push(opaqueType('undefined'))
  // Where nothing but empty lists is assigned, what is put into them decides.
  if (types.length === 0) return evolvedType(c, name)
  return types.every((type) => type !== undefined) ? commonType(types) : undefined
}

/** The type into which that of a variable without a type of its own has grown where it is read. */
export function evolvedType(c: Context, name: ts.Identifier): Type | undefined {
  const { session } = c.f
  const symbol = session.checker.getSymbolAtLocation(name)
  const types: Type[] = []
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node) && node !== name && node.text === name.text && symbolAt(session.checker, node) === symbol) {
      const type = typeOfNode(session, node)
      if (type.kind !== 'opaque') types.push(type)
    }
    ts.forEachChild(node, visit)
  }
  ts.forEachChild(ts.findAncestor(name, ts.isFunctionLike) ?? name.getSourceFile(), visit)
  return commonType(types)
}

/** Whether the type checker finds that a variable may be read before it is assigned. */
function mayBeUnset(checker: ts.TypeChecker, node: ts.Identifier): boolean {
  const type = checker.getTypeAtLocation(node)
  return (type.isUnion() ? type.types : [type]).some(({ flags }) => (flags & ts.TypeFlags.Undefined) !== 0)
}

const isPlain = ({ operatorToken: { kind } }: ts.BinaryExpression): boolean =>
  [
    ts.SyntaxKind.EqualsToken,
    ts.SyntaxKind.QuestionQuestionEqualsToken,
    ts.SyntaxKind.BarBarEqualsToken,
    ts.SyntaxKind.AmpersandAmpersandEqualsToken,
  ].includes(kind)
