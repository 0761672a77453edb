/** Statements, one for one where the author's have a counterpart. */

import ts from '#typescript'
import { element, field, number, variable } from '../../ir/build.ts'
import type { Expression, Type } from '../../ir/nodes.ts'
import { bare } from '../facts.ts'
import { Refused, textOf } from '../session.ts'
import { typeOfNode } from '../types.ts'
import {
  bind,
  captured,
  emit,
  exitTo,
  freshName,
  freshTarget,
  innerScope,
  noteAssigned,
  notYet,
  originOf,
  type Context,
  type Jump,
} from './context.ts'
import { resolveDerived } from './derived.ts'
import { lowerCondition, lowerExpression, lowerValue, readerOf } from './expression.ts'
import { lowerDo, lowerFor, lowerWhile } from './loops.ts'
import { lowerReserve } from './support.ts'
import { typeOfExpression } from './type-of.ts'

export function lowerBlock(c: Context, statements: readonly ts.Statement[]): void {
  const inner = innerScope(c)
  for (const statement of statements)
    if (ts.isFunctionDeclaration(statement) && statement.name) bindFunction(inner, statement.name, statement)
  for (const statement of statements) lowerStatement(inner, statement)
}

function bindFunction(c: Context, name: ts.Identifier, declaration: ts.FunctionLikeDeclaration): void {
  bind(c, c.f.session.checker.getSymbolAtLocation(name), {
    kind: 'static',
    value: { kind: 'function', declaration, environment: c.environment },
  })
}

/** One mistake gives one diagnostic; the next statement is read all the same. */
export function lowerStatement(c: Context, node: ts.Statement, label?: string): void {
  const before = c.f.origin
  c.f.origin = originOf(node, headEnd(node))
  try {
    lower(c, node, label)
  } catch (error) {
    if (!(error instanceof Refused)) throw error
  } finally {
    c.f.origin = before
  }
}

/** A compound statement is shown by its head. */
const headEnd = (node: ts.Statement): ts.Node => (ts.isIfStatement(node) ? node.expression : node)

function lower(c: Context, node: ts.Statement, label: string | undefined): void {
  switch (node.kind) {
    case ts.SyntaxKind.EmptyStatement:
    case ts.SyntaxKind.FunctionDeclaration:
    case ts.SyntaxKind.InterfaceDeclaration:
    case ts.SyntaxKind.TypeAliasDeclaration:
      return
    case ts.SyntaxKind.Block:
      return label === undefined
        ? lowerBlock(c, (node as ts.Block).statements)
        : lowerLabelled(c, label, (inner) => lowerBlock(inner, (node as ts.Block).statements))
    case ts.SyntaxKind.VariableStatement:
      return lowerDeclarations(c, (node as ts.VariableStatement).declarationList)
    case ts.SyntaxKind.ExpressionStatement:
      return lowerEffect(c, (node as ts.ExpressionStatement).expression)
    case ts.SyntaxKind.IfStatement:
      return lowerIf(c, node as ts.IfStatement)
    case ts.SyntaxKind.ForStatement:
      return lowerFor(c, node as ts.ForStatement, label)
    case ts.SyntaxKind.WhileStatement:
      return lowerWhile(c, node as ts.WhileStatement, label)
    case ts.SyntaxKind.DoStatement:
      return lowerDo(c, node as ts.DoStatement, label)
    case ts.SyntaxKind.ReturnStatement:
      return c.frame.onReturn((node as ts.ReturnStatement).expression, c)
    case ts.SyntaxKind.BreakStatement:
    case ts.SyntaxKind.ContinueStatement:
      return lowerJump(c, node as ts.BreakOrContinueStatement)
    case ts.SyntaxKind.LabeledStatement: {
      const labelled = node as ts.LabeledStatement
      return lowerStatement(c, labelled.statement, labelled.label.text)
    }
    case ts.SyntaxKind.ThrowStatement:
      return emit(c, { kind: 'throw', value: lowerExpression(c, (node as ts.ThrowStatement).expression) })
    default:
      return notYet(c, node, `\`${textOf(node).split(' ')[0] ?? ''}\``)
  }
}

