/**
 * Variables that are given a function in one place or another before anybody reads them: `let kernel; if (isSmooth) kernel = gaussian; else kernel = box`.
 * Such a variable becomes a number that says which of the functions it is.
 */

import ts from '#typescript'
import { number, operation } from '../../ir/build.ts'
import type { Expression } from '../../ir/nodes.ts'
import { bare, symbolAt } from '../facts.ts'
import { textOf } from '../session.ts'
import { NUMBER } from '../types.ts'
import { assignTo, bind, lookup, refuse, temporary, type Context, type Environment } from './context.ts'
import { staticOf } from './static.ts'
import type { FunctionVariable, StaticValue } from './static-value.ts'

/** `let f = g`, where `f` is assigned again. */
export function declareFunction(c: Context, name: ts.Identifier, symbol: ts.Symbol, value: StaticValue): boolean {
  if (!isGivenFirst(c, symbol, name)) return false
  const which = temporary(c, name.text, NUMBER, number(1))
  c.f.assigned.add(which.name)
  bind(c, symbol, { kind: 'static', value: { kind: 'variable', which, functions: [value] } })
  return true
}

/** `f = g`. Nothing is done where `g` is no function. */
export function assignFunction(c: Context, { left, right }: ts.BinaryExpression): boolean {
  const target = bare(left)
  const symbol = ts.isIdentifier(target) ? symbolAt(c.f.session.checker, target) : undefined
  const name = symbol?.valueDeclaration && ts.getNameOfDeclaration(symbol.valueDeclaration)
  const binding = symbol && lookup(c.environment, symbol)
  if (!binding || !name || !ts.isIdentifier(name)) return false
  if (binding.kind === 'static') {
    if (binding.value.kind !== 'variable') return false
    give(c, binding.value, staticOf(c, right) ?? refuse(c, right, 'CT3002', { text: textOf(right), function: textOf(left) }))
    return true
  }
  const which = binding.expression
  const isOpen = which.kind === 'variable' && c.f.variables[which.name]!.type.kind === 'opaque'
  if (!isOpen || !isGivenFirst(c, symbol, name)) return false
  const value = staticOf(c, right)
  if (!value || value.kind === 'undefined') return false
  const variable: FunctionVariable = { kind: 'variable', which, functions: [] }
  c.f.variables[which.name] = { ...c.f.variables[which.name]!, type: NUMBER }
  ownerOf(c.environment, symbol).bindings.set(symbol, { kind: 'static', value: variable })
  give(c, variable, value)
  return true
}

function give(c: Context, { which, functions }: FunctionVariable, value: StaticValue): void {
  functions.push(value)
  assignTo(c, which, number(functions.length))
}

/** The function that such a variable holds. */
export function heldFunction({ which, functions }: FunctionVariable): StaticValue {
  return functions.reduceRight((otherwise, one, i): StaticValue => {
    const test: Expression = operation('===', which, number(i + 1))
    return i === functions.length - 1 ? one : { kind: 'choice', test, then: one, else: otherwise }
  })
}

function ownerOf(environment: Environment, symbol: ts.Symbol): Environment {
  return environment.bindings.has(symbol) || !environment.parent ? environment : ownerOf(environment.parent, symbol)
}

/** Whether every assignment comes before everything that reads the variable: none is in a loop or in a function within. */
function isGivenFirst(c: Context, symbol: ts.Symbol, name: ts.Identifier): boolean {
  const scope = ts.findAncestor(name, (node) => ts.isBlock(node) || ts.isSourceFile(node))!
  const reads: number[] = []
  const given: number[] = []
  const others: ts.Node[] = []
  const visit = (node: ts.Node, isRepeated: boolean): void => {
    if (ts.isIdentifier(node) && node !== name && node.text === name.text && symbolAt(c.f.session.checker, node) === symbol) {
      const { parent } = node
      if (ts.isBinaryExpression(parent) && parent.left === node && parent.operatorToken.kind === ts.SyntaxKind.EqualsToken) {
        given.push(parent.end)
        if (isRepeated || !ts.isExpressionStatement(parent.parent)) others.push(parent)
      } else reads.push(node.pos)
    }
    const repeats = ts.isIterationStatement(node, false) || ts.isFunctionLike(node)
    ts.forEachChild(node, (child) => visit(child, isRepeated || repeats))
  }
  ts.forEachChild(scope, (child) => visit(child, false))
  return others.length === 0 && given.length > 0 && Math.min(...reads) > Math.max(...given)
}
