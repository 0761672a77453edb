/** `for-of` and `for-in`: over arrays by an index, over the fields of a record one by one, over anything without a derivative as text. */

import ts from '#typescript'
import { element, field, length, number, variable } from '../../ir/build.ts'
import type { Expression, Type, Variable } from '../../ir/nodes.ts'
import { variablesIn } from '../../ir/walk.ts'
import type { RawStatement } from '../exits/raw.ts'
import { bare } from '../facts.ts'
import { textOf } from '../session.ts'
import { NUMBER, opaqueType } from '../types.ts'
import { emit, freshName, freshTarget, innerScope, captured, refuse, temporary, type Binding, type Context, type Jump } from './context.ts'
import { held } from './each-place.ts'
import { declareName } from './declare.ts'
import { lowerPlace } from './assign.ts'
import { lowerExpression } from './expression.ts'
import { changesLengths, effectsOn, hasEffects, mayWrite } from './interference.ts'
import { emitWhile } from './loops.ts'
import { eachKey, keyedView, partFor } from './keyed-views.ts'
import { fieldsOf, keysHeldBy, partOf, textLiteral, type View } from './known-list.ts'
import { lowerOpaque } from './opaque.ts'
import { lowerPattern } from './pattern.ts'
import { lowerStatement } from './statement.ts'
import { staticOf } from './static.ts'
import { typeOfExpression } from './type-of.ts'
import { typeIn } from './type-in.ts'

export function lowerForOf(c: Context, node: ts.ForOfStatement, label: string | undefined): void {
  if (node.awaitModifier) return refuse(c, node, 'CT1011', { construct: '`for await`', text: textOf(node.expression) })
  const view = viewOf(node.expression)
  const fields = fieldsOf(c, keysHeldBy(c, bare(node.expression)) ?? node.expression)
  if (fields) return lowerEach(c, node, fields, label)
  const functions = staticOf(c, view.array)
  if (functions?.kind === 'object' && view.of === 'values') return lowerEach(c, node, [...functions.members.values()], label)
  const keyed = keyedView(c, node.expression)
  if (keyed && isSnapshot(keyed, node.statement)) return lowerOverArray(c, node, view, label)
  if (keyed) return lowerOverKeys(c, node, keyed, label)
  const type = typeIn(c, view.array)
  if (type.kind === 'array') return lowerOverArray(c, node, view, label)
  if (type.kind === 'record' && type.tuple) {
    const tuple = held(c, lowerExpression(c, view.array))
    const parts = type.fields.map(({ name }, i) => partOf(view.of, number(i), field(tuple, name)))
    return lowerEach(c, node, parts, label)
  }
  return lowerOverOpaque(c, node, label)
}

/** `x`, or the array of `x.keys()`, `x.values()` and `x.entries()`. */
function viewOf(node: ts.Expression): { readonly array: ts.Expression; readonly of: View } {
  const call = bare(node)
  if (ts.isCallExpression(call) && call.arguments.length === 0 && ts.isPropertyAccessExpression(call.expression)) {
    const { text } = call.expression.name
    if (text === 'keys' || text === 'values' || text === 'entries') return { array: call.expression.expression, of: text }
  }
  return { array: node, of: 'values' }
}

function lowerOverArray(c: Context, node: ts.ForOfStatement, { array, of }: ReturnType<typeof viewOf>, label: string | undefined): void {
  const values = held(c, lowerExpression(c, array))
  const index = freshName(c.f, 'i', NUMBER)
  const breaks = freshTarget(c)
  const body = loopBody(c, node, breaks, label, (inner) =>
    assignEach(inner, node, partOf(of, variable(index), element(values, variable(index)))),
  )
  const counter = { name: index, from: number(0), to: length(values), comparison: '<', step: 1 } as const
  const type = typeOfExpression(c.f.variables, values)
  const canGrow = type.kind !== 'array' || type.storage === 'Array'
  // What is added on the way is visited too.
  if (canGrow && (changesLengths(body) || hasEffects(body))) return emitWhile(c, breaks, counter, body)
  emit(c, { kind: 'loop', target: breaks, counter, body })
}

/** Keys that are taken away on the way are not visited by JavaScript. */
function lowerOverKeys(
  c: Context,
  node: ts.ForOfStatement | ts.ForInStatement,
  keyed: NonNullable<ReturnType<typeof keyedView>>,
  label: string | undefined,
): void {
  const breaks = freshTarget(c)
  const { numbers, type } = keyed
  const walk = { numbers, type, isLive: type.storage === 'Map' || ts.isForInStatement(node), node: node.expression }
  const body = (key: Variable): void => {
    for (const statement of loopBody(c, node, breaks, label, (inner) => assignEach(inner, node, partFor(keyed, key)))) emit(c, statement)
  }
  eachKey(c, walk, body, breaks)
}

/** `Object.entries(numbers)`, whose list was made before the loop, and whether what is in that list could be read later instead. */
const isSnapshot = ({ type, of }: NonNullable<ReturnType<typeof keyedView>>, body: ts.Node): boolean =>
  type.storage === 'Record' && of !== 'keys' && mayWrite(body)

/** Each part in turn, where it is known how many there are. */
function lowerEach(c: Context, node: ts.ForOfStatement | ts.ForInStatement, parts: readonly Binding[], label: string | undefined): void {
  const breaks = freshTarget(c)
  const body = parts.flatMap((part) => loopBody(c, node, breaks, label, (inner) => assignEach(inner, node, part)))
  emit(c, { kind: 'block', target: breaks, body })
}

