/** Text that carries no derivative: kept as it is, with the variables it mentions. */

import ts from '#typescript'
import { operation } from '../../ir/build.ts'
import type { Expression } from '../../ir/nodes.ts'
import { bare, isAssignmentOperator, symbolAt } from '../facts.ts'
import { typeOfNode } from '../types.ts'
import { textOf } from '../session.ts'
import { lookup, refuse, type Context } from './context.ts'

export function lowerOpaque(c: Context, node: ts.Expression): Expression {
  const parts: (string | Expression)[] = []
  const source = node.getSourceFile().text
  let at = node.getStart()
  let effects = false
  const put = (text: string): void => {
    if (text !== '') parts.push(text)
  }
  const keepsText = endsInText(c, node)
  const visit = (inner: ts.Node, onlyLooks: boolean): void => {
    if (ts.isTypeNode(inner)) return
    if (
      ts.isCallExpression(inner) ||
      ts.isNewExpression(inner) ||
      (ts.isBinaryExpression(inner) && inner.operatorToken.getText().endsWith('=') && !/^[=!<>]=/.test(inner.operatorToken.getText()))
    )
      effects = true
    const target = changedBy(inner)
    if (target && isFollowed(c, target)) refuse(c, inner, 'CT2009', { text: textOf(inner) })
    if (ts.isIdentifier(inner) && isRead(inner)) {
      const replacement = meaning(c, inner)
      if (replacement !== undefined) {
        put(source.slice(at, inner.getStart()))
        // The property keeps its name, whatever the variable is called by now.
        if (ts.isShorthandPropertyAssignment(inner.parent)) put(`${inner.text}: `)
        parts.push(onlyLooks && typeof replacement !== 'string' ? operation('stopGradient', replacement) : replacement)
        at = inner.getEnd()
      }
      return
    }
    const looks = looksAt(c, inner, onlyLooks, keepsText)
    ts.forEachChild(inner, (child) => visit(child, looks))
  }
  visit(node, false)
  put(source.slice(at, node.getEnd()))
  const { checker, program } = c.f.session
  return { kind: 'opaque', parts, type: typeOfNode({ checker, program }, node), effects }
}

/** The variable that an assignment or a step within text would change out of sight. */
function changedBy(node: ts.Node): ts.Expression | undefined {
  if (ts.isBinaryExpression(node) && isAssignmentOperator(node.operatorToken.kind)) return bare(node.left)
  const steps = [ts.SyntaxKind.PlusPlusToken, ts.SyntaxKind.MinusMinusToken]
  const isStep = (ts.isPrefixUnaryExpression(node) || ts.isPostfixUnaryExpression(node)) && steps.includes(node.operator)
  return isStep ? bare(node.operand) : undefined
}

function isFollowed(c: Context, target: ts.Expression): boolean {
  const symbol = ts.isIdentifier(target) ? symbolAt(c.f.session.checker, target) : undefined
  return symbol !== undefined && lookup(c.environment, symbol)?.kind === 'expression'
}

/** Whether nothing comes of the whole but a text, a truth value or an error. A number could be read back from a text: `Number(String(x))`. */
function endsInText(c: Context, node: ts.Expression): boolean {
  if (ts.isExpressionStatement(node.parent)) return true
  const type = c.f.session.checker.getTypeAtLocation(node)
  const inert = ts.TypeFlags.StringLike | ts.TypeFlags.BooleanLike | ts.TypeFlags.Void | ts.TypeFlags.Undefined
  return (type.flags & inert) !== 0 || (ts.isNewExpression(node) && type.symbol.name.endsWith('Error'))
}

/** Whether what a node reads ends in a text or a truth value, so that no derivative can come back from there. */
function looksAt(c: Context, node: ts.Node, before: boolean, keepsText: boolean): boolean {
  if (ts.isTypeOfExpression(node)) return true
  if (ts.isTemplateExpression(node)) return before || keepsText
  if (ts.isPropertyAccessExpression(node) && node.name.text === 'length' && isText(c, node.expression)) return true
  if (ts.isBinaryExpression(node)) {
    if (/^(?:[=!]==?|[<>]=?|instanceof|in)$/.test(node.operatorToken.getText())) return true
    return before || (keepsText && node.operatorToken.kind === ts.SyntaxKind.PlusToken && isText(c, node))
  }
  if (!ts.isCallExpression(node) && !ts.isNewExpression(node)) return before
  const callee = ts.isPropertyAccessExpression(node.expression) ? node.expression.name : node.expression
  const [declaration] = symbolAt(c.f.session.checker, callee)?.declarations ?? []
  const isLost = keepsText ? isText(c, node) : isTruth(c, node)
  return before || (declaration !== undefined && isLost && c.f.session.program.isSourceFileDefaultLibrary(declaration.getSourceFile()))
}

/** `Reflect.set` aside, what the library gives a text or a truth value for, it does not keep. */
function isText(c: Context, node: ts.Expression): boolean {
  const { flags } = c.f.session.checker.getTypeAtLocation(node)
  return (flags & (ts.TypeFlags.StringLike | ts.TypeFlags.BooleanLike)) !== 0 && !node.getText().startsWith('Reflect.')
}

const isTruth = (c: Context, node: ts.Expression): boolean =>
  (c.f.session.checker.getTypeAtLocation(node).flags & ts.TypeFlags.BooleanLike) !== 0 && isText(c, node)

const isRead = (node: ts.Identifier): boolean =>
  !(ts.isPropertyAccessExpression(node.parent) && node.parent.name === node) &&
  !(ts.isPropertyAssignment(node.parent) && node.parent.name === node)

/** What an identifier stands for in the emitted file, where that is not its own text. */
function meaning(c: Context, node: ts.Identifier): Expression | string | undefined {
  const symbol = symbolAt(c.f.session.checker, node)
  const binding = symbol && lookup(c.environment, symbol)
  if (binding?.kind === 'expression') return binding.expression
  if (!symbol || binding) return undefined
  const declaration = symbol.valueDeclaration
  if (declaration && isWithin(declaration, c.frame.declaration)) return undefined
  const name = c.f.session.names.nameOf(symbol)
  if (name === undefined) return refuse(c, node, 'CT9002', { what: `\`${textOf(node)}\`, which its module does not export,` })
  c.f.mentioned.add(name)
  return name
}

function isWithin(node: ts.Node, outer: ts.Node): boolean {
  return ts.findAncestor(node, (around) => around === outer) !== undefined
}
