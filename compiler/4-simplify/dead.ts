/**
 * Removes what nothing reads, over both sweeps together: values, adjoints, tapes that are only written, loops left without an effect.
 *
 * Needs: pure expressions. Promises: the same results and effects. Costs: a few visits, to a fixed point.
 */

import type { Expression, FunctionNode, Statement } from '../ir/nodes.ts'
import { typeOf } from '../ir/types.ts'
import { blocksOf, childrenOf, expressionsOf, mapBlocksOf, someExpression, variablesIn, visitExpression } from '../ir/walk.ts'

export function removeDead(fn: FunctionNode): FunctionNode {
  const live = findLive(fn)
  const body = sweep(fn.body, live)
  const used = new Set<string>(fn.parameters.map(({ name }) => name))
  collectNames(body, used)
  return { ...fn, body, variables: Object.fromEntries(Object.entries(fn.variables).filter(([name]) => used.has(name))) }
}

/** Variables whose value, or whose storage's content, reaches a result or an effect. */
function findLive(fn: FunctionNode): Live {
  const live = new Set([...fn.parameters.map(({ name }) => name), OUTSIDE])
  const shared = sharedStorage(fn)
  for (let before = -1; before !== live.size;) {
    before = live.size
    mark(fn.body, live, shared)
  }
  return new Live(live, shared)
}

/** A write through one reference is live when any reference to that storage is. */
class Live {
  readonly names: ReadonlySet<string>
  readonly #shared: Shared

  constructor(names: ReadonlySet<string>, shared: Shared) {
    this.names = names
    this.#shared = shared
  }