function lowerLabelled(c: Context, label: string, body: (c: Context) => void): void {
  const target = freshTarget(c)
  const jump: Jump = { label, breaks: target }
  const list = captured(c, () => body({ ...c, jumps: [jump, ...c.jumps] }))
  emit(c, { kind: 'block', target, body: list })
}

function lowerJump(c: Context, node: ts.BreakOrContinueStatement): void {
  const isBreak = ts.isBreakStatement(node)
  const jump = c.jumps.find((known) => (node.label ? known.label === node.label.text : known.continues !== undefined))
  const target = isBreak ? jump?.breaks : jump?.continues
  if (target === undefined) return notYet(c, node, textOf(node))
  exitTo(c, target)
}

function lowerEffect(c: Context, node: ts.Expression): void {
  const value = lowerValue(c, node)
  if (value.kind === 'opaque' && value.effects) emit(c, { kind: 'effect', expression: value })
}

function lowerIf(c: Context, node: ts.IfStatement): void {
  if (lowerReserve(c, node)) return
  const test = lowerCondition(c, node.expression)
  const branch = (statement: ts.Statement | undefined) => captured(c, () => statement && lowerStatement(innerScope(c), statement))
  emit(c, { kind: 'if', test, then: branch(node.thenStatement), else: branch(node.elseStatement) })
}

export function lowerDeclarations(c: Context, list: ts.VariableDeclarationList): void {
  for (const declaration of list.declarations) lowerDeclaration(c, declaration)
}

function lowerDeclaration(c: Context, node: ts.VariableDeclaration): void {
  const { name, initializer } = node
  const isConst = (node.parent as ts.VariableDeclarationList).flags & ts.NodeFlags.Const
  if (ts.isIdentifier(name)) {
    const value = initializer && bare(initializer)
    if (isConst && value && (ts.isArrowFunction(value) || ts.isFunctionExpression(value))) return bindFunction(c, name, value)
    const derived = isConst && value ? resolveDerived(c, value) : undefined
    if (derived) return bind(c, c.f.session.checker.getSymbolAtLocation(name), { kind: 'static', value: derived })
    return declareName(c, name, initializer && lowerValue(c, initializer))
  }
  if (!initializer) return
  const source = lowerExpression(c, initializer)
  lowerPattern(c, name, source)
}

function declareName(c: Context, name: ts.Identifier, value: Expression | undefined): void {
  const read = typeOfNode(readerOf(c), name)
  const type: Type = value && read.kind === 'opaque' ? typeOfExpression(c.f.variables, value) : read
  if (type.kind === 'opaque' && type.text === 'any') return notYet(c, name, `\`${name.text}\` without a type`)
  const local = freshName(c.f, name.text, type)
  noteAssigned(c, c.f.session.checker.getSymbolAtLocation(name), local)
  bind(c, c.f.session.checker.getSymbolAtLocation(name), { kind: 'expression', expression: variable(local) })
  emit(c, { kind: 'declare', name: local, ...(value && { value }) })
}

function lowerPattern(c: Context, pattern: ts.BindingPattern, source: Expression): void {
  const type = typeOfExpression(c.f.variables, source)
  pattern.elements.forEach((part, i) => {
    if (ts.isOmittedExpression(part)) return
    if (part.dotDotDotToken || part.initializer) return notYet(c, part, 'a default or rest in a pattern')
    const key = ts.isObjectBindingPattern(pattern) ? (part.propertyName ?? part.name).getText() : String(i)
    if (type.kind !== 'record' && (type.kind !== 'array' || ts.isObjectBindingPattern(pattern))) return notYet(c, part, 'this pattern')
    const value = type.kind === 'record' ? field(source, key) : element(source, number(i))
    if (ts.isIdentifier(part.name)) declareName(c, part.name, value)
    else lowerPattern(c, part.name, value)
  })
}

/** Whether the only `return` of a body is its last statement. */
export function returnsAtEndOnly(body: ts.Block): boolean {
  let count = 0
  const visit = (node: ts.Node): void => {
    if (ts.isReturnStatement(node)) count++
    if (!ts.isFunctionLike(node)) ts.forEachChild(node, visit)
  }
  ts.forEachChild(body, visit)
  const last = body.statements.at(-1)
  return count === 0 || (count === 1 && last !== undefined && ts.isReturnStatement(last))
}
