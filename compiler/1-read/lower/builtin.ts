/** The functions and constants of `Math` and `Number`, by whatever name the program has for them. */

import ts from '#typescript'
import { bare, symbolAt } from '../facts.ts'
import type { Context } from './context.ts'

/** `Math.sin` or `Number.EPSILON`, when the global is meant. */
export function builtinName(c: Context, node: ts.Expression): string | undefined {
  const target = bare(node)
  if (!ts.isPropertyAccessExpression(target) || !ts.isIdentifier(target.expression)) return undefined
  return isNamespace(c, target.expression) ? `${target.expression.text}.${target.name.text}` : undefined
}

export function isNamespace(c: Context, node: ts.Expression): node is ts.Identifier {
  if (!ts.isIdentifier(node) || (node.text !== 'Math' && node.text !== 'Number')) return false
  const declaration = symbolAt(c.f.session.checker, node)?.declarations?.[0]
  return declaration !== undefined && c.f.session.program.isSourceFileDefaultLibrary(declaration.getSourceFile())
}

/** `const { sin, PI } = Math` and `const sin = Math.sin`, anywhere. */
export function destructuredBuiltin(c: Context, node: ts.Expression): string | undefined {
  const declaration = ts.isIdentifier(node) ? symbolAt(c.f.session.checker, node)?.valueDeclaration : undefined
  if (!declaration || !isConstant(declaration)) return undefined
  if (ts.isVariableDeclaration(declaration) && declaration.initializer) {
    const value = bare(declaration.initializer)
    return builtinName(c, value) ?? (ts.isIdentifier(value) ? destructuredBuiltin(c, value) : undefined)
  }
  if (!ts.isBindingElement(declaration) || !ts.isIdentifier(declaration.name) || declaration.dotDotDotToken) return undefined
  const source = declaration.parent.parent
  if (!ts.isVariableDeclaration(source) || !source.initializer || !isNamespace(c, bare(source.initializer))) return undefined
  return `${bare(source.initializer).getText()}.${declaration.propertyName?.getText() ?? declaration.name.text}`
}

function isConstant(declaration: ts.Declaration): boolean {
  const list = ts.findAncestor(declaration, ts.isVariableDeclarationList)
  return list !== undefined && (list.flags & ts.NodeFlags.Const) !== 0
}
