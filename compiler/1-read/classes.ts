/** What can be read off the declaration of a class without lowering it: its members, and what its constructor does. */

import ts from '#typescript'
import type { ClassOfInstances, Field } from '../ir/nodes.ts'
import type { ClassFamily } from './class-family.ts'
import { bare, isAssignmentOperator, isStep } from './facts.ts'
import type { TypeReader } from './types.ts'

export const extendedBy = (declaration: ts.ClassLikeDeclaration): ts.ExpressionWithTypeArguments | undefined =>
  declaration.heritageClauses?.find(({ token }) => token === ts.SyntaxKind.ExtendsKeyword)?.types[0]

export const constructorOf = (declaration: ts.ClassLikeDeclaration): ts.ConstructorDeclaration | undefined =>
  declaration.members.find((member): member is ts.ConstructorDeclaration => ts.isConstructorDeclaration(member) && !!member.body)

export const isStatic = (node: ts.Node): boolean => ts.canHaveModifiers(node) && has(node, ts.SyntaxKind.StaticKeyword)

const has = (node: ts.HasModifiers, kind: ts.SyntaxKind): boolean => node.modifiers?.some((modifier) => modifier.kind === kind) ?? false

/** `constructor(readonly x: number)` declares a field. */
export const declaresField = (parameter: ts.ParameterDeclaration): boolean => ts.isParameterPropertyDeclaration(parameter, parameter.parent)

/** A parameter that declares a field is two symbols under one name; the constructor's body means the parameter. */
export function parameterSymbol(checker: ts.TypeChecker, name: ts.Identifier): ts.Symbol | undefined {
  const { parent } = name
  if (!ts.isParameter(parent) || !declaresField(parent)) return checker.getSymbolAtLocation(name)
  return checker
    .getSymbolsOfParameterPropertyDeclaration(parent, name.text)
    .find(({ flags }) => flags & ts.SymbolFlags.FunctionScopedVariable)
}

/** The name of a field, as its class writes it: `x`, `#x`. */
export function fieldName(property: ts.Symbol): string {
  const name = property.valueDeclaration && ts.getNameOfDeclaration(property.valueDeclaration)
  return name && ts.isPrivateIdentifier(name) ? name.text : property.name
}

/** Whether only the class itself may mention a field by its name. */
export function isHidden(property: ts.Symbol): boolean {
  const declaration = property.valueDeclaration
  if (!declaration || !ts.canHaveModifiers(declaration)) return false
  return has(declaration, ts.SyntaxKind.PrivateKeyword) || has(declaration, ts.SyntaxKind.ProtectedKeyword)
}

/** How the derivative's file makes such an instance. */
export function instancesOf(
  { checker, names, classes }: TypeReader,
  type: ts.Type,
  fields: readonly Field[],
): ClassOfInstances | undefined {
  const declaration = classes?.ofType(type)
  // Private names exist in the class alone: nothing outside could make such an object.
  if (!declaration || !names) return undefined
  const isPrivate = fields.some((field) => field.name.startsWith('#'))
  const name = isPrivate ? undefined : names.nameOf(type.symbol)
  if (name === undefined) return { name: classes!.note(type.symbol.name, declaration), sealed: true }
  classes!.note(name, declaration)
  const given = checker.typeToString(type, undefined, ts.TypeFormatFlags.NoTruncation)
  return { name: name + (/<.*$/.exec(given)?.[0] ?? ''), ...takenBy(declaration, fields) }
}

/** The fields that a constructor takes as they are, where it does nothing else. */
function takenBy(declaration: ts.ClassLikeDeclaration, fields: readonly Field[]): Pick<ClassOfInstances, 'taken' | 'literals'> {
  const made = constructorOf(declaration)
  if (extendedBy(declaration) || !made || made.modifiers?.length) return {}
  const literals = literalsOf(declaration)
  const taken = made.parameters.map((parameter) => fieldOfParameter(made, parameter))
  const isDone = made.body!.statements.every((statement) => assignedField(statement) !== undefined)
  const known = new Set([...taken, ...Object.keys(literals ?? {})])
  if (!literals || !isDone || known.size !== taken.length + Object.keys(literals).length || known.size !== fields.length) return {}
  return fields.every(({ name }) => known.has(name)) ? { taken: taken as string[], literals } : {}
}

