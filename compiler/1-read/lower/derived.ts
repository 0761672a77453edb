/**
 * Operators within functions that are differentiated: the result of `grad(f)` is a function of the IR whose key says what it is made of. It is made
 * when the work list comes to it.
 */

import ts from '#typescript'
import type { Expression, RecordType, Type } from '../../ir/nodes.ts'
import { variable } from '../../ir/build.ts'
import { shadowType, tupleOf } from '../../ir/shadow-type.ts'
import { bare, symbolAt } from '../facts.ts'
import { intrinsicOf, isOperator } from '../intrinsics.ts'
import { readOptions, type RequestOptions } from '../options.ts'
import type { NestedRequest } from '../result.ts'
import type { Session } from '../session.ts'
import { evaluateArguments } from './arguments.ts'
import { textOf } from '../session.ts'
import { emit, freshName, functionName, lookup, nameOfFrame, refuse, type Context, type Environment } from './context.ts'
import { lowerExpression } from './expression.ts'
import { resolveFunction } from './resolve.ts'
import { baseOf, completeArguments, lift, refuseShared } from './lift.ts'
import { lowerInOrder } from './operands.ts'
import type { DerivedValue, FunctionValue } from './static-value.ts'
import { calledAlone, resolveWrapped } from './wrapped.ts'

/** What an operator or a wrapper makes: `grad(f)`, `checkpoint(f)`, or a constant that holds one. */
export function resolveMade(c: Context, node: ts.Expression): DerivedValue | FunctionValue | undefined {
  const target = bare(node)
  const { checker } = c.f.session
  if (ts.isCallExpression(target)) return readOperator(c, target) ?? resolveWrapped(c, target)
  if (!ts.isIdentifier(target)) return undefined
  const symbol = symbolAt(checker, target)
  const binding = symbol && lookup(c.environment, symbol)
  if (binding) return binding.kind === 'static' && binding.value.kind === 'derived' ? binding.value : undefined
  const declaration = symbol?.valueDeclaration
  if (!declaration || !ts.isVariableDeclaration(declaration) || !declaration.initializer) return undefined
  const isConstant = (ts.getCombinedNodeFlags(declaration) & ts.NodeFlags.Const) !== 0
  const module: Environment = { parent: undefined, bindings: new Map() }
  return isConstant ? resolveMade({ ...c, environment: module }, declaration.initializer) : undefined
}

function readOperator(c: Context, call: ts.CallExpression): DerivedValue | undefined {
  const callee = bare(call.expression)
  const name = ts.isPropertyAccessExpression(callee) ? callee.name : callee
  const operator = ts.isIdentifier(name) ? intrinsicOf(symbolAt(c.f.session.checker, name)) : undefined
  if (operator === undefined || !isOperator(operator)) return undefined
  const [target, options] = call.arguments
  if (!target) return undefined
  const of = resolveFunction(c, target)
  if (!of) return refuse(c, target, 'CT1101', { operator, text: textOf(target) })
  return { kind: 'derived', operator, of, options: readOptions(c.f.session, operator, options) }
}

interface Resolved {
  readonly key: string
  readonly captures: readonly Expression[]
  readonly parameters: readonly Type[]
  readonly result: Type
}

/** Reads what a derivative is made of, and registers it. */
export function requestDerived(c: Context, node: ts.Node, value: FunctionValue | DerivedValue): Resolved {
  const { session } = c.f
  if (value.kind === 'function') {
    const { key: own, captures, shared } = lift(c, node, value)
    refuseShared(c, node, value, shared)
    const key = value.wrapped ? calledAlone(c, own) : own
    const fn = session.functions.get(key)
    if (!fn) return refuseNested(c, node, `the derivative of \`${functionName(value.declaration)}\` within itself`)
    return { key, captures, parameters: fn.parameters.map(({ name }) => fn.variables[name]!.type), result: fn.result }
  }
  const { operator, options } = value
  const inner = requestDerived(options.slots.size > 0 ? { ...c, slots: options.slots } : c, node, value.of)
  if (operator === 'jacobian') return refuseNested(c, node, '`jacobian`')
  if (operator === 'vjp') return refuseNested(c, node, 'a derivative of what `vjp` gives')
  const request: NestedRequest = { operator, function: inner.key, ...options, uses: { direct: true, into: false } }
  const key = `${inner.key}|${operator}:${optionsKey(options)}`
  session.nested.set(key, request)
  return { ...inner, key, result: derivedResult(session, inner, value) }
}

