/** Loops: counted where the head says how often, else general. */

import ts from '#typescript'
import { number, operation, variable } from '../../ir/build.ts'
import type { Counter, Expression } from '../../ir/nodes.ts'
import { someExpression, variablesIn } from '../../ir/walk.ts'
import { bare, symbolAt } from '../facts.ts'
import { NUMBER } from '../types.ts'
import { bind, captured, emit, exitTo, freshName, freshTarget, innerScope, temporary, type Context, type Jump } from './context.ts'
import { lowerEffect, lowerExpression } from './expression.ts'
import { lowerCondition } from './logic.ts'
import { changesFields, changesLengths, fieldsRead, readsLength, writesOf } from './interference.ts'
import { constructionAt } from './classes/members.ts'
import { nameFor } from './names.ts'
import { lowerDeclarations } from './declare.ts'
import { lowerStatement } from './statement.ts'
import type { RawStatement } from '../exits/raw.ts'
import { typeIn } from './type-in.ts'
import { isOwnCounter } from './own-counter.ts'
import { canMove, isOfMath, isWhole } from './whole.ts'
import { typeOfExpression } from './type-of.ts'

export function lowerWhile(c: Context, node: ts.WhileStatement, label: string | undefined): void {
  lowerGeneral(c, node.expression, node.statement, undefined, label)
}

export function lowerFor(outer: Context, node: ts.ForStatement, label: string | undefined): void {
  const c = innerScope(outer)
  if (lowerCounted(c, node, label)) return
  if (node.initializer) {
    if (ts.isVariableDeclarationList(node.initializer)) lowerDeclarations(c, node.initializer)
    else lowerEffect(c, node.initializer)
  }
  lowerGeneral(c, node.condition, node.statement, node.incrementor, label)
}

export function lowerDo(c: Context, node: ts.DoStatement, label: string | undefined): void {
  const breaks = freshTarget(c)
  const body = lowerBody(c, node.statement, breaks, label)
  const { test, before } = lowerTest(c, node.expression)
  if (before.length === 0) return emit(c, { kind: 'loop', target: breaks, test, testAt: 'bottom', body })
  const leave = captured(c, () => exitTo(c, breaks))
  emit(c, {
    kind: 'loop',
    target: breaks,
    test: { kind: 'boolean', value: true },
    testAt: 'top',
    body: [...body, ...before, { kind: 'if', test, then: [], else: leave }],
  })
}

function lowerGeneral(
  c: Context,
  condition: ts.Expression | undefined,
  statement: ts.Statement,
  update: ts.Expression | undefined,
  label: string | undefined,
): void {
  const breaks = freshTarget(c)
  const { test, before } = condition ? lowerTest(c, condition) : { test: { kind: 'boolean', value: true } as const, before: [] }
  const body = [...lowerBody(c, statement, breaks, label), ...captured(c, () => update && lowerEffect(c, update))]
  if (before.length === 0) return emit(c, { kind: 'loop', target: breaks, test, testAt: 'top', body })
  // A test with effects runs at the head of each iteration.
  const leave = captured(c, () => exitTo(c, breaks))
  emit(c, {
    kind: 'loop',
    target: breaks,
    test: { kind: 'boolean', value: true },
    testAt: 'top',
    body: [...before, { kind: 'if', test, then: [], else: leave }, ...body],
  })
}

function lowerTest(c: Context, condition: ts.Expression): { test: Expression; before: ReturnType<typeof captured> } {
  let test: Expression = { kind: 'boolean', value: true }
  const before = captured(c, () => {
    test = lowerCondition(c, condition)
  })
  return { test, before }
}

function lowerBody(c: Context, statement: ts.Statement, breaks: number, label: string | undefined): ReturnType<typeof captured> {
  const continues = freshTarget(c)
  const jump: Jump = { label, breaks, continues, isPlain: true }
  const body = captured(c, () => lowerStatement(innerScope({ ...c, jumps: [jump, ...c.jumps] }), statement))
  return [{ kind: 'block', target: continues, body }]
}

/** `for (let i = a; i < b; i += c)`, where the body leaves `i` and `b` alone. */
function lowerCounted(c: Context, node: ts.ForStatement, label: string | undefined): boolean {
  const head = readHead(c, node)
  if (!head) return false
  const { name, from, bound, comparison, step, shift } = head
  let to: Expression | undefined
  let start: Expression | undefined
  const before = captured(c, () => {
    start = lowerExpression(c, from)
    to = lowerExpression(c, bound)
  })
  // A getter may give anything, and what text stands for is not seen to change.
  if (before.length > 0 || (readsField(bound) && someExpression(to!, ({ kind }) => kind === 'opaque' || kind === 'element'))) return false
  const counter: Counter = {
    name: freshName(c.f, name.text, { kind: 'number' }),
    from: start!,
    to: shift === 0 ? to! : operation('-', to!, number(shift)),
    comparison,
    step,
  }
  bind(c, c.f.session.checker.getSymbolAtLocation(name), { kind: 'expression', expression: variable(counter.name) })
  const breaks = freshTarget(c)
  const body = lowerBody(c, node.statement, breaks, label)
  const fields = fieldsRead(counter.to)
  const isAssigned = [...variablesIn(counter.to)].some((read) => writesOf(body).variables.has(read))
  const isShifting = readsLength(counter.to, (array) => typeOfExpression(c.f.variables, array)) && changesLengths(body)
  if (isAssigned || isShifting || changesFields(body, fields)) emitWhile(c, breaks, counter, body)
  else emit(c, { kind: 'loop', target: breaks, counter: fields.size > 0 ? steady(c, counter) : counter, body })
  return true
}

