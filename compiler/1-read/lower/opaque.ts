/** Text that carries no derivative: kept as it is, with the variables it mentions. */

import ts from '#typescript'
import { operation } from '../../ir/build.ts'
import type { Expression } from '../../ir/nodes.ts'
import { symbolAt } from '../facts.ts'
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
  const visit = (inner: ts.Node, onlyLooks: boolean): void => {
    if (ts.isTypeNode(inner)) return
    if (
      ts.isCallExpression(inner) ||
      ts.isNewExpression(inner) ||
      (ts.isBinaryExpression(inner) && inner.operatorToken.getText().endsWith('=') && !/^[=!<>]=/.test(inner.operatorToken.getText()))
    )
      effects = true
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
    const looks = looksAt(c, inner, onlyLooks)
    ts.forEachChild(inner, (child) => visit(child, looks))
  }
  visit(node, false)
  put(source.slice(at, node.getEnd()))
  const { checker, program } = c.f.session
  return { kind: 'opaque', parts, type: typeOfNode({ checker, program }, node), effects }
}

/** Whether what a node reads ends in a text or a truth value, so that no derivative can come back from there. */
function looksAt(c: Context, node: ts.Node, before: boolean): boolean {
  if (ts.isTemplateExpression(node) || ts.isTypeOfExpression(node)) return true
  if (ts.isBinaryExpression(node)) {
    if (/^(?:[=!]==?|[<>]=?|instanceof|in)$/.test(node.operatorToken.getText())) return true
    return before || (node.operatorToken.kind === ts.SyntaxKind.PlusToken && isText(c, node))
  }
  if (!ts.isCallExpression(node) && !ts.isNewExpression(node)) return before
  const callee = ts.isPropertyAccessExpression(node.expression) ? node.expression.name : node.expression
  const [declaration] = symbolAt(c.f.session.checker, callee)?.declarations ?? []
  return declaration !== undefined && isText(c, node) && c.f.session.program.isSourceFileDefaultLibrary(declaration.getSourceFile())
}

/** `Reflect.set` aside, what the library gives a text or a truth value for, it does not keep. */
function isText(c: Context, node: ts.Expression): boolean {
  const { flags } = c.f.session.checker.getTypeAtLocation(node)
  return (flags & (ts.TypeFlags.StringLike | ts.TypeFlags.BooleanLike)) !== 0 && !node.getText().startsWith('Reflect.')
}

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
