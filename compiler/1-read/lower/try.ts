/**
 * `try`. What is thrown in its block, or in a function that is followed from there, goes on in `catch`; each way out of it runs `finally`. Where code that is
 * not followed may throw too, a statement that can be kept as text is. Any other is followed as it runs when nothing is thrown there; an exception ends the
 * derivative.
 */

import ts from '#typescript'
import type { Expression, Statement, Variable } from '../../ir/nodes.ts'
import { expressionsOf, someExpression } from '../../ir/walk.ts'
import { completes, exitsOf, innerLists, mapExits, type RawExit, type RawStatement } from '../exits/raw.ts'
import { textOf } from '../session.ts'
import { opaqueType } from '../types.ts'
import { bind, captured, emit, freshTarget, innerScope, lookup, nameOfFrame, refuse, temporary, type Context } from './context.ts'
import { lowerOpaqueStatement } from './opaque.ts'
import { lowerBlock } from './statement.ts'
import { typeOfExpression } from './type-of.ts'

export function lowerTry(c: Context, node: ts.TryStatement): void {
  const before = c.f.out.length
  const body = node.catchClause ? withCatch(c, node, node.catchClause) : captured(c, () => lowerBlock(c, node.tryBlock.statements))
  if (mayThrow(body) && (!node.catchClause || canBeText(c, node))) {
    c.f.out.length = before
    return lowerAsText(c, node)
  }
  const { finallyBlock } = node
  if (!finallyBlock) return body.forEach((statement) => emit(c, statement))
  // Every way out of the block runs what stands in `finally`, with names of its own.
  const finish = (): readonly RawStatement[] => captured(c, () => lowerBlock(c, finallyBlock.statements))
  const leaving = exitsOf(body)
  for (const statement of mapExits(body, (exit) => (leaving.has(exit.target) ? [...finish(), exit] : [exit]))) emit(c, statement)
  if (completes(body)) for (const statement of finish()) emit(c, statement)
}

/** The block, and after a `throw` in it the handler. */
function withCatch(c: Context, node: ts.TryStatement, { variableDeclaration, block }: ts.CatchClause): RawStatement[] {
  const inner = innerScope(c)
  const name = variableDeclaration?.name
  if (name && !ts.isIdentifier(name)) return refuse(c, name, 'CT1012', { text: textOf(name) })
  return captured(c, () => {
    const error = temporary(c, name?.text ?? 'thrown', opaqueType('unknown'))
    c.f.assigned.add(error.name)
    if (name) bind(inner, c.f.session.checker.getSymbolAtLocation(name), { kind: 'expression', expression: error })
    const [target, end] = [freshTarget(c), freshTarget(c)]
    const tried = captured(c, () => lowerBlock({ ...c, caught: { target, error } }, node.tryBlock.statements))
    const exit: RawExit = { kind: 'exit', target: end }
    const handler = captured(c, () => lowerBlock(inner, block.statements))
    const whole: RawStatement[] = [{ kind: 'block', target, body: completes(tried) ? [...tried, exit] : tried }, ...handler]
    // Without a `throw`, nothing leads to the handler.
    if (exitsOf(tried).has(target)) emit(c, { kind: 'block', target: end, body: whole })
    else tried.forEach((statement) => emit(c, statement))
  })
}

/** Whether an exception may leave the statements: from a `throw`, or from code that is not seen. */
function mayThrow(list: readonly RawStatement[]): boolean {
  return list.some((statement) => {
    if (statement.kind === 'throw' || statement.kind === 'effect' || statement.kind === 'call') return true
    const value = statement.kind === 'declare' || statement.kind === 'assign' ? statement.value : undefined
    if (value?.kind === 'opaque' && value.effects) return true
    // A length that is negative or not whole is an exception.
    if (value?.kind === 'zeros' && value.length.kind !== 'number' && value.length.kind !== 'length') return true
    if (statement.kind !== 'exit' && statement.kind !== 'block' && expressionsOf(headOf(statement)).some(readsThrough)) return true
    return innerLists(statement).some(mayThrow)
  })
}

function headOf(statement: Exclude<RawStatement, { kind: 'exit' | 'block' }>): Statement {
  if (statement.kind === 'if') return { ...statement, then: [], else: [] }
  return statement.kind === 'loop' ? { ...statement, body: [] } : statement
}

/** What is read of an element that may not be there is an exception. */
const readsThrough = (expression: Expression): boolean =>
  someExpression(expression, (node) => {
    const base = node.kind === 'element' || node.kind === 'length' ? node.array : node.kind === 'field' ? node.record : undefined
    return base !== undefined && base.kind !== 'variable'
  })

/** The statement as text, which is given the variables that it assigns and gives one of them back. */
function lowerAsText(c: Context, node: ts.TryStatement): void {
  const [only, more] = assignedIn(c, node)
  if (more || leaves(node)) return refuse(c, node, 'CT1010', { function: nameOfFrame(c.frame) })
  const kept = new Set(only ? [only.symbol] : [])
  const { parts: text, ...unseen } = lowerOpaqueStatement(c, node, kept)
  if (!only)
    return emit(c, {
      kind: 'effect',
      expression: { kind: 'opaque', parts: ['(() => { ', ...text, ' })()'], type: opaqueType('void'), effects: true, ...unseen },
    })
  const type = typeOfExpression(c.f.variables, only.place)
  if (type.kind !== 'number' && type.kind !== 'boolean' && type.kind !== 'opaque')
    return refuse(c, node, 'CT1010', { function: nameOfFrame(c.frame) })
  const printed = type.kind === 'opaque' ? type.text : type.kind
  const { name } = only.symbol
  const parts: (string | Expression)[] = [`((${name}: ${printed}) => { `, ...text, ` return ${name} })(`, only.place, ')']
  emit(c, { kind: 'assign', target: only.place, value: { kind: 'opaque', parts, type, effects: true, ...unseen } })
}

function assignedIn(c: Context, node: ts.TryStatement): readonly { readonly symbol: ts.Symbol; readonly place: Variable }[] {
  return [...c.f.session.facts.assignedWithin(node)].flatMap((symbol) => {
    const binding = lookup(c.environment, symbol)
    return binding?.kind === 'expression' && binding.expression.kind === 'variable' ? [{ symbol, place: binding.expression }] : []
  })
}

const canBeText = (c: Context, node: ts.TryStatement): boolean => assignedIn(c, node).length < 2 && !leaves(node)

/** Whether control goes elsewhere from inside. */
function leaves(node: ts.Node): boolean {
  if (ts.isReturnStatement(node) || ts.isBreakStatement(node) || ts.isContinueStatement(node)) return true
  return !ts.isFunctionLike(node) && ts.forEachChild(node, (child) => leaves(child) || undefined) === true
}
