/**
 * Lists whose elements are known when compiling: `Object.keys(record)` and its kin, lists of literals that become lists of functions. What is done for each
 * element is written out.
 */

import ts from '#typescript'
import { field } from '../../ir/build.ts'
import type { Expression } from '../../ir/nodes.ts'
import { bare, symbolAt } from '../facts.ts'
import { textOf } from '../session.ts'
import { arrayOf, opaqueType } from '../types.ts'
import { evaluateArguments } from './arguments.ts'
import { chained, temporary, type Binding, type Context } from './context.ts'
import { held } from './each-place.ts'
import { lowerExpression } from './expression.ts'
import { isMadeOfFunctions } from './function-types.ts'
import { lowerInOrder } from './operands.ts'
import { callListMethod, isFollowed, listOf } from './static-list.ts'
import type { ObjectValue } from './static-value.ts'
import { typeIn } from './type-in.ts'
import { typeOfExpression } from './type-of.ts'
import { wantedTuple } from './wanted-type.ts'

export type View = 'values' | 'keys' | 'entries'

/** What going over a list gives for one of its elements. */
export function partOf(of: View, index: Expression, value: Expression): Binding {
  if (of === 'keys') return { kind: 'expression', expression: index }
  if (of === 'values') return { kind: 'expression', expression: value }
  return listOf([index, value].map((expression): Binding => ({ kind: 'expression', expression })))
}

export const textLiteral = (text: string): Expression => ({
  kind: 'opaque',
  parts: [JSON.stringify(text)],
  type: opaqueType('string'),
  effects: false,
})

/** `Object.entries(record)` and its kin: the fields in the order in which the type has them. */
export function fieldsOf(c: Context, node: ts.Expression): readonly Binding[] | undefined {
  const call = bare(node)
  const of = viewCalled(c, call)
  if (!of || !ts.isCallExpression(call)) return undefined
  const type = typeIn(c, call.arguments[0]!)
  if (type.kind !== 'record') return undefined
  const record = held(c, lowerExpression(c, call.arguments[0]!))
  // The list is made before anything is done for its elements.
  const values = type.fields.map(({ name, type: part }) => (of === 'keys' ? undefined : temporary(c, name, part, field(record, name))))
  return type.fields.map(({ name }, i) => partOf(of, textLiteral(name), values[i] ?? field(record, name)))
}

function viewCalled(c: Context, call: ts.Expression): View | undefined {
  if (!ts.isCallExpression(call) || call.arguments.length !== 1) return undefined
  const of = ({ 'Object.keys': 'keys', 'Object.values': 'values', 'Object.entries': 'entries' } as const)[textOf(call.expression)]
  if (!of) return undefined
  const type = typeIn(c, call.arguments[0]!)
  const isPlain = type.kind === 'record' && !type.tuple && !type.fields.some(({ name, optional }) => /^\d/.test(name) || optional)
  return isPlain ? of : undefined
}

/** `Object.values(record)` as a list of its own. */
export function lowerFieldValues(c: Context, node: ts.CallExpression): Expression | undefined {
  if (viewCalled(c, node) !== 'values') return undefined
  const parts = fieldsOf(c, node)!
  const elements = parts.flatMap((part) => (part.kind === 'expression' ? [part.expression] : []))
  const types = elements.map((value) => typeOfExpression(c.f.variables, value))
  const isOfNumbers = types.length > 0 && types.every(({ kind }) => kind === 'number')
  return isOfNumbers ? { kind: 'list', type: arrayOf('Array'), elements } : undefined
}

