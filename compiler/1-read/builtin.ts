/** The functions and constants of `Math` and `Number`, by whatever name the program has for them. */

import ts from '#typescript'
import { bare, symbolAt } from './facts.ts'

interface Names {
  readonly checker: ts.TypeChecker
  readonly program: ts.Program
}

/** `Math.sin` or `Number.EPSILON`, when the global is meant. */
export function builtinName(names: Names, node: ts.Expression): string | undefined {
  const target = bare(node)
  if (!ts.isPropertyAccessExpression(target) || !ts.isIdentifier(target.expression)) return undefined
  return isNamespace(names, target.expression) ? `${target.expression.text}.${target.name.text}` : undefined
}

export function isNamespace(names: Names, node: ts.Expression): node is ts.Identifier {
  if (!ts.isIdentifier(node) || (node.text !== 'Math' && node.text !== 'Number')) return false
  const declaration = symbolAt(names.checker, node)?.declarations?.[0]
  return declaration !== undefined && names.program.isSourceFileDefaultLibrary(declaration.getSourceFile())
}

/** `const { sin, PI } = Math` and `const sin = Math.sin`, anywhere. */
export function destructuredBuiltin(names: Names, node: ts.Expression): string | undefined {
  const declaration = ts.isIdentifier(node) ? symbolAt(names.checker, node)?.valueDeclaration : undefined
  if (!declaration || !isConstant(declaration)) return undefined
  if (ts.isVariableDeclaration(declaration) && declaration.initializer) {
    const value = bare(declaration.initializer)
    return builtinName(names, value) ?? (ts.isIdentifier(value) ? destructuredBuiltin(names, value) : undefined)
  }
  if (!ts.isBindingElement(declaration) || !ts.isIdentifier(declaration.name) || declaration.dotDotDotToken) return undefined
  const source = declaration.parent.parent
  if (!ts.isVariableDeclaration(source) || !source.initializer || !isNamespace(names, bare(source.initializer))) return undefined
  return `${bare(source.initializer).getText()}.${declaration.propertyName?.getText() ?? declaration.name.text}`
}

function isConstant(declaration: ts.Declaration): boolean {
  const list = ts.findAncestor(declaration, ts.isVariableDeclarationList)
  return list !== undefined && (list.flags & ts.NodeFlags.Const) !== 0
}