/** What tells apart requests of one function. */
export const optionsKey = ({ wrt, wrtIsList, hasAux }: RequestOptions): string =>
  `wrt=${wrtIsList ? `[${wrt.join(',')}]` : wrt.join(',')}${hasAux ? ':aux' : ''}`

function derivedResult(_session: Session, inner: Resolved, { operator, options }: DerivedValue): Type {
  const gradients = options.wrt.map((i) => shadowType(inner.parameters[i]!))
  const gradient = options.wrtIsList ? tupleOf(gradients) : gradients[0]!
  if (operator === 'hessian' && gradient.kind === 'array')
    return { kind: 'array', storage: 'Array', element: { kind: 'array', storage: 'Float64Array', element: { kind: 'number' } } }
  const aux = options.hasAux && inner.result.kind === 'record' ? inner.result.fields[1] : undefined
  const fields = [
    ...(operator === 'valueAndGrad' ? [{ name: 'value', type: { kind: 'number' } as const }] : []),
    { name: 'grad', type: gradient },
    ...(aux ? [{ name: 'aux', type: aux.type }] : []),
  ]
  return fields.length === 1 ? gradient : { kind: 'record', tuple: false, fields }
}

function refuseNested(c: Context, node: ts.Node, what: string): never {
  return refuse(c, node, 'CT1111', { what, function: nameOfFrame(c.frame) })
}

/** `grad(f)(x)`, where that is part of a function that is differentiated. */
export function callDerived(c: Context, node: ts.CallExpression, value: DerivedValue): Expression {
  if (value.operator === 'jvp') return callJvp(c, node, value)
  if (value.operator === 'hvp') return callHvp(c, node, value)
  const given = completeArguments(c, node, baseOf(value), evaluateArguments(c, node.arguments), new Map(), true)
  const { key, captures, result } = requestDerived(c, node, value)
  const name = freshName(c.f, value.operator, result)
  emit(c, { kind: 'call', result: name, callee: key, arguments: [...given, ...captures] })
  return variable(name)
}

/** `hvp(f)(x, v, ...rest)`. */
function callHvp(c: Context, node: ts.CallExpression, value: DerivedValue): Expression {
  const given = lowerInOrder(
    c,
    node.arguments.map((argument) => () => lowerExpression(c, argument)),
  )
  const { key, captures, parameters, result } = requestDerived(c, node, value)
  if (given.length !== parameters.length - captures.length + 1) return refuseNested(c, node, '`hvp` with arguments left out')
  const name = freshName(c.f, 'hvp', result)
  emit(c, { kind: 'call', result: name, callee: key, arguments: [...given, ...captures] })
  return variable(name)
}

/** `jvp(f)([x], [v])` with literal lists: an argument whose tangent is `undefined` does not move. */
function callJvp(c: Context, node: ts.CallExpression, value: DerivedValue): Expression {
  const [primals, tangents] = node.arguments.map(bare)
  if (!primals || !tangents || !ts.isArrayLiteralExpression(primals) || !ts.isArrayLiteralExpression(tangents))
    return refuseNested(c, node, '`jvp` without literal lists of arguments')
  const isMoving = (part: ts.Expression): boolean => !(ts.isIdentifier(part) && part.text === 'undefined')
  const wrt = tangents.elements.flatMap((part, i) => (isMoving(part) ? [i] : []))
  const given = lowerInOrder(
    c,
    [...primals.elements, ...tangents.elements.filter(isMoving)].map((part) => () => lowerExpression(c, part)),
  )
  const inner = requestDerived(c, node, value.of)
  const count = primals.elements.length
  if (count !== inner.parameters.length - inner.captures.length) return refuseNested(c, node, '`jvp` with arguments left out')
  const key = `${inner.key}|jvp:${wrt.join(',')}`
  c.f.session.nested.set(key, {
    operator: 'jvp',
    function: inner.key,
    wrt,
    wrtIsList: true,
    hasAux: false,
    uses: { direct: true, into: false },
  })
  const fields = [
    { name: 'value', type: inner.result },
    { name: 'tangent', type: shadowType(inner.result) },
  ]
  const type: RecordType = { kind: 'record', tuple: false, fields }
  const name = freshName(c.f, 'jvp', type)
  emit(c, { kind: 'call', result: name, callee: key, arguments: [...given.slice(0, count), ...inner.captures, ...given.slice(count)] })
  return variable(name)
}