/** A default does no harm where a value is always given: a number is never `undefined`. */
function fieldOfParameter(made: ts.ConstructorDeclaration, parameter: ts.ParameterDeclaration): string | undefined {
  if (!ts.isIdentifier(parameter.name) || parameter.dotDotDotToken || parameter.initializer || parameter.questionToken) return undefined
  const { text } = parameter.name
  const assigned = made.body!.statements.map(assignedField).filter((one) => one?.from === text)
  if (declaresField(parameter)) return assigned.length === 0 ? text : undefined
  return assigned.length === 1 ? assigned[0]!.field : undefined
}

/** `this.field = parameter`. */
function assignedField(statement: ts.Statement): { readonly field: string; readonly from: string } | undefined {
  const node = ts.isExpressionStatement(statement) ? bare(statement.expression) : undefined
  if (!node || !ts.isBinaryExpression(node) || node.operatorToken.kind !== ts.SyntaxKind.EqualsToken) return undefined
  const { left, right } = node
  if (!ts.isPropertyAccessExpression(left) || left.expression.kind !== ts.SyntaxKind.ThisKeyword || !ts.isIdentifier(right))
    return undefined
  return { field: left.name.text, from: right.text }
}

/** Fields with initial values, which are numbers written out; nothing where one is something else. */
function literalsOf(declaration: ts.ClassLikeDeclaration): Readonly<Record<string, number>> | undefined {
  const literals: Record<string, number> = {}
  for (const member of declaration.members) {
    if (!ts.isPropertyDeclaration(member) || isStatic(member) || !member.initializer) continue
    const value = bare(member.initializer)
    if (!ts.isNumericLiteral(value)) return undefined
    literals[member.name.getText()] = Number(value.text)
  }
  return literals
}

const isAccess = (node: ts.Node): node is ts.PropertyAccessExpression | ts.ElementAccessExpression =>
  ts.isPropertyAccessExpression(node) || ts.isElementAccessExpression(node)

/** The fields that the source of a class, or of one that it extends, gives a value in more than one place: they change after they have one. */
export function fieldsThatChange(classes: ClassFamily, declaration: ts.ClassLikeDeclaration): ReadonlySet<string> {
  const places = new Map<string, number>()
  const note = (name: string): void => void places.set(name, (places.get(name) ?? 0) + 1)
  const targets = (node: ts.Node): void => {
    const isOwn = isAccess(node) && bare(node.expression).kind === ts.SyntaxKind.ThisKeyword
    if (isOwn && ts.isPropertyAccessExpression(node)) note(node.name.text)
    else if (isOwn && ts.isElementAccessExpression(node) && ts.isStringLiteralLike(node.argumentExpression))
      note(node.argumentExpression.text)
    // What is written within something else leaves the field that leads there as it is.
    else if (!isAccess(node)) ts.forEachChild(node, targets)
  }
  const visit = (node: ts.Node): void => {
    if (ts.isBinaryExpression(node) && isAssignmentOperator(node.operatorToken.kind)) targets(node.left)
    if ((ts.isPrefixUnaryExpression(node) || ts.isPostfixUnaryExpression(node)) && isStep(node.operator)) targets(node.operand)
    if ((ts.isForOfStatement(node) || ts.isForInStatement(node)) && !ts.isVariableDeclarationList(node.initializer))
      targets(node.initializer)
    if (ts.isPropertyDeclaration(node) && node.initializer) note(node.name.getText())
    if (ts.isParameter(node) && declaresField(node)) note(node.name.getText())
    ts.forEachChild(node, visit)
  }
  for (let one: ts.ClassLikeDeclaration | undefined = declaration; one; one = classes.baseOf(one)) visit(one)
  return new Set([...places].flatMap(([name, count]) => (count > 1 ? [name] : [])))
}
