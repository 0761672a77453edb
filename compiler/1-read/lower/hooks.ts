/**
 * `hook(x, fn)`: in the reverse sweep, when the gradient of the variable's value is complete, `fn` is called with it. That moment is just before the
 * statement that gave the variable its value is reversed, so the hook becomes an assignment `x = hook(x)` directly after that statement: its value is
 * the variable's, and its adjoint is what `fn` makes of the adjoint. Several hooks on one value stand in reverse, so that they run as they were written.
 */

import { basename } from 'node:path'
import ts from '#typescript'
import { NUMBER, number, operation, variable } from '../../ir/build.ts'
import type { Expression, Opaque, Type } from '../../ir/nodes.ts'
import { isHook, ruleText } from '../../ir/hook.ts'
import { mentionOf } from '../../ir/mention.ts'
import { missingOf } from '../../ir/missing.ts'
import { isStorage } from '../../ir/shadow-type.ts'
import { variablesIn } from '../../ir/walk.ts'
import type { RawStatement } from '../exits/raw.ts'
import { innerLists } from '../exits/raw.ts'
import { bare, symbolAt } from '../facts.ts'
import { readyHookOf, type ReadyHook } from '../intrinsics.ts'
import { textOf } from '../session.ts'
import { usesGraphs } from '../uses-graphs.ts'
import { irType, opaqueType } from '../types.ts'
import { isUndefined } from './arguments.ts'
import { captured, lookup, originOf, refuse, temporary, type Context } from './context.ts'
import { lowerExpression, readerOf } from './expression.ts'
import { resolveFunction } from './resolve.ts'
import { writesOf } from './interference.ts'
import { lift, refuseShared } from './lift.ts'
import { lowerOpaque } from './opaque.ts'
import { typeOfExpression } from './type-of.ts'

export function lowerHook(c: Context, node: ts.CallExpression): void {
  const [target, given] = node.arguments
  const place = target && bare(target)
  if (!place || !given || !ts.isIdentifier(place)) return refuse(c, node, 'CT1301', { text: textOf(node) })
  const symbol = symbolAt(c.f.session.checker, place)
  const binding = symbol && lookup(c.environment, symbol)
  if (binding?.kind !== 'expression' || binding.expression.kind !== 'variable') return refuse(c, node, 'CT1301', { text: textOf(node) })
  const { name } = binding.expression
  const type = c.f.variables[name]!.type
  const found = hookOf(c, bare(given))
  if (!found) return
  let call: readonly Expression[] = []
  const evaluated = captured(c, () => {
    call = lowerHookFunction(found.context, found.fn, type, place.text)
  })
  const { line, file } = originOf(node)
  const label = text(JSON.stringify(`${place.text} (${basename(file)}:${String(line)})`))
  const at = homeOf(c, name, type)
  const between = at === undefined ? undefined : c.f.out.slice(at).filter((statement) => !isHookOf(statement, name))
  if (at === undefined || !between || dependsOn([...call, ...evaluated.flatMap(valueOf)], between)) {
    return refuse(c, node, 'CT1302', { name: place.text })
  }
  const statement: RawStatement = {
    kind: 'assign',
    target: variable(name),
    value: operation('hook', label, ...call, variable(name)),
    ...(c.f.origin && { origin: c.f.origin }),
  }
  c.f.out.splice(at, 0, ...evaluated, statement)
}

/** The function: written here, or bound to the slot of that name. Nothing for a slot that is not bound. */
function hookOf(c: Context, given: ts.Expression): { fn: ts.Expression; context: Context } | undefined {
  if (!ts.isStringLiteralLike(given)) return { fn: given, context: c }
  c.f.session.seenSlots.add(given.text)
  const fn = c.slots.get(given.text)
  // What is bound where a derivative is asked for means what it means there.
  return fn && { fn: bare(fn), context: { ...c, environment: { parent: undefined, bindings: new Map() } } }
}

/** A function of numbers whose source is known becomes part of the program, and is differentiated with it; any other is called as a value. */
function lowerHookFunction(c: Context, fn: ts.Expression, type: Type, name: string): readonly Expression[] {
  const rule = lowerReadyHook(c, fn, type)
  if (rule) return rule
  const value = type.kind === 'number' ? resolveFunction(c, fn) : undefined
  if (value?.kind === 'function' && givesNumber(c, value.declaration)) {
    const { key, captures, shared } = lift(c, fn, value)
    refuseShared(c, fn, value, shared)
    return [text(mentionOf(key)), ...captures]
  }
  const called = lowerHookValue(c, fn, type, name)
  return isObserver(c, fn) ? [text(ruleText('observe')), called] : [called]
}

