/**
 * The first addition to an adjoint that is still zero becomes its declaration: `let a_bar = 0; ...; a_bar += e` is `const a_bar = e`.
 * So is the first addition after it was set to zero. Adjoints that are literals from then on are put into what reads them.
 *
 * Needs: adjoint code (it drops `0 +`, which differs from it in the sign of zero only). Promises: each adjoint declared once, where it begins.
 */

import { add, divide, multiply, negate, variable } from '../ir/build.ts'
import type { Declare, Expression, FunctionNode, Statement } from '../ir/nodes.ts'
import { blocksOf, expressionsOf, mapBlocksOf, mapExpressionsOf, mapChildren, variablesAssigned, variablesIn } from '../ir/walk.ts'

export function writeFirst(fn: FunctionNode, isAdjoint: (name: string) => boolean): FunctionNode {
  const body = inBlock(fn.body, isAdjoint)
  const assigned = variablesAssigned(body)
  const variables = Object.fromEntries(
    Object.entries(fn.variables).map(([name, info]) => [name, isAdjoint(name) && !assigned.has(name) ? { ...info, mutable: false } : info]),
  )
  return foldLiterals({ ...fn, body, variables }, isAdjoint)
}

function inBlock(block: readonly Statement[], isAdjoint: (name: string) => boolean): readonly Statement[] {
  const inner = block.map((statement) => mapBlocksOf(statement, (nested) => inBlock(nested, isAdjoint)))
  const zeros = new Map(
    inner.flatMap((statement, i) =>
      statement.kind === 'declare' && isAdjoint(statement.name) && isZero(statement) ? [[statement.name, i] as const] : [],
    ),
  )
  /** Where an adjoint was last set to zero, with no mention of it since. */
  const cleared = new Map<string, number>()
  const dropped = new Set<number>()
  const written = inner.map((statement, i): Statement => {
    const start = firstAddition(statement, zeros)
    const again = firstAddition(statement, cleared)
    for (const name of mentioned(statement)) {
      const clearedAt = cleared.get(name)
      if (clearedAt !== undefined && again?.name === name) dropped.add(clearedAt)
      cleared.delete(name)
      const at = zeros.get(name)
      if (at === undefined || at === i) continue
      zeros.delete(name)
      if (start?.name === name) dropped.add(at)
    }
    if (again?.value) return { ...statement, kind: 'assign', target: variable(again.name), value: again.value }
    if (statement.kind === 'assign' && statement.target.kind === 'variable' && isAdjoint(statement.target.name) && isZero(statement))
      cleared.set(statement.target.name, i)
    return start && !zeros.has(start.name) ? start : statement
  })
  return written.filter((_, i) => !dropped.has(i))
}

const isZero = ({ value }: { readonly value?: Expression }): boolean => value?.kind === 'number' && value.value === 0

/** `x_bar += e` as the declaration of `x_bar`, when it is zero and `e` does not read it. */
function firstAddition(statement: Statement, zeros: ReadonlyMap<string, number>): Declare | undefined {
  if (statement.kind !== 'assign' || statement.target.kind !== 'variable' || !zeros.has(statement.target.name)) return undefined
  const { name } = statement.target
  const { value } = statement
  if (value.kind !== 'operation') return undefined
  const [a, b] = value.operands
  if (a?.kind !== 'variable' || a.name !== name || !b || variablesIn(b).has(name)) return undefined
  const { origin } = statement
  if (value.operator === '+') return { kind: 'declare', name, value: b, ...(origin && { origin }) }
  return value.operator === '-' ? { kind: 'declare', name, value: negate(b), ...(origin && { origin }) } : undefined
}

function mentioned(statement: Statement, into: Set<string> = new Set()): Set<string> {
  for (const expression of expressionsOf(statement)) variablesIn(expression, into)
  if (statement.kind === 'declare') into.add(statement.name)
  for (const inner of blocksOf(statement)) for (const nested of inner) mentioned(nested, into)
  return into
}

/** Puts literal adjoints into the expressions that read them, and folds these. */
function foldLiterals(fn: FunctionNode, isAdjoint: (name: string) => boolean): FunctionNode {
  const literals = new Map<string, Expression>()
  const collect = (block: readonly Statement[]): void => {
    for (const statement of block) {
      if (
        statement.kind === 'declare' &&
        statement.value?.kind === 'number' &&
        isAdjoint(statement.name) &&
        fn.variables[statement.name]?.mutable === false
      )
        literals.set(statement.name, statement.value)
      for (const inner of blocksOf(statement)) collect(inner)
    }
  }
  collect(fn.body)
  if (literals.size === 0) return fn
  const fold = (expression: Expression): Expression => {
    if (expression.kind === 'variable') return literals.get(expression.name) ?? expression
    const children = mapChildren(expression, fold)
    if (children.kind !== 'operation' || ![...variablesIn(expression)].some((name) => literals.has(name))) return children
    const [a, b] = children.operands
    switch (children.operator) {
      case '+':
        return add(a!, b!)
      case '-':
        return add(a!, negate(b!))
      case '*':
        return multiply(a!, b!)
      case '/':
        return divide(a!, b!)
      case 'negate':
        return negate(a!)
      default:
        return children
    }
  }
  const rewrite = (block: readonly Statement[]): readonly Statement[] =>
    block.map((statement) => mapBlocksOf(mapExpressionsOf(statement, fold), rewrite))
  return { ...fn, body: rewrite(fn.body) }
}