/** Anything else can be gone over, but nothing that is differentiated comes out of it. */
function lowerOverOpaque(c: Context, node: ts.ForOfStatement, label: string | undefined): void {
  const text = elementText(c, node)
  const iterable = lowerOpaque(c, node.expression)
  const { checker } = c.f.session
  const isArray = checker.isArrayType(checker.getNonNullableType(checker.getTypeAtLocation(bare(node.expression))))
  lowerOverText(c, node, label, ['Array.from(', iterable, ')'], {
    text: `(${text === 'any' ? 'unknown' : text})`,
    ...(isArray && { array: iterable }),
    names: variablesIn(iterable),
  })
}

function elementText(c: Context, node: ts.ForOfStatement): string {
  const { checker } = c.f.session
  const name = ts.isVariableDeclarationList(node.initializer) ? node.initializer.declarations[0]!.name : node.initializer
  return checker.typeToString(checker.getTypeAtLocation(name), undefined, ts.TypeFormatFlags.NoTruncation)
}

interface OverText {
  /** The type of an element, in parentheses. */
  readonly text: string
  /** An array: what is added to it on the way is visited too. */
  readonly array?: Expression
  /** The variables that it was made of, which what is done for each must leave alone. */
  readonly names?: ReadonlySet<string>
}

function lowerOverText(
  c: Context,
  node: ts.ForOfStatement | ts.ForInStatement,
  label: string | undefined,
  parts: readonly (string | Expression)[],
  { text, array, names = new Set() }: OverText,
): void {
  const position = c.f.out.length
  const items = temporary(c, 'items', opaqueType(`${text}[]`), { kind: 'opaque', parts, type: opaqueType(`${text}[]`), effects: true })
  const index = freshName(c.f, 'i', NUMBER)
  const breaks = freshTarget(c)
  const read: Type = text === '(number)' ? NUMBER : opaqueType(text.slice(1, -1))
  const part: Expression = { kind: 'opaque', parts: [items, '[', variable(index), ']!'], type: read, effects: false }
  const body = loopBody(c, node, breaks, label, (inner) => assignEach(inner, node, { kind: 'expression', expression: part }))
  const size: Expression = { kind: 'opaque', parts: [items, '.length'], type: NUMBER, effects: false }
  const counter = { name: index, from: number(0), comparison: '<', step: 1 } as const
  if (!effectsOn(body, names))
    return emit(c, { kind: 'loop', target: breaks, counter: { ...counter, to: temporary(c, 'count', NUMBER, size) }, body })
  if (!array) return refuse(c, node, 'CT1011', { construct: 'loop, which changes what it goes over,', text: textOf(node.expression) })
  c.f.out[position] = { kind: 'declare', name: items.name, value: array, ...(c.f.origin && { origin: c.f.origin }) }
  emitWhile(c, breaks, { ...counter, to: size }, body)
}

function loopBody(
  c: Context,
  node: ts.ForOfStatement | ts.ForInStatement,
  breaks: number,
  label: string | undefined,
  assign: (c: Context) => void,
): readonly RawStatement[] {
  const continues = freshTarget(c)
  const jump: Jump = { label, breaks, continues, isPlain: true }
  const body = captured(c, () => {
    const inner = innerScope({ ...c, jumps: [jump, ...c.jumps] })
    assign(inner)
    lowerStatement(inner, node.statement)
  })
  return [{ kind: 'block', target: continues, body }]
}

/** The variable of the head gets its value for this iteration. */
function assignEach(c: Context, node: ts.ForOfStatement | ts.ForInStatement, value: Binding): void {
  if (ts.isVariableDeclarationList(node.initializer)) {
    const { name } = node.initializer.declarations[0]!
    if (!ts.isIdentifier(name)) return lowerPattern(c, name, value, declareName)
    if (value.kind === 'static' && value.value.kind === 'object') return refuse(c, name, 'CT1012', { text: name.text })
    return declareName(c, name, value)
  }
  const target = bare(node.initializer)
  if (ts.isArrayLiteralExpression(target) || ts.isObjectLiteralExpression(target)) return lowerPattern(c, target, value, () => undefined)
  if (value.kind === 'static') return refuse(c, target, 'CT1012', { text: textOf(target) })
  emit(c, { kind: 'assign', target: lowerPlace(c, target), value: value.expression })
}

export function lowerForIn(c: Context, node: ts.ForInStatement, label: string | undefined): void {
  const type = typeIn(c, node.expression)
  if (type.kind === 'record' && !type.tuple && !type.fields.some(({ name, optional }) => /^\d/.test(name) || optional)) {
    lowerExpression(c, node.expression)
    return lowerEach(
      c,
      node,
      type.fields.map(({ name }) => ({ kind: 'expression', expression: textLiteral(name) })),
      label,
    )
  }
  if (type.kind === 'keyed') {
    const numbers = held(c, lowerExpression(c, node.expression), 'numbers')
    return lowerOverKeys(c, node, { numbers, type, of: 'keys' }, label)
  }
  if (type.kind !== 'opaque') return refuse(c, node, 'CT1011', { construct: '`for-in`', text: textOf(node.expression) })
  const object = lowerOpaque(c, node.expression)
  lowerOverText(
    c,
    node,
    label,
    ['((object: object) => { const keys: string[] = []; for (const key in object) keys.push(key); return keys })(', object, ')'],
    { text: '(string)' },
  )
}