function lowerHookValue(c: Context, fn: ts.Expression, type: Type, name: string): Expression {
  if (ts.isIdentifier(fn) || ts.isPropertyAccessExpression(fn)) return lowerExpression(c, fn)
  const made = withValuesOfNow(c, withParameterType(fn, lowerOpaque(c, fn), type))
  // What TypeScript infers of a function depends on where it stands.
  const typeText = textOfType(type)
  const isLiteral = ts.isArrowFunction(fn) || ts.isFunctionExpression(fn)
  const own = isLiteral && typeText !== undefined ? opaqueType(`(gradient: ${typeText}) => unknown`) : made.type
  return temporary(c, `${name}_hook`, own, { ...made, type: own })
}

/** `clamp(-1, 1)` and the like of a number or a flat array of numbers: bounds that are no literals are checked where they are known, which is at run time. */
function lowerReadyHook(c: Context, fn: ts.Expression, type: Type): readonly Expression[] | undefined {
  const ready = readyHook(c, fn)
  const isFlat = type.kind === 'number' || (type.kind === 'array' && type.element.kind === 'number' && !missingOf(type.element))
  if (!isFlat || missingOf(type) !== undefined || !ready || !ts.isCallExpression(fn)) return undefined
  // Saved graphs have hooks bound again, others too, so that on arrays all of them are values there.
  if (type.kind === 'array' && usesGraphs(c.f.session.program, c.f.session.file.fileName)) return undefined
  const given = fn.arguments
  if (given.some((argument) => ts.isSpreadElement(argument))) return undefined
  if (ready === 'clamp') {
    const bounds = given.map(literal)
    const [low, high] = bounds
    if (bounds.length !== 2 || low === undefined || high === undefined || !(low <= high)) return undefined
    return [text(ruleText('clamp')), number(low), number(high)]
  }
  if (ready !== 'scale' && ready !== 'reverse') return undefined
  const [argument] = given
  if (!argument) return ready === 'reverse' ? [text(ruleText('reverse')), number(1)] : undefined
  const factor = lowerExpression(c, argument)
  if (typeOfExpression(c.f.variables, factor).kind !== 'number') return undefined
  return [text(ruleText(ready)), factor.kind === 'number' ? factor : temporary(c, 'factor', NUMBER, factor)]
}

function literal(node: ts.Expression): number | undefined {
  const place = bare(node)
  if (ts.isNumericLiteral(place)) return Number(place.text)
  if (!ts.isPrefixUnaryExpression(place) || place.operator !== ts.SyntaxKind.MinusToken) return undefined
  return ts.isNumericLiteral(place.operand) ? -Number(place.operand.text) : undefined
}

function readyHook(c: Context, fn: ts.Expression): ReadyHook | undefined {
  if (!ts.isCallExpression(fn)) return undefined
  const callee = bare(fn.expression)
  const name = ts.isPropertyAccessExpression(callee) ? callee.name : callee
  return readyHookOf(symbolAt(c.f.session.checker, name))
}

/** Whether it is certain that the function gives nothing. The type of a value would not do: to TypeScript, a function that gives something is one that need not. */
function isObserver(c: Context, fn: ts.Expression): boolean {
  const ready = readyHook(c, fn)
  if (ready) return ready === 'log' || ready === 'checkFinite'
  const value = resolveFunction(c, fn)
  const declaration = value?.kind === 'function' ? (value.declaration as ts.FunctionLikeDeclaration & { body?: ts.Node }) : undefined
  const body = declaration?.body
  return body !== undefined && ts.isBlock(body) && !givesSomething(body)
}

const givesSomething = (node: ts.Node): boolean =>
  ts.isReturnStatement(node)
    ? node.expression !== undefined && !isUndefined(bare(node.expression))
    : !ts.isFunctionLike(node) && ts.forEachChild(node, (child) => givesSomething(child) || undefined) === true

/**
 * The function is called long after it is made, and finds what its variables hold where the hook stands, as one does that becomes part of the program: it is
 * made by a function that is given their values, `((k: number) => (g) => g.map((e) => e * k))(k)`.
 */