/** A field of an object is read once, before the loop. */
const steady = (c: Context, counter: Counter): Counter => ({ ...counter, to: temporary(c, nameFor(counter.to), NUMBER, counter.to) })

const readsField = (node: ts.Node): boolean =>
  (ts.isPropertyAccessExpression(node) && node.name.text !== 'length') || ts.forEachChild(node, readsField) === true

/** A loop up to the end of an array that becomes longer meanwhile. */
export function emitWhile(c: Context, target: number, { name, from, to, comparison, step }: Counter, body: readonly RawStatement[]): void {
  const i = variable(name)
  emit(c, { kind: 'declare', name, value: from })
  const next: RawStatement = { kind: 'assign', target: i, value: operation('+', i, number(step)) }
  emit(c, { kind: 'loop', target, test: operation(comparison, i, to), testAt: 'top', body: [...body, next] })
}

interface Head {
  readonly name: ts.Identifier
  readonly from: ts.Expression
  readonly bound: ts.Expression
  readonly comparison: Counter['comparison']
  readonly step: number
  readonly shift: number
}

function readHead(c: Context, { initializer, condition, incrementor, statement }: ts.ForStatement): Head | undefined {
  const { checker } = c.f.session
  const [declaration, more] = initializer && ts.isVariableDeclarationList(initializer) ? initializer.declarations : []
  if (!declaration?.initializer || more || !ts.isIdentifier(declaration.name) || !condition || !incrementor) return undefined
  const symbol = checker.getSymbolAtLocation(declaration.name)
  const isCounter = (node: ts.Expression): boolean => ts.isIdentifier(bare(node)) && symbolAt(checker, bare(node)) === symbol
  const test = bare(condition)
  if (!ts.isBinaryExpression(test)) return undefined
  const comparison = test.operatorToken.getText()
  if (!isComparison(comparison)) return undefined
  const shift = shiftOf(test.left, isCounter)
  const step = stepOf(bare(incrementor), isCounter)
  if (shift === undefined || step === undefined || step > 0 !== comparison.startsWith('<')) return undefined
  const from = declaration.initializer
  if (!canMove(shift, step, from, test.right)) return undefined
  if (typeIn(c, from).kind !== 'number' || !isWhole(from, c)) return undefined
  if (!symbol || !isOwnCounter(c, symbol, statement) || !isInvariant(c, test.right, statement)) return undefined
  return { name: declaration.name, from, bound: test.right, comparison, step, shift }
}

const isComparison = (text: string): text is Counter['comparison'] => ['<', '<=', '>', '>='].includes(text)

/** The `1` of `i + 1 < n`. */
function shiftOf(node: ts.Expression, isCounter: (node: ts.Expression) => boolean): number | undefined {
  if (isCounter(node)) return 0
  const sum = bare(node)
  if (!ts.isBinaryExpression(sum) || !isCounter(sum.left) || !ts.isNumericLiteral(sum.right)) return undefined
  const value = Number(sum.right.text)
  if (!Number.isInteger(value)) return undefined
  return sum.operatorToken.kind === ts.SyntaxKind.PlusToken
    ? value
    : sum.operatorToken.kind === ts.SyntaxKind.MinusToken
      ? -value
      : undefined
}

function stepOf(node: ts.Expression, isCounter: (node: ts.Expression) => boolean): number | undefined {
  if ((ts.isPostfixUnaryExpression(node) || ts.isPrefixUnaryExpression(node)) && isCounter(node.operand)) {
    return node.operator === ts.SyntaxKind.PlusPlusToken ? 1 : node.operator === ts.SyntaxKind.MinusMinusToken ? -1 : undefined
  }
  if (!ts.isBinaryExpression(node) || !isCounter(node.left) || !ts.isNumericLiteral(bare(node.right))) return undefined
  const size = Number((bare(node.right) as ts.NumericLiteral).text)
  if (!Number.isInteger(size) || size === 0) return undefined
  return node.operatorToken.kind === ts.SyntaxKind.PlusEqualsToken
    ? size
    : node.operatorToken.kind === ts.SyntaxKind.MinusEqualsToken
      ? -size
      : undefined
}

/** Whether a bound has the same value in every iteration. */
function isInvariant(c: Context, bound: ts.Expression, body: ts.Statement): boolean {
  const { checker } = c.f.session
  const symbols = new Set<ts.Symbol>()
  const isSimple = (node: ts.Node): boolean => {
    if (ts.isIdentifier(node)) {
      const symbol = symbolAt(checker, node)
      if (symbol) symbols.add(symbol)
    } else if (ts.isElementAccessExpression(node) || (ts.isCallExpression(node) && !isOfMath(node))) return false
    else if (ts.isPropertyAccessExpression(node) && !isPart(c, node)) return false
    return ts.forEachChild(node, (child) => !isSimple(child) || undefined) !== true
  }
  if (!isSimple(bound)) return false
  const { facts } = c.f.session
  // A call in the body could assign what it captures, so its variables must never be assigned at all.
  const calls = containsUserCall(body)
  return ![...symbols].some((symbol) => facts.assignedWithin(body).has(symbol) || (calls && facts.isAssigned(symbol)))
}

/** The length of an array, a constant, or a field of an object that is whole. */
function isPart(c: Context, { expression, name }: ts.PropertyAccessExpression): boolean {
  if (expression.getText() === 'Math') return true
  const { kind } = typeIn(c, expression)
  return kind === 'array' ? name.text === 'length' : kind === 'record' && !constructionAt(c, expression)
}

function containsUserCall(node: ts.Node): boolean {
  return ts.isCallExpression(node) || ts.forEachChild(node, (child) => containsUserCall(child) || undefined) === true
}
