/**
 * Members in JavaScript by which a function finds out what it was given: `x.isVector3`, which all instances of a class have from its prototype, and a number
 * does not.
 */

import ts from '#typescript'
import { isJavaScript } from '../commonjs.ts'
import { bare, symbolAt } from '../facts.ts'
import { UNDEFINED } from './arguments.ts'
import { argumentRead } from './arguments-object.ts'
import { lookup, type Binding, type Context } from './context.ts'
import { lacks } from './lacking.ts'
import { typeIn } from './type-in.ts'

/** What is known of such a member without evaluating anything. */
export function untypedMember(c: Context, node: ts.Expression): Binding | undefined {
  const argument = argumentRead(c, node)
  if (argument) return argument
  if (!ts.isPropertyAccessExpression(node)) return undefined
  const target = bare(node.expression)
  const name = node.name.text
  if (!isPath(target)) return undefined
  const type = typeIn(c, target)
  if (isJavaScript(node) && (type.kind === 'number' || type.kind === 'boolean')) return name in Number.prototype ? undefined : UNDEFINED
  if (isJavaScript(node) && type.kind === 'array') return name in Array.prototype || name in Float64Array.prototype ? undefined : UNDEFINED
  const bound = isJavaScript(node) && ts.isIdentifier(target) ? lookup(c.environment, symbolAt(c.f.session.checker, target)!) : undefined
  if (bound?.kind === 'expression' && lacks(c, bound.expression, name)) return UNDEFINED
  if (type.kind !== 'record' || !type.class || type.fields.some((field) => field.name === name)) return undefined
  const value = prototypeValue(c, c.f.session.classes.named(type.class.name), name)
  return value && { kind: 'expression', expression: value }
}

const isPath = (node: ts.Expression): boolean =>
  ts.isIdentifier(node) ||
  node.kind === ts.SyntaxKind.ThisKeyword ||
  (ts.isPropertyAccessExpression(node) && !node.questionDotToken && isPath(bare(node.expression)))

type Constant = { readonly kind: 'boolean'; readonly value: boolean } | { readonly kind: 'number'; readonly value: number }

/** `this.prototype.isVector3 = true` in a static block, `Vector3.prototype.isVector3 = true` beside the class: a literal that nothing else is given to. */
function prototypeValue(c: Context, from: ts.ClassLikeDeclaration | undefined, name: string): Constant | undefined {
  const { classes, checker } = c.f.session
  for (let one = from; one; one = classes.baseOf(one)) {
    const declaration = one
    const isClass = (node: ts.Expression): boolean =>
      node.kind === ts.SyntaxKind.ThisKeyword
        ? ts.findAncestor(node, (around) => ts.isClassStaticBlockDeclaration(around) || ts.isFunctionLike(around))?.parent === declaration
        : ts.isIdentifier(node) && declaration.name !== undefined && symbolAt(checker, node) === symbolAt(checker, declaration.name)
    const found: ts.Expression[] = []
    const note = (node: ts.Node): void => {
      const given = ts.isExpressionStatement(node) && ts.isBinaryExpression(node.expression) ? node.expression : undefined
      if (given?.operatorToken.kind !== ts.SyntaxKind.EqualsToken || !ts.isPropertyAccessExpression(given.left)) return
      const holder = given.left.expression
      if (given.left.name.text !== name || !ts.isPropertyAccessExpression(holder) || holder.name.text !== 'prototype') return
      if (isClass(holder.expression)) found.push(given.right)
    }
    for (const member of declaration.members) if (ts.isClassStaticBlockDeclaration(member)) member.body.statements.forEach(note)
    declaration.getSourceFile().statements.forEach(note)
    if (found.length > 0) return found.length === 1 ? literal(found[0]!) : undefined
    if (declaration.members.some((member) => member.name?.getText() === name)) return undefined
  }
  return undefined
}

function literal(node: ts.Expression): Constant | undefined {
  if (node.kind === ts.SyntaxKind.TrueKeyword) return { kind: 'boolean', value: true }
  if (node.kind === ts.SyntaxKind.FalseKeyword) return { kind: 'boolean', value: false }
  return ts.isNumericLiteral(node) ? { kind: 'number', value: Number(node.text) } : undefined
}
