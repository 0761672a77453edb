/** Statements, one for one where the author's have a counterpart. */

import ts from '#typescript'
import { isJavaScript } from '../commonjs.ts'
import { Refused, textOf } from '../session.ts'
import { isTestedDefault } from '../tested-defaults.ts'
import {
  assignTo,
  bind,
  captured,
  emit,
  exitTo,
  freshTarget,
  innerScope,
  nameOfFrame,
  originOf,
  refuse,
  type Context,
  type Jump,
} from './context.ts'
import { withCheckpoint } from './checkpoints.ts'
import { lowerDeclarations } from './declare.ts'
import { lowerEffect, lowerValue } from './expression.ts'
import { lowerCondition } from './logic.ts'
import { lowerForIn, lowerForOf } from './for-of.ts'
import { lowerDo, lowerFor, lowerWhile } from './loops.ts'
import { followedOrThrown } from './package-calls.ts'
import { lowerReserve } from './support.ts'
import { lowerSwitch } from './switch.ts'
import { lowerTry } from './try.ts'

export function lowerBlock(c: Context, statements: readonly ts.Statement[]): void {
  const inner = innerScope(c)
  bindFunctions(inner, statements)
  for (const statement of statements) lowerStatement(inner, statement)
}

/** Function declarations are there before the first statement runs. */
export function bindFunctions(c: Context, statements: readonly ts.Statement[]): void {
  for (const statement of statements)
    if (ts.isFunctionDeclaration(statement) && statement.name && statement.body)
      bind(c, c.f.session.checker.getSymbolAtLocation(statement.name), {
        kind: 'static',
        value: { kind: 'function', declaration: statement, environment: c.environment },
      })
}

/** One mistake gives one diagnostic; the next statement is read all the same. */
export function lowerStatement(c: Context, node: ts.Statement, label?: string): void {
  const before = c.f.origin
  c.f.origin = originOf(node, headEnd(node))
  try {
    withCheckpoint(c, node, () => lower(c, node, label))
  } catch (error) {
    // What is wrong with the source of a package is said once, where it is called.
    if (!(error instanceof Refused) || isJavaScript(node)) throw error
  } finally {
    c.f.origin = before
  }
}

/** A compound statement is shown by its head. */
function headEnd(node: ts.Statement): ts.Node {
  return ts.isIfStatement(node) || ts.isSwitchStatement(node) || ts.isForOfStatement(node) || ts.isForInStatement(node)
    ? node.expression
    : node
}

function lower(c: Context, node: ts.Statement, label: string | undefined): void {
  if (label !== undefined && !takesLabel(node)) return lowerLabelled(c, label, (inner) => lower(inner, node, undefined))
  switch (node.kind) {
    case ts.SyntaxKind.EmptyStatement:
    case ts.SyntaxKind.DebuggerStatement:
    case ts.SyntaxKind.FunctionDeclaration:
    case ts.SyntaxKind.InterfaceDeclaration:
    case ts.SyntaxKind.TypeAliasDeclaration:
      return
    case ts.SyntaxKind.Block:
      return lowerBlock(c, (node as ts.Block).statements)
    case ts.SyntaxKind.VariableStatement:
      return lowerDeclarations(c, (node as ts.VariableStatement).declarationList)
    case ts.SyntaxKind.ExpressionStatement:
      return lowerExpressionStatement(c, node as ts.ExpressionStatement)
    case ts.SyntaxKind.IfStatement:
      // What a parameter is by default it was given before.
      return isTestedDefault(node) ? undefined : lowerIf(c, node as ts.IfStatement)
    case ts.SyntaxKind.ForStatement:
      return lowerFor(c, node as ts.ForStatement, label)
    case ts.SyntaxKind.ForOfStatement:
      return lowerForOf(c, node as ts.ForOfStatement, label)
    case ts.SyntaxKind.ForInStatement:
      return lowerForIn(c, node as ts.ForInStatement, label)
    case ts.SyntaxKind.WhileStatement:
      return lowerWhile(c, node as ts.WhileStatement, label)
    case ts.SyntaxKind.DoStatement:
      return lowerDo(c, node as ts.DoStatement, label)
    case ts.SyntaxKind.SwitchStatement:
      return lowerSwitch(c, node as ts.SwitchStatement, label)
    case ts.SyntaxKind.TryStatement:
      return lowerTry(c, node as ts.TryStatement)
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
      return lowerThrow(c, node as ts.ThrowStatement)
    case ts.SyntaxKind.WithStatement:
      return refuse(c, node, 'CT1004', { function: nameOfFrame(c.frame) })
    case ts.SyntaxKind.ClassDeclaration:
      return refuse(c, node, 'CT1009', { feature: 'a class declared within a function', function: nameOfFrame(c.frame) })
    default:
      return refuse(c, node, 'CT1099', { construct: `\`${textOf(node).split(' ')[0] ?? ''}\``, function: nameOfFrame(c.frame) })
  }
}

function lowerExpressionStatement(c: Context, { expression }: ts.ExpressionStatement): void {
  followedOrThrown(c, expression, () => {
    lowerEffect(c, expression)
  })
}

/** Loops and `switch` are left by their own `break`; every other labelled statement is a block to be left. */
const takesLabel = (node: ts.Statement): boolean => ts.isIterationStatement(node, false) || ts.isSwitchStatement(node)

function lowerLabelled(c: Context, label: string, body: (c: Context) => void): void {
  const target = freshTarget(c)
  const jump: Jump = { label, breaks: target, isPlain: false }
  const list = captured(c, () => body({ ...c, jumps: [jump, ...c.jumps] }))
  emit(c, { kind: 'block', target, body: list })
}

function lowerJump(c: Context, node: ts.BreakOrContinueStatement): void {
  const isBreak = ts.isBreakStatement(node)
  const jump = c.jumps.find((known) => {
    if (node.label) return known.label === node.label.text
    return isBreak ? known.isPlain : known.continues !== undefined
  })
  const target = isBreak ? jump?.breaks : jump?.continues
  if (target === undefined) return refuse(c, node, 'CT1016', { construct: textOf(node) })
  exitTo(c, target)
}

/** Nothing runs after it, so the value needs no name. */
function lowerThrow(c: Context, node: ts.ThrowStatement): void {
  const value = lowerValue(c, node.expression)
  if (c.caught) {
    assignTo(c, c.caught.error, value.kind === 'opaque' ? { ...value, effects: false } : value)
    return exitTo(c, c.caught.target)
  }
  emit(c, { kind: 'throw', value: value.kind === 'opaque' ? { ...value, effects: false } : value })
}

function lowerIf(c: Context, node: ts.IfStatement): void {
  if (lowerReserve(c, node)) return
  const test = lowerCondition(c, node.expression)
  if (test.kind === 'boolean') {
    const taken = test.value ? node.thenStatement : node.elseStatement
    return taken && lowerStatement(innerScope(c), taken)
  }
  const branch = (statement: ts.Statement | undefined) => captured(c, () => statement && lowerStatement(innerScope(c), statement))
  emit(c, { kind: 'if', test, then: branch(node.thenStatement), else: branch(node.elseStatement) })
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