function withValuesOfNow(c: Context, made: Opaque): Opaque {
  const given = new Map<string, string>()
  const named = (part: string | Expression): string | Expression => {
    if (typeof part === 'string' || part.kind !== 'variable' || !c.f.assigned.has(part.name)) return part
    const type = textOfType(c.f.variables[part.name]!.type)
    if (type === undefined) return part
    given.set(part.name, `${part.name}_now: ${type}`)
    return `${part.name}_now`
  }
  const parts = made.parts.map(named)
  if (given.size === 0) return made
  const values = [...given.keys()].flatMap((name, i) => (i === 0 ? [variable(name)] : [', ', variable(name)]))
  return { ...made, parts: [`((${[...given.values()].join(', ')}) => `, ...parts, ')(', ...values, ')'] }
}

/** Where the function comes to stand, nothing tells TypeScript what it is called with. */
function withParameterType(fn: ts.Expression, made: Opaque, type: Type): Opaque {
  const parameter = ts.isArrowFunction(fn) || ts.isFunctionExpression(fn) ? fn.parameters[0] : undefined
  const typeText = textOfType(type)
  const [first, ...rest] = made.parts
  if (!parameter || parameter.type || parameter.dotDotDotToken || typeText === undefined || typeof first !== 'string') return made
  const [start, end] = [parameter.getStart() - fn.getStart(), (parameter.questionToken ?? parameter.name).getEnd() - fn.getStart()]
  const typed = `${first.slice(start, end)}: ${typeText}`
  const hasParentheses = fn.getChildren().some(({ kind }) => kind === ts.SyntaxKind.OpenParenToken)
  return { ...made, parts: [first.slice(0, start) + (hasParentheses ? typed : `(${typed})`) + first.slice(end), ...rest] }
}

/** Numbers and arrays of them; records have types that may not be visible there. */
function textOfType(type: Type): string | undefined {
  if (type.kind === 'number' || type.kind === 'boolean') return type.kind
  if (type.kind !== 'array') return undefined
  if (type.storage !== 'Array') return type.storage
  const element = textOfType(type.element)
  return element && `${element}[]`
}

function givesNumber(c: Context, declaration: ts.FunctionLikeDeclaration): boolean {
  const { checker } = c.f.session
  const signature = checker.getSignatureFromDeclaration(declaration)
  const [parameter, ...more] = declaration.parameters
  if (!signature || !parameter || more.length > 0) return false
  const reader = readerOf(c)
  return (
    irType(reader, checker.getReturnTypeOfSignature(signature)).kind === 'number' &&
    irType(reader, checker.getTypeAtLocation(parameter)).kind === 'number'
  )
}

const text = (part: string): Expression => ({ kind: 'opaque', parts: [part], type: { kind: 'opaque', text: 'unknown' }, effects: false })

const isHookOf = (statement: RawStatement, name: string): boolean =>
  statement.kind === 'assign' && statement.target.kind === 'variable' && statement.target.name === name && isHook(statement.value)

/** Where, in the present list, the variable has got its value; nothing where that was outside of it. */
function homeOf(c: Context, name: string, type: Type): number | undefined {
  const { out } = c.f
  const isStored = isStorage(type)
  for (let i = out.length - 1; i >= 0; i--) {
    const statement = out[i]!
    if (isHookOf(statement, name)) continue
    if (gives(statement, name) || (isStored && writesOf([statement]).storage)) return i + 1
  }
  return out === c.f.top && c.f.parameters.some((parameter) => parameter.name === name) ? 0 : undefined
}

function gives(statement: RawStatement, name: string): boolean {
  if (statement.kind === 'declare') return statement.name === name
  if (statement.kind === 'assign' && statement.target.kind === 'variable') return statement.target.name === name
  if (statement.kind === 'call') return statement.result === name
  return innerLists(statement).some((list) => list.some((inner) => gives(inner, name)))
}

const valueOf = (statement: RawStatement): readonly Expression[] =>
  statement.kind === 'declare' && statement.value ? [statement.value] : []

/** Whether what the function uses gets its value between the variable's and the hook. */
function dependsOn(expressions: readonly Expression[], between: readonly RawStatement[]): boolean {
  return expressions.some((expression) => [...variablesIn(expression)].some((name) => between.some((statement) => gives(statement, name))))
}
