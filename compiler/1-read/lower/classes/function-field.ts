/** `energy = (x: number) => this.k * x`: a field that holds one function from the first, which is a method with a `this` that stays. */

import ts from '#typescript'
import { isStatic } from '../../classes.ts'
import { bare, symbolAt } from '../../facts.ts'
import { textOf } from '../../session.ts'
import { nameOfFrame, refuse, temporary, type Binding, type Context } from '../context.ts'
import { lowerExpression } from '../expression.ts'
import type { FunctionValue } from '../static-value.ts'
import { typeOfExpression } from '../type-of.ts'
import { selfOf } from './self.ts'

type Literal = ts.ArrowFunction | ts.FunctionExpression

/** The function that a field is given where it is declared. */
export function literalOf(member: ts.Node): Literal | undefined {
  if (!ts.isPropertyDeclaration(member) || !member.initializer) return undefined
  const value = bare(member.initializer)
  return ts.isArrowFunction(value) || ts.isFunctionExpression(value) ? value : undefined
}

/** What `object.name` stands for, where that is such a field. */
export function functionField(c: Context, node: ts.PropertyAccessExpression): FunctionValue | undefined {
  const symbol = symbolAt(c.f.session.checker, node.name)
  const member = symbol?.valueDeclaration
  const declaration = member && literalOf(member)
  if (!symbol || !member || !declaration || !ts.isClassLike(member.parent)) return undefined
  const { name } = symbol
  const { session } = c.f
  const others = session.classes.below(member.parent).filter((one) => one.members.some((own) => own.name?.getText() === name))
  const classes = [member.parent, ...others].map((one) => one.name?.text ?? 'a class').join('`, `')
  if (others.length > 0) return refuse(c, node, 'CT3006', { text: textOf(node), classes })
  if (isAssignedAnywhere(c, member)) return refuse(c, node, 'CT3002', { text: textOf(node), function: textOf(node) })
  return { kind: 'function', declaration, environment: undefined, self: receiver(c, node, member) }
}

/** A member of `this` is another symbol than that of an instance, but has the same declaration. */
function isAssignedAnywhere({ f: { session } }: Context, member: ts.Declaration): boolean {
  const files = session.program.getSourceFiles().filter((file) => !file.isDeclarationFile)
  return files.some((file) => [...session.facts.assignedWithin(file)].some(({ valueDeclaration }) => valueDeclaration === member))
}

function receiver(c: Context, node: ts.PropertyAccessExpression, member: ts.Declaration): Binding {
  const target = bare(node.expression)
  if (target.kind === ts.SyntaxKind.ThisKeyword)
    return selfOf(c.environment) ?? refuse(c, node, 'CT1013', { function: nameOfFrame(c.frame) })
  if (isStatic(member)) return { kind: 'static', value: { kind: 'class', declaration: member.parent as ts.ClassLikeDeclaration } }
  const value = lowerExpression(c, target)
  const isFixed = value.kind === 'variable' && !c.f.assigned.has(value.name)
  return {
    kind: 'expression',
    expression: isFixed ? value : temporary(c, 'self', typeOfExpression(c.f.variables, value), value),
  }
}