  reaches(name: string): boolean {
    return this.names.has(name) || [...(this.#shared.get(name) ?? [])].some((other) => this.names.has(other))
  }
}

/** Stands for all storage that is not the function's own, such as an array of the module: what is written there is seen by others. */
const OUTSIDE = ''

type Shared = ReadonlyMap<string, ReadonlySet<string>>

/** Marks what live statements read; tells whether the block has a live statement. */
function mark(block: readonly Statement[], live: Set<string>, shared: Shared): boolean {
  const reach = new Live(live, shared)
  let any = false
  for (const statement of block.toReversed()) {
    const inner = blocksOf(statement).map((nested) => mark(nested, live, shared))
    const needed = isLive(statement, reach) || (inner.includes(true) && statement.kind !== 'declare')
    if (!needed) continue
    any = true
    for (const expression of expressionsOf(statement))
      if (!(statement.kind === 'assign' && expression === statement.target && expression.kind === 'variable')) variablesIn(expression, live)
    if (statement.kind === 'loop' && statement.exit !== undefined) live.add(statement.exit)
  }
  return any
}

function isLive(statement: Statement, live: Live): boolean {
  switch (statement.kind) {
    case 'declare':
      return live.names.has(statement.name) || (statement.value !== undefined && hasEffects(statement.value))
    case 'assign':
      if (isSelf(statement.target, statement.value)) return false
      if (statement.target.kind === 'variable') return live.names.has(statement.target.name) || hasEffects(statement.value)
      return live.reaches(rootOf(statement.target)) || hasEffects(statement.value)
    case 'fill':
    case 'push':
    case 'truncate':
      return isLivePlace(statement.array, live)
    case 'copyInto':
      return isLivePlace(statement.target, live)
    case 'reserve':
    case 'release':
      return live.names.has(statement.tape)
    case 'loop':
      // One that may not end must stay; a counted one ends.
      return statement.counter === undefined && statement.body.length > 0
    case 'if':
    case 'comment':
      return false
    default:
      return true
  }
}

/** `x = x`, which other passes leave behind. */
const isSelf = (target: Expression, value: Expression): boolean =>
  target.kind === 'variable' && value.kind === 'variable' && target.name === value.name

const hasEffects = (expression: Expression): boolean => someExpression(expression, (node) => node.kind === 'opaque' && node.effects)
const isLivePlace = (place: Expression, live: Live): boolean => references(place).some((name) => live.reaches(name))

function rootOf(place: Expression): string {
  return place.kind === 'element'
    ? rootOf(place.array)
    : place.kind === 'field'
      ? rootOf(place.record)
      : place.kind === 'variable'
        ? place.name
        : OUTSIDE
}

/** Groups of variables that may refer to the same storage: connected by declarations, assignments and creations. */
function sharedStorage(fn: FunctionNode): Shared {
  const groups = new Map<string, Set<string>>()
  const join = (a: string, b: string): void => {
    const merged = new Set([...(groups.get(a) ?? [a]), ...(groups.get(b) ?? [b])])
    for (const name of merged) groups.set(name, merged)
  }
  const isReference = (name: string): boolean =>
    name === OUTSIDE || ['array', 'record', 'keyed', 'opaque'].includes(fn.variables[name]?.type.kind ?? '')
  const isReferenceTo = (place: Expression): boolean => !['number', 'boolean'].includes(typeOf(place, fn.variables).kind)
  const link = (to: string, value: Expression): void => {
    if (isReference(to)) for (const name of references(value)) if (isReference(name)) join(to, name)
  }
  const visit = (block: readonly Statement[]): void => {
    for (const statement of block) {
      if (statement.kind === 'declare' && statement.value) link(statement.name, statement.value)
      if (statement.kind === 'push') link(rootOf(statement.array), statement.value)
      // A number that is stored links nothing, wherever it was read.
      if (statement.kind === 'assign' && isReferenceTo(statement.target)) link(rootOf(statement.target), statement.value)
      for (const inner of blocksOf(statement)) visit(inner)
    }
  }
  visit(fn.body)
  return groups
}

/** The variables that the value of an expression may refer to: not those of which it only reads a number. */
function references(value: Expression): readonly string[] {
  if (value.kind === 'variable') return [value.name]
  if (value.kind === 'opaque' && value.type.kind !== 'number' && value.type.kind !== 'boolean')
    return [OUTSIDE, ...childrenOf(value).flatMap(references)]
  if (value.kind === 'length' || value.kind === 'number' || value.kind === 'zerosLike' || value.kind === 'zeros') return []
  return childrenOf(value).flatMap(references)
}

/** What a call gives and nobody reads has no name. */
function withoutUnread(statement: Statement, live: Live): Statement {
  if (statement.kind !== 'call' || statement.result === undefined || live.reaches(statement.result)) return statement
  const { result: _, ...unread } = statement
  return unread
}

function sweep(block: readonly Statement[], live: Live): readonly Statement[] {
  const kept = block.flatMap((statement): readonly Statement[] => {
    if (statement.kind === 'comment') return [statement]
    const swept = mapBlocksOf(statement, (inner) => sweep(inner, live))
    const hollow = blocksOf(swept).every((inner) => inner.every(({ kind }) => kind === 'comment'))
    if (statement.kind === 'if') return hollow ? [] : [withoutHollowBranches(swept)]
    if (statement.kind === 'loop' && statement.counter) return hollow ? [] : [swept]
    return isLive(statement, live) ? [withoutUnread(swept, live)] : []
  })
  // A comment stands for what follows it.
  return kept.filter((statement, i) => statement.kind !== 'comment' || (kept[i + 1] !== undefined && kept[i + 1]!.kind !== 'comment'))
}

function withoutHollowBranches(statement: Statement): Statement {
  if (statement.kind !== 'if' || statement.then.length > 0) return statement
  return { ...statement, test: { kind: 'operation', operator: '!', operands: [statement.test] }, then: statement.else, else: [] }
}

function collectNames(block: readonly Statement[], into: Set<string>): void {
  for (const statement of block) {
    if (statement.kind === 'declare') into.add(statement.name)
    if (statement.kind === 'call' && statement.result !== undefined) into.add(statement.result)
    if (statement.kind === 'reserve' || statement.kind === 'release') into.add(statement.tape)
    if (statement.kind === 'loop' && statement.counter) into.add(statement.counter.name)
    if (statement.kind === 'loop' && statement.exit !== undefined) into.add(statement.exit)
    for (const expression of expressionsOf(statement))
      visitExpression(expression, (node) => {
        if (node.kind === 'variable') into.add(node.name)
      })
    for (const inner of blocksOf(statement)) collectNames(inner, into)
  }
}
