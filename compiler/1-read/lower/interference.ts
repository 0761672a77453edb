/** Whether statements can change what a pure expression gives. Decides which operands have to be kept in a temporary. */

import ts from '#typescript'
import { expressionsOf, someExpression, variablesIn, visitExpression } from '../../ir/walk.ts'
import type { Expression, Type } from '../../ir/nodes.ts'
import { innerLists, type RawStatement } from '../exits/raw.ts'
import { bare, isAssignmentOperator, isStep } from '../facts.ts'

export function mayChange(statements: readonly RawStatement[], expression: Expression): boolean {
  if (isConstant(expression)) return false
  const written = writesOf(statements)
  for (const name of variablesIn(expression)) if (written.variables.has(name)) return true
  return written.storage && readsStorage(expression)
}

const isConstant = (expression: Expression): boolean => expression.kind === 'number' || expression.kind === 'boolean'

/** Whether the value depends on the content of storage, rather than on variables alone. */
export function readsStorage(expression: Expression): boolean {
  return someExpression(
    expression,
    (node) =>
      node.kind === 'element' || node.kind === 'field' || node.kind === 'length' || (node.kind === 'opaque' && !isFixedText(node.parts)),
  )
}

/** A literal, or a name: what it refers to stays. */
function isFixedText(parts: readonly (string | Expression)[]): boolean {
  const [only] = parts
  return parts.length === 1 && typeof only === 'string' && /^(?:[\w$]+|"[^"]*"|'[^']*')$/.test(only)
}

export interface Writes {
  readonly variables: ReadonlySet<string>
  /** Whether the content of any array or object may change. */
  readonly storage: boolean
}

export function writesOf(statements: readonly RawStatement[]): Writes {
  const variables = new Set<string>()
  let storage = false
  const visit = (list: readonly RawStatement[]): void => {
    for (const statement of list) {
      switch (statement.kind) {
        case 'declare':
          if (statement.value?.kind === 'opaque' && statement.value.effects) storage = true
          break
        case 'assign':
          if (statement.target.kind === 'variable') variables.add(statement.target.name)
          else storage = true
          if (statement.value.kind === 'opaque' && statement.value.effects) storage = true
          break
        case 'reserve':
          variables.add(statement.tape)
          break
        case 'fill':
        case 'copyInto':
        case 'push':
        case 'truncate':
        case 'call':
        case 'effect':
          storage = true
          break
        default:
      }
      for (const inner of innerLists(statement)) visit(inner)
    }
  }
  visit(statements)
  return { variables, storage }
}

/** Every variable that the statements mention at any depth, written or read. */
export function mentions(statements: readonly RawStatement[], name: string): boolean {
  return statements.some((statement) => {
    if (innerLists(statement).some((inner) => mentions(inner, name))) return true
    if (statement.kind === 'block' || statement.kind === 'exit') return false
    const own = statement.kind === 'if' || statement.kind === 'loop' ? { ...statement, then: [], else: [], body: [] } : statement
    return expressionsOf(own).some((expression) => variablesIn(expression).has(name))
  })
}

/** Whether some array may become longer or shorter. */
export const changesLengths = (statements: readonly RawStatement[]): boolean =>
  statements.some(
    (statement) =>
      statement.kind === 'push' ||
      statement.kind === 'truncate' ||
      statement.kind === 'call' ||
      innerLists(statement).some((inner) => changesLengths(inner)),
  )

/** Whether it reads the length of an array that could become longer or shorter: of a plain one. */
export const readsLength = (expression: Expression, typeIn: (array: Expression) => Type): boolean =>
  someExpression(expression, (node) => {
    const type = node.kind === 'length' ? typeIn(node.array) : undefined
    return type !== undefined && (type.kind !== 'array' || type.storage === 'Array')
  })

/** Whether anything runs that is not seen, and may do what it likes to what it is given. */
export const hasEffects = (statements: readonly RawStatement[]): boolean =>
  statements.some((statement) => {
    const value = statement.kind === 'declare' || statement.kind === 'assign' ? statement.value : undefined
    return (
      statement.kind === 'effect' || (value?.kind === 'opaque' && value.effects) || innerLists(statement).some((inner) => hasEffects(inner))
    )
  })

/** Whether source may write a place in an array or an object: what it calls may, but for functions of numbers. */
export function mayWrite(node: ts.Node): boolean {
  if (ts.isFunctionLike(node)) return false
  const isPlace = (target: ts.Expression): boolean => !ts.isIdentifier(bare(target))
  if (ts.isBinaryExpression(node) && isAssignmentOperator(node.operatorToken.kind) && isPlace(node.left)) return true
  if ((ts.isPrefixUnaryExpression(node) || ts.isPostfixUnaryExpression(node)) && isStep(node.operator) && isPlace(node.operand)) return true
  if (ts.isDeleteExpression(node) || ts.isNewExpression(node)) return true
  if (ts.isCallExpression(node) && !/^(?:Math|Number)\./.test(node.expression.getText())) return true
  return ts.forEachChild(node, (child) => mayWrite(child) || undefined) === true
}

/** Whether what is not seen is given one of these variables. */
export const effectsOn = (statements: readonly RawStatement[], names: ReadonlySet<string>): boolean =>
  statements.some((statement) => {
    const value =
      statement.kind === 'effect'
        ? statement.expression
        : statement.kind === 'declare' || statement.kind === 'assign'
          ? statement.value
          : undefined
    const runs = value?.kind === 'opaque' && (value.effects || statement.kind === 'effect')
    return (
      (runs && [...variablesIn(value)].some((name) => names.has(name))) || innerLists(statement).some((inner) => effectsOn(inner, names))
    )
  })

/** The fields that an expression reads on its way. */
export function fieldsRead(expression: Expression): ReadonlySet<string> {
  const names = new Set<string>()
  visitExpression(expression, (node) => {
    if (node.kind === 'field') names.add(node.name)
  })
  return names
}

/** Whether some object may get another value in one of these fields. What is called may write any. */
export const changesFields = (statements: readonly RawStatement[], names: ReadonlySet<string>): boolean =>
  names.size > 0 &&
  (hasEffects(statements) ||
    statements.some(
      (statement) =>
        statement.kind === 'call' ||
        (statement.kind === 'assign' && statement.target.kind === 'field' && names.has(statement.target.name)) ||
        innerLists(statement).some((inner) => changesFields(inner, names)),
    ))
