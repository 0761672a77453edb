/**
 * `try`. A block with `finally` that can't throw is its statements, with `finally` after each way out of it. One without anything active
 * in it is kept as text. Any other is refused: what ran before the exception is not known.
 */

import ts from '#typescript'
import type { Expression, Statement } from '../../ir/nodes.ts'
import { expressionsOf, someExpression } from '../../ir/walk.ts'
import { completes, exitsOf, innerLists, mapExits, type RawStatement } from '../exits/raw.ts'
import { opaqueType } from '../types.ts'
import { captured, emit, lookup, nameOfFrame, refuse, type Context } from './context.ts'
import { lowerOpaqueStatement } from './opaque.ts'
import { lowerBlock } from './statement.ts'
import { typeOfExpression } from './type-of.ts'

export function lowerTry(c: Context, node: ts.TryStatement): void {
  const before = c.f.out.length
  const body = captured(c, () => lowerBlock(c, node.tryBlock.statements))
  if (node.catchClause || mayThrow(body)) {
    c.f.out.length = before
    return lowerAsText(c, node)
  }
  // Every way out of the block runs what stands in `finally`, with names of its own.
  const finish = (): readonly RawStatement[] => captured(c, () => lowerBlock(c, node.finallyBlock!.statements))
  const leaving = exitsOf(body)
  for (const statement of mapExits(body, (exit) => (leaving.has(exit.target) ? [...finish(), exit] : [exit]))) emit(c, statement)
  if (completes(body)) for (const statement of finish()) emit(c, statement)
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
  const assigned = [...c.f.session.facts.assignedWithin(node)].flatMap((symbol) => {
    const binding = lookup(c.environment, symbol)
    return binding?.kind === 'expression' && binding.expression.kind === 'variable' ? [{ symbol, place: binding.expression }] : []
  })
  const [only, more] = assigned
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

/** Whether control goes elsewhere from inside. */
function leaves(node: ts.Node): boolean {
  if (ts.isReturnStatement(node) || ts.isBreakStatement(node) || ts.isContinueStatement(node)) return true
  return !ts.isFunctionLike(node) && ts.forEachChild(node, (child) => leaves(child) || undefined) === true
}
