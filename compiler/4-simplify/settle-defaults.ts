/**
 * A number that is only asked for with another one for where it is missing (`const k = p?.k ?? 1`) is that other one from the first: where it would be given nothing,
 * it is given what stands for nothing.
 *
 *     if (there) k = p_k else k = undefined;  y = k ?? 1          becomes          if (there) k = p_k else k = 1;  y = k
 *
 * Needs: unique names. Promises: the same values. Costs: a visit for each such number.
 */

import { variable } from '../ir/build.ts'
import { coalesced, missingOf, missingText, present } from '../ir/missing.ts'
import type { Expression, FunctionNode, Operation, Statement } from '../ir/nodes.ts'
import { sameExpression } from '../ir/same.ts'
import { typeOf } from '../ir/types.ts'
import {
  declaredBy,
  expressionsOf,
  mapAllExpressions,
  mapBlocksOf,
  mapChildren,
  variablesAssigned,
  variablesMentioned,
  visitStatements,
  blocksOf,
  childrenOf,
} from '../ir/walk.ts'
import { sureNumbers } from './sure-numbers.ts'

export function settleDefaults(fn: FunctionNode): FunctionNode {
  const numbers = Object.entries(fn.variables).filter(([, { type }]) => type.kind === 'number' && type.missing !== undefined)
  if (numbers.length === 0) return fn
  const isSure = sureNumbers(fn)
  return numbers.reduce((done, [name]) => {
    const other = defaultOf(done, name, isSure)
    return other ? settled(done, name, other) : done
  }, fn)
}

/** What always stands for a number where it is missing. */
function defaultOf(fn: FunctionNode, name: string, isSure: (value: Expression) => boolean): Expression | undefined {
  const block = blockDeclaring(fn.body, name)
  if (!block) return undefined
  const uses = usesOf(block, name)
  const [first, ...others] = uses.defaults
  if (!first || uses.isReadOtherwise || !others.every((other) => sameExpression(other, first))) return undefined
  const isFit = (value: Expression): boolean => {
    const text = missingText(value)
    return text === undefined ? isSure(value) : uses.tests.every((test) => test === 'isNullish' || test === TESTS[text])
  }
  const isThere = typeOf(first, fn.variables).kind === 'number' && missingOf(typeOf(first, fn.variables)) === undefined
  return isThere && uses.values.every(isFit) && (first.kind === 'number' || isUnchanged(first, block, name)) ? first : undefined
}

const TESTS = { undefined: 'isUndefined', null: 'isNull' } as const

/** The list that declares a variable without a value. */
function blockDeclaring(block: readonly Statement[], name: string): readonly Statement[] | undefined {
  if (block.some((statement) => statement.kind === 'declare' && statement.name === name && !statement.value)) return block
  for (const statement of block)
    for (const inner of blocksOf(statement)) {
      const found = blockDeclaring(inner, name)
      if (found) return found
    }
  return undefined
}

interface Uses {
  readonly values: Expression[]
  readonly defaults: Expression[]
  readonly tests: string[]
  isReadOtherwise: boolean
}

function usesOf(block: readonly Statement[], name: string): Uses {
  const uses: Uses = { values: [], defaults: [], tests: [], isReadOtherwise: false }
  const read = (expression: Expression): void => {
    if (isNamed(expression, name)) uses.isReadOtherwise = true
    const chosen = defaultIn(expression, name)
    if (!chosen) return childrenOf(expression).forEach(read)
    uses.defaults.push(chosen.other)
    uses.tests.push(chosen.test)
  }
  visitStatements(block, (statement) => {
    const isGiven = statement.kind === 'assign' && isNamed(statement.target, name)
    if (isGiven) uses.values.push(statement.value)
    for (const expression of isGiven ? [statement.value] : expressionsOf(statement)) read(expression)
  })
  return uses
}

const isNamed = (expression: Expression, name: string): boolean => expression.kind === 'variable' && expression.name === name

/** `name ?? other` */
function defaultIn(expression: Expression, name: string): { readonly other: Expression; readonly test: string } | undefined {
  const chosen = coalesced(expression)
  if (!chosen || !isNamed(chosen.value, name)) return undefined
  return { other: chosen.other, test: ((expression as Operation).operands[0] as Operation).operator }
}

/** Whether a variable is the same wherever another one is mentioned as where that is declared. The last mention may assign it, from what it reads before. */
function isUnchanged(other: Expression, block: readonly Statement[], name: string): boolean {
  if (other.kind !== 'variable') return false
  const from = block.findIndex((statement) => declaredBy(statement) === name)
  const to = block.findLastIndex((statement) => variablesMentioned([statement]).has(name))
  return block
    .slice(from, to + 1)
    .every(
      (statement, i) =>
        declaredBy(statement) !== other.name &&
        (!variablesAssigned([statement]).has(other.name) || (i === to - from && statement.kind === 'assign')),
    )
}

function settled(fn: FunctionNode, name: string, other: Expression): FunctionNode {
  const read = (expression: Expression): Expression => (defaultIn(expression, name) ? variable(name) : mapChildren(expression, read))
  const give = (block: readonly Statement[]): readonly Statement[] =>
    block.map((statement) =>
      statement.kind === 'assign' && isNamed(statement.target, name) && missingText(statement.value) !== undefined
        ? { ...statement, value: other }
        : mapBlocksOf(statement, give),
    )
  const info = fn.variables[name]!
  return {
    ...fn,
    body: give(mapAllExpressions(fn.body, read)),
    variables: { ...fn.variables, [name]: { ...info, type: present(info.type) } },
  }
}