/** A method of such a list. */
export function callOnKnownList(c: Context, node: ts.CallExpression): Binding | undefined {
  const callee = bare(node.expression)
  if (!ts.isPropertyAccessExpression(callee) || !isFollowed(callee.name.text) || node.questionDotToken) return undefined
  const list = knownList(c, node, callee.expression)
  if (!list) return undefined
  const inside = { ...c, chain: chained(c, node, textOf(callee)) }
  const site = { node, returned: typeIn(c, node) }
  const args = evaluateArguments(inside, node.arguments)
  const result = callListMethod(inside, site, { kind: 'listMethod', list, method: callee.name.text }, args)
  if (result.kind === 'static' || result.expression.kind !== 'list') return result
  const { elements } = result.expression
  const tuple = wantedTuple(c, node, elements.length)
  return tuple ? { kind: 'expression', expression: { kind: 'record', type: tuple, values: elements } } : result
}

function knownList(c: Context, call: ts.CallExpression, node: ts.Expression): ObjectValue | undefined {
  const target = bare(node)
  const fields = fieldsOf(c, keysHeldBy(c, target) ?? target)
  if (fields) return { kind: 'object', members: membersOf(fields), isArray: true }
  const parts = ofTuple.has((call.expression as ts.PropertyAccessExpression).name.text) ? fieldsOfTuple(c, target) : undefined
  if (parts) return { kind: 'object', members: membersOf(parts), isArray: true }
  // `[1, 2, 3].map((k) => (x: number) => k * x)`
  const isLiteral =
    ts.isArrayLiteralExpression(target) && !target.elements.some((part) => ts.isSpreadElement(part) || ts.isOmittedExpression(part))
  if (!isLiteral || !isMadeOfFunctions(c, call) || isMadeOfFunctions(c, target)) return undefined
  const values = lowerInOrder(
    c,
    target.elements.map((part) => () => lowerExpression(c, part)),
  )
  return { kind: 'object', members: membersOf(values.map((expression) => ({ kind: 'expression', expression }))), isArray: true }
}

const ofTuple: ReadonlySet<string> = new Set(['forEach', 'map', 'reduce', 'reduceRight'])

/** The numbers of a tuple, which is as long as its type says. */
function fieldsOfTuple(c: Context, node: ts.Expression): readonly Binding[] | undefined {
  if (ts.isArrayLiteralExpression(node)) return undefined
  const type = typeIn(c, node)
  if (type.kind !== 'record' || !type.tuple || type.missing !== undefined || type.fields.some((one) => one.type.kind !== 'number'))
    return undefined
  const tuple = held(c, lowerExpression(c, node))
  return type.fields.map(({ name }) => ({ kind: 'expression', expression: field(tuple, name) }))
}

const membersOf = (list: readonly Binding[]): Map<string, Binding> => new Map(list.map((part, i) => [String(i), part]))

/** `const keys = Object.keys(record)`, of which nothing but such methods is ever asked. */
export function keysHeldBy(c: Context, node: ts.Expression): ts.Expression | undefined {
  const symbol = ts.isIdentifier(node) ? symbolAt(c.f.session.checker, node) : undefined
  const declaration = symbol?.valueDeclaration
  if (!symbol || !declaration || !ts.isVariableDeclaration(declaration) || !declaration.initializer) return undefined
  const isConst = (ts.getCombinedNodeFlags(declaration) & ts.NodeFlags.Const) !== 0
  const call = bare(declaration.initializer)
  if (!isConst || viewCalled(c, call) !== 'keys') return undefined
  return isOnlyVisited(c, symbol, declaration) ? call : undefined
}

function isOnlyVisited(c: Context, symbol: ts.Symbol, declaration: ts.VariableDeclaration): boolean {
  const around = ts.findAncestor(declaration, ts.isFunctionLike)
  const isFine = (node: ts.Node): boolean => {
    if (!ts.isIdentifier(node) || node === declaration.name || symbolAt(c.f.session.checker, node) !== symbol)
      return ts.forEachChild(node, (child) => !isFine(child) || undefined) === undefined
    const { parent } = node
    if (ts.isForOfStatement(parent)) return parent.expression === node
    return (
      ts.isPropertyAccessExpression(parent) &&
      parent.expression === node &&
      isFollowed(parent.name.text) &&
      ts.isCallExpression(parent.parent)
    )
  }
  return around !== undefined && isFine(around)
}
