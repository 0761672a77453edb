/** The type of a source expression where it stands: from the type checker, and where that knows nothing, from what its parts are bound to. */

import ts from '#typescript'
import type { Type } from '../../ir/nodes.ts'
import { showType } from '../../ir/parse-type.ts'
import { isJavaScript } from '../commonjs.ts'
import { bare, symbolAt } from '../facts.ts'
import { arrayOf, NUMBER, typeOfNode } from '../types.ts'
import { lookup, type Context } from './context.ts'
import { decidedTest } from './decide.ts'
import { selfOf } from './classes/self.ts'
import { typeOfExpression } from './type-of.ts'

/** A value of a type parameter is what it is in this call, not what the parameter allows. */
export function typeIn(c: Context, node: ts.Expression): Type {
  const target = bare(node)
  const self = target.kind === ts.SyntaxKind.ThisKeyword ? selfOf(c.environment) : undefined
  if (self?.kind === 'expression') return typeOfExpression(c.f.variables, self.expression)
  // What is written of types in JavaScript is a comment: what is bound decides.
  const bound = isJavaScript(target) || isOfDeclaredClass(c, target) ? typeByForm(c, target) : undefined
  if (bound && bound.kind !== 'opaque') return bound
  const read = typeOfNode(c.f.session, target)
  if (read.kind === 'record' && read.tuple && ts.isIdentifier(target)) {
    // The declarations of a package may say how long a list is that its source makes.
    const own = typeByForm(c, target)
    if (own?.kind === 'array') return own
  }
  return read.kind === 'opaque' ? (typeByForm(c, target) ?? read) : read
}

/** A field of an instance of a package, whose class only a declaration file speaks of: it is what the source makes of it. */
function isOfDeclaredClass(c: Context, node: ts.Expression): boolean {
  if (ts.isElementAccessExpression(node)) return isOfDeclaredClass(c, bare(node.expression))
  if (!ts.isPropertyAccessExpression(node)) return false
  const owner = symbolAt(c.f.session.checker, node.name)?.valueDeclaration?.parent
  return owner !== undefined && ts.isClassDeclaration(owner) && owner.getSourceFile().isDeclarationFile
}

function typeByForm(c: Context, node: ts.Expression): Type | undefined {
  if (ts.isIdentifier(node)) {
    const symbol = symbolAt(c.f.session.checker, node)
    const binding = symbol && lookup(c.environment, symbol)
    return binding?.kind === 'expression' ? typeOfExpression(c.f.variables, binding.expression) : undefined
  }
  if (ts.isPropertyAccessExpression(node)) {
    const constructed = fieldInConstruction(c, node)
    if (constructed) return constructed
    const record = typeIn(c, node.expression)
    if (record.kind === 'array' && node.name.text === 'length') return NUMBER
    return record.kind === 'record' ? record.fields.find(({ name }) => name === node.name.text)?.type : undefined
  }
  if (ts.isElementAccessExpression(node)) {
    const array = typeIn(c, node.expression)
    return array.kind === 'array' || array.kind === 'keyed' ? array.element : undefined
  }
  if (ts.isBinaryExpression(node)) return typeOfBinary(c, node)
  if (ts.isCallExpression(node))
    return isFilledArray(node) && typeIn(c, node.arguments[0]!).kind === 'number' ? arrayOf('Array') : undefined
  if (ts.isConditionalExpression(node)) {
    const taken = decidedTest(c, node.condition)
    if (taken !== undefined) return typeIn(c, taken ? node.whenTrue : node.whenFalse)
    return common(typeIn(c, node.whenTrue), typeIn(c, node.whenFalse))
  }
  return undefined
}

/** `this.xs` in a constructor, once it has a value. */
function fieldInConstruction(c: Context, { expression, name }: ts.PropertyAccessExpression): Type | undefined {
  const self = expression.kind === ts.SyntaxKind.ThisKeyword ? selfOf(c.environment) : undefined
  const known = self?.kind === 'static' && self.value.kind === 'construction' ? self.value.fields.get(name.text) : undefined
  return known && typeOfExpression(c.f.variables, known.expression)
}

/** `Array(n).fill(0)`, of which the type checker knows nothing. */
function isFilledArray({ expression, arguments: given }: ts.CallExpression): boolean {
  if (!ts.isPropertyAccessExpression(expression) || expression.name.text !== 'fill' || given.length !== 1) return false
  const made = bare(expression.expression)
  return (ts.isNewExpression(made) || ts.isCallExpression(made)) && ts.isIdentifier(made.expression) && made.expression.text === 'Array'
}

function typeOfBinary(c: Context, { left, operatorToken, right }: ts.BinaryExpression): Type | undefined {
  switch (operatorToken.kind) {
    case ts.SyntaxKind.PlusToken:
      return typeIn(c, left).kind === 'number' && typeIn(c, right).kind === 'number' ? NUMBER : undefined
    case ts.SyntaxKind.BarBarToken:
    case ts.SyntaxKind.AmpersandAmpersandToken:
    case ts.SyntaxKind.QuestionQuestionToken:
      return common(typeIn(c, left), typeIn(c, right))
    case ts.SyntaxKind.EqualsToken:
    case ts.SyntaxKind.CommaToken:
      return typeIn(c, right)
    default:
      return undefined
  }
}

const common = (one: Type, other: Type): Type | undefined => (showType(one) === showType(other) ? one : undefined)
