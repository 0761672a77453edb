/** Which numbers are integers for certain: only over such does a loop run back as it ran forth. */

import ts from '#typescript'
import { bare, isAssignmentOperator, symbolAt } from '../facts.ts'
import type { Context } from './context.ts'
import { typeIn } from './type-in.ts'

const ROUNDING = new Set(['floor', 'ceil', 'round', 'trunc'])
const PICKING = new Set(['min', 'max', 'abs'])
const WHOLE_WITH = new Set(['=', '+=', '-=', '*=', '%='])
const BITS = new Set(['|', '&', '^', '<<', '>>', '>>>'])

/** By their form: what is rounded, lengths, literals, and what is computed from these. */
export function isWhole(node: ts.Expression, c?: Context, among = new Set<ts.Symbol>()): boolean {
  const value = bare(node)
  if (ts.isNumericLiteral(value)) return Number.isInteger(Number(value.text))
  // An object may have any number as its length.
  if (ts.isPropertyAccessExpression(value)) return value.name.text === 'length' && !(c && typeIn(c, value.expression).kind === 'record')
  if (ts.isBinaryExpression(value)) {
    const operator = value.operatorToken.getText()
    return (
      BITS.has(operator) || (['+', '-', '*', '%'].includes(operator) && isWhole(value.left, c, among) && isWhole(value.right, c, among))
    )
  }
  if (ts.isCallExpression(value)) {
    const name = mathCalled(value)
    return (
      name !== undefined && (ROUNDING.has(name) || (PICKING.has(name) && value.arguments.every((argument) => isWhole(argument, c, among))))
    )
  }
  return ts.isIdentifier(value) && c !== undefined && isWholeVariable(value, c, among)
}

/** A function of `Math` that gives the same for the same. */
export const isOfMath = (node: ts.CallExpression): boolean => {
  const name = mathCalled(node)
  return name !== undefined && (ROUNDING.has(name) || PICKING.has(name))
}

function mathCalled({ expression }: ts.CallExpression): string | undefined {
  return ts.isPropertyAccessExpression(expression) && expression.expression.getText() === 'Math' ? expression.name.text : undefined
}

/**
 * All that a variable is ever given is whole, if all those that are looked at (`among`) are: each is until one is given something else. If one is, nobody knows
 * of any that leads to it.
 */
function isWholeVariable(name: ts.Identifier, c: Context, among: Set<ts.Symbol>): boolean {
  const symbol = symbolAt(c.f.session.checker, name)
  if (!symbol) return false
  if (among.has(symbol)) return true
  among.add(symbol)
  const declarations = symbol.declarations ?? []
  const isDeclaredWhole = declarations.every(
    (one) => ts.isVariableDeclaration(one) && one.initializer !== undefined && isWhole(one.initializer, c, among),
  )
  const scope = ts.findAncestor(declarations[0], (node) => ts.isFunctionLike(node) || ts.isSourceFile(node))
  return isDeclaredWhole && scope !== undefined && isGivenWhole(symbol, scope, c, among)
}

/** Whether all assignments of a variable within a node give it integers: steps, and plain assignments of what is whole. */
function isGivenWhole(symbol: ts.Symbol, scope: ts.Node, c: Context, among: Set<ts.Symbol>): boolean {
  const { checker } = c.f.session
  const isIt = (node: ts.Node): boolean => ts.isIdentifier(node) && node.text === symbol.name && symbolAt(checker, node) === symbol
  /** Whether a pattern, or what a loop gives its elements to, gives it something. */
  const isWithin = (node: ts.Node): boolean => {
    if (ts.isArrayLiteralExpression(node)) return node.elements.some(isWithin)
    if (ts.isObjectLiteralExpression(node)) return node.properties.some(isWithin)
    if (ts.isSpreadElement(node) || ts.isSpreadAssignment(node)) return isWithin(node.expression)
    if (ts.isPropertyAssignment(node)) return isWithin(node.initializer)
    if (ts.isShorthandPropertyAssignment(node)) return node.name.text === symbol.name
    if (ts.isBinaryExpression(node)) return isWithin(node.left)
    return ts.isExpression(node) && isIt(bare(node))
  }
  const isElse = (node: ts.Node): boolean => {
    if (ts.isBinaryExpression(node) && isAssignmentOperator(node.operatorToken.kind)) {
      const target = bare(node.left)
      const operator = node.operatorToken.getText()
      if (isIt(target)) {
        const isWholeThen = BITS.has(operator.slice(0, -1)) || (WHOLE_WITH.has(operator) && isWhole(node.right, c, among))
        if (!isWholeThen) return true
      } else if (isWithin(target)) return true
    }
    const isLoop = ts.isForOfStatement(node) || ts.isForInStatement(node)
    if (isLoop && !ts.isVariableDeclarationList(node.initializer) && isWithin(node.initializer)) return true
    return ts.forEachChild(node, (child) => isElse(child) || undefined) === true
  }
  return !isElse(scope)
}

/**
 * Whether `i + shift < bound` is `i < bound - shift` for all that `i` may be. It is for integers; and for any bound above the shift, whose difference is exact, if
 * `i` never is negative: below it, neither holds.
 */
export function canMove(shift: number, step: number, from: ts.Expression, bound: ts.Expression): boolean {
  if (shift === 0 || isWhole(bound)) return true
  const start = bare(from)
  return shift > 0 && step > 0 && ts.isNumericLiteral(start) && Number.isInteger(Number(start.text))
}
