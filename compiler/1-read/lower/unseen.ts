/** Whether text does something, and whether that is what nobody sees: it runs code that is not read, or changes what it does not declare. */

import ts from '#typescript'
import { bare, isAssignmentOperator, isStep, symbolAt } from '../facts.ts'
import { textOf, type Session } from '../session.ts'
import { nameOfFrame, refuse, type Context } from './context.ts'

/** `root` is the text. What the library is given, other than functions, it neither runs nor changes; but for the object whose method is called. */
export function isUnseen(session: Session, node: ts.Node, root: ts.Node): boolean {
  if (ts.isCallExpression(node) || ts.isNewExpression(node)) return runsUnseen(session, node)
  if (ts.isTaggedTemplateExpression(node)) return !isOfLibrary(session, node.tag)
  const target = targetOf(node)
  if (!target) return false
  const name = rootOf(target)
  const declaration = name && symbolAt(session.checker, name)?.valueDeclaration
  return declaration === undefined || ts.findAncestor(declaration, (around) => around === root) === undefined
}

function runsUnseen(session: Session, node: ts.CallExpression | ts.NewExpression): boolean {
  const { checker } = session
  if (!isOfLibrary(session, bare(node.expression))) return true
  return node.arguments?.some((argument) => checker.getTypeAtLocation(argument).getCallSignatures().length > 0) ?? false
}

/** `Math.random`, `list.push`, `Date`: declared in the libraries that TypeScript brings, or in those of the platform. */
function isOfLibrary({ checker, program }: Session, callee: ts.Expression): boolean {
  if (callee.kind === ts.SyntaxKind.ImportKeyword) return false
  const name = ts.isPropertyAccessExpression(callee) ? callee.name : callee
  const declarations = checker.getSymbolAtLocation(name)?.declarations ?? []
  return (
    declarations.length > 0 &&
    declarations.every((declaration) => {
      const file = declaration.getSourceFile()
      return program.isSourceFileDefaultLibrary(file) || file.fileName.includes('/node_modules/@types/node/')
    })
  )
}

/** What is assigned, stepped or deleted. */
function targetOf(node: ts.Node): ts.Expression | undefined {
  if (ts.isBinaryExpression(node)) return isAssignmentOperator(node.operatorToken.kind) ? node.left : undefined
  if (ts.isDeleteExpression(node)) return node.expression
  if (ts.isPostfixUnaryExpression(node)) return node.operand
  return ts.isPrefixUnaryExpression(node) && isStep(node.operator) ? node.operand : undefined
}

function rootOf(node: ts.Expression): ts.Identifier | undefined {
  const place = bare(node)
  if (ts.isIdentifier(place)) return place
  return ts.isPropertyAccessExpression(place) || ts.isElementAccessExpression(place) ? rootOf(place.expression) : undefined
}

/** Whether a node itself may do anything but give a value. */
export function hasEffects(node: ts.Node): boolean {
  if (ts.isCallExpression(node) || ts.isNewExpression(node) || ts.isDeleteExpression(node) || ts.isTaggedTemplateExpression(node))
    return true
  if (ts.isBinaryExpression(node)) return isAssignmentOperator(node.operatorToken.kind)
  const isStep = ts.isPrefixUnaryExpression(node) || ts.isPostfixUnaryExpression(node)
  return isStep && (node.operator === ts.SyntaxKind.PlusPlusToken || node.operator === ts.SyntaxKind.MinusMinusToken)
}

/** What can't stand in a derivative even as text, because it means something else there or nobody knows what it does. */
export function refuseUnreadable(c: Context, node: ts.Node): void {
  const { frame } = c
  // What runs a text as code may read and write every variable in sight.
  const callee = ts.isCallExpression(node) || ts.isNewExpression(node) ? bare(node.expression) : undefined
  if (callee && ts.isIdentifier(callee) && /^(?:eval|Function)$/.test(callee.text)) refuse(c, node, 'CT1003', { callee: textOf(callee) })
  if (ts.isCallExpression(node) && callee?.kind === ts.SyntaxKind.ImportKeyword)
    refuse(c, node, 'CT1008', { text: node.arguments.map(textOf).join(', ') })
  if (ts.isMetaProperty(node) && node.keywordToken === ts.SyntaxKind.NewKeyword)
    refuse(c, node, 'CT1099', { construct: '`new.target`', function: nameOfFrame(frame) })
  if (ts.isIdentifier(node) && node.text === 'arguments' && isArgumentsObject(c, node))
    refuse(c, node, 'CT1005', { function: nameOfFrame(frame) })
}

/** The object that every function has, which is declared nowhere. */
const isArgumentsObject = ({ f }: Context, node: ts.Identifier): boolean =>
  !(ts.isPropertyAccessExpression(node.parent) && node.parent.name === node) &&
  (symbolAt(f.session.checker, node)?.declarations?.length ?? 0) === 0
