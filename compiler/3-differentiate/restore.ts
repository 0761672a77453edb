/**
 * Which writes to storage the reverse sweep must undo: those that may overwrite an element after a statement read it whose
 * reversal reads it again (to-be-recorded analysis; Hascoet, Naumann, Pascual 2005, by textual order and common loops).
 */

import { isStorage, LENGTH, type Region } from '../2-analyze/regions.ts'
import { declare } from '../ir/build.ts'
import type { Assign, Element, Expression, Loop, Statement } from '../ir/nodes.ts'
import { sameExpression } from '../ir/same.ts'
import { typeOf } from '../ir/types.ts'
import { blocksOf, childrenOf, declaredBy, expressionsOf, mapBlocksOf, visitExpression, visitStatements } from '../ir/walk.ts'
import type { Context } from './context.ts'
import { isReversed, readByReversed } from './reverse-call.ts'
import { overwritten } from './reverse-statement.ts'
import { rootOf, shadowOf } from './shadows.ts'

interface Access extends Load {
  readonly position: number
  /** The loops around it, outermost first. */
  readonly loops: readonly Loop[]
  readonly statement: Statement
  /** So many of the loops begin each iteration by overwriting the storage, and have done so when this is written. */
  readonly begun: number
}

interface Load {
  readonly region: Region
  /** Of an element, which one. */
  readonly element?: Element
}

/** The places in storage that some statements of a reverse sweep read: numbers of the primal, and references of the primal and of shadows. */
export function readRegions(backward: readonly Statement[], context: Context): Set<Region> {
  const regions = new Set<Region>()
  visitStatements(backward, (statement) => {
    for (const expression of expressionsOf(statement)) for (const { region } of loads(expression, context)) regions.add(region)
  })
  return regions
}

function loads(expression: Expression, context: Context): readonly Load[] {
  const found: Load[] = []
  visitExpression(expression, (node) => {
    if (node.kind === 'length') {
      const array = context.regions.of(node.array)
      if (array) found.push({ region: context.regions.child(array, LENGTH) })
    }
    if (node.kind !== 'element' && node.kind !== 'field') return
    // Adjoints are added to and are never put back, but the references that lead to them are.
    if (isDualPlace(node, context) && !isStorage(typeOf(node, context.scope.variables))) return
    const region = context.regions.of(node)
    if (region) found.push({ region, ...(node.kind === 'element' && { element: node }) })
  })
  return found
}

/** As `loads`, with the references among shadows that the reversal of the expression follows where the primal follows its own. */
function loadsOfBoth(expression: Expression, context: Context): readonly Load[] {
  const found = [...loads(expression, context)]
  visitExpression(expression, (node) => {
    if ((node.kind !== 'element' && node.kind !== 'field') || !isStorage(typeOf(node, context.scope.variables))) return
    const root = rootName(node)
    if (root === undefined || !context.bars.has(root)) return
    const region = context.regions.of(shadowOf(node, context.bars))
    if (region) found.push({ region })
  })
  return found
}

const isDualPlace = (place: Expression, context: Context): boolean =>
  (place.kind === 'element' || place.kind === 'field') && isShadow(place, context)

function rootName(place: Expression): string | undefined {
  try {
    return rootOf(place)
  } catch {
    return undefined
  }
}

/** `fused` are the counters of the loops whose iterations are reversed on the spot: each has its scratch arrays to itself. */
export function findRestores(
  body: readonly Statement[],
  needed: ReadonlySet<Region>,
  fused: ReadonlySet<string>,
  context: Context,
): Set<Statement> {
  const { reads, writes, homes } = accesses(body, withCalls(body, needed, context), fused, context)
  const restores = new Set<Statement>()
  for (const write of writes) {
    const home = Math.max(homes.get(write.region)?.length ?? 0, write.begun)
    const precedes = (read: Access): boolean =>
      read.region === write.region &&
      (read.position <= write.position || shareLoop(read.loops, write.loops, home)) &&
      !isOfOwnIteration(read, write, home, context)
    if (reads.some(precedes)) restores.add(write.statement)
  }
  // The shadows of references change their length back whoever reads them, so that they fit their arrays.
  visitStatements(body, (statement) => {
    if ((statement.kind === 'push' || statement.kind === 'truncate') && isShadowOfReferences(statement.array, context))
      restores.add(statement)
    // What is run again finds what it changes as it was, whoever else reads that.
    if (statement.kind === 'call' && context.callees.function(statement.callee).reversed && isReversed(statement, context))
      if (undoableBy(statement, context).length > 0) restores.add(statement)
  })
  return restores
}

function isShadowOfReferences(array: Expression, context: Context): boolean {
  const type = typeOf(array, context.scope.variables)
  return type.kind === 'array' && isStorage(type.element) && isShadow(array, context)
}

export function isShadow(array: Expression, context: Context): boolean {
  const root = rootName(array)
  return root !== undefined && context.bars.isDual(context.variableOf.get(root) ?? root)
}

/** The storage that reversed calls read is needed too. */
function withCalls(body: readonly Statement[], needed: ReadonlySet<Region>, context: Context): ReadonlySet<Region> {
  const all = new Set(needed)
  visitStatements(body, (statement) => {
    if (statement.kind !== 'call' || !isReversed(statement, context)) return
    for (const region of readByReversed(statement, context)) all.add(region)
  })
  return all
}

/** Whether a loop surrounds both that does not make the storage anew in each iteration. */
const shareLoop = (a: readonly Loop[], b: readonly Loop[], depth: number): boolean =>
  a.length > depth && b.length > depth && a[depth] === b[depth]

/**
 * Whether a loop writes an element that it reads only later in the same iteration, and each iteration another one: `y[i] = e; s += y[i] * y[i]`. No other loop
 * within the storage's home runs the write twice.
 */
function isOfOwnIteration(read: Access, write: Access, depth: number, context: Context): boolean {
  const [loop, ...more] = write.loops.slice(depth)
  if (!loop?.counter || more.length > 0 || read.loops[depth] !== loop || read.position <= write.position) return false
  const [written, seen] = [write.element, read.element]
  if (written?.array.kind !== 'variable' || seen?.array.kind !== 'variable' || written.array.name !== seen.array.name) return false
  if (context.scope.isMutable(written.array.name) || written.index.kind !== 'variable') return false
  return written.index.name === loop.counter.name && sameExpression(written.index, seen.index)
}

function accesses(
  body: readonly Statement[],
  needed: ReadonlySet<Region>,
  fused: ReadonlySet<string>,
  context: Context,
): { reads: Access[]; writes: Access[]; homes: Map<Region, readonly Loop[]> } {
  const reads: Access[] = []
  const writes: Access[] = []
  const homes = new Map<Region, readonly Loop[]>()
  const begun = new Map<Region, number>()
  let position = 0
  const contentOf = (name: string): Region => context.regions.child(context.regions.ofVariable(name), '[]')
  const visit = (block: readonly Statement[], loops: readonly Loop[]): void => {
    for (const statement of block) {
      position++
      for (const load of readsOf(statement, context))
        if (needed.has(load.region)) reads.push({ ...load, position, loops, statement, begun: 0 })
      const own = statement.kind === 'assign' && statement.target.kind === 'element' ? { element: statement.target } : {}
      for (const region of undoableBy(statement, context))
        if (needed.has(region)) writes.push({ region, ...own, position, loops, statement, begun: begun.get(region) ?? 0 })
      const name = declaredBy(statement)
      if (name !== undefined && statement.kind === 'declare' && isMade(statement.value)) {
        const region = contentOf(name)
        // Storage made in two places is at home where neither loop is left out.
        const known = homes.get(region)
        homes.set(region, known && known.length < loops.length ? known : loops)
      }
      const inside = statement.kind === 'loop' ? [...loops, statement] : loops
      if (statement.kind === 'loop' && statement.counter && fused.has(statement.counter.name))
        for (const scratch of context.scratchOf(statement).keys()) homes.set(contentOf(scratch), inside)
      for (const inner of blocksOf(statement)) visit(inner, inside)
      const around = loops.at(-1)
      if (around)
        for (const [scratch, first] of context.scratchOf(around)) if (first === statement) begun.set(contentOf(scratch), loops.length)
    }
  }
  visit(body, [])
  return { reads, writes, homes: onlyMade(homes, body, context) }
}

/** What text does to storage stays done: who reads that storage has kept what it read. */
const undoableBy = (statement: Statement, context: Context): readonly Region[] =>
  statement.kind === 'effect' || statement.kind === 'declare' ? [] : context.writes.by(statement)

const isMade = (value: Expression | undefined): boolean =>
  value !== undefined && ['zeros', 'list', 'slice', 'convert', 'zerosLike'].includes(value.kind)

/** Storage that also comes from elsewhere (a parameter, another variable), or that something else keeps, has no home. */
function onlyMade(homes: Map<Region, readonly Loop[]>, body: readonly Statement[], context: Context): Map<Region, readonly Loop[]> {
  const elsewhere = new Set<Region>()
  const note = (name: string): void => {
    elsewhere.add(context.regions.child(context.regions.ofVariable(name), '[]'))
  }
  const isList = (name: string): boolean => ['array', 'keyed'].includes(context.scope.typeOf(name).kind)
  for (const { name } of context.fn.parameters) if (isList(name)) note(name)
  const noteKept = (value: Expression): void => {
    if (value.kind === 'list' || value.kind === 'record') for (const part of childrenOf(value)) noteReference(part)
    else noteReference(value)
  }
  const noteReference = (value: Expression): void => {
    if (value.kind === 'list' || value.kind === 'record') return noteKept(value)
    const region = isStorage(typeOf(value, context.scope.variables)) ? context.regions.of(value) : undefined
    if (region) elsewhere.add(context.regions.child(region, '[]'))
  }
  visitStatements(body, (statement) => {
    if (statement.kind === 'assign' && statement.target.kind !== 'variable') noteKept(statement.value)
    else if ((statement.kind === 'declare' || statement.kind === 'assign') && statement.value)
      if (statement.value.kind === 'list' || statement.value.kind === 'record') noteKept(statement.value)
    if (statement.kind === 'fill') noteReference(statement.value)
    if (statement.kind === 'assign' && statement.target.kind === 'variable' && isList(statement.target.name)) note(statement.target.name)
    if (statement.kind === 'call' && statement.result !== undefined && isList(statement.result)) note(statement.result)
  })
  return new Map([...homes].filter(([region]) => !elsewhere.has(region)))
}

function readsOf(statement: Statement, context: Context): readonly Load[] {
  if (statement.kind === 'assign' && statement.target.kind !== 'variable') {
    const { target } = statement
    const parts = target.kind === 'element' ? [target.array, target.index] : [target.record]
    return [...parts, withoutSelf(statement)].flatMap((part) => loadsOfBoth(part, context))
  }
  if (statement.kind === 'call' && !isReversed(statement, context)) return []
  const reached = statement.kind === 'call' ? [...readByReversed(statement, context)].map((region) => ({ region })) : []
  const whole =
    statement.kind === 'copyInto' ? [{ kind: 'element', array: statement.source, index: { kind: 'number', value: 0 } } as const] : []
  return [...reached, ...[...expressionsOf(statement), ...whole].flatMap((expression) => loadsOfBoth(expression, context))]
}

/** `u[i] += e` reads `u[i]`, but its reversal does not. */
function withoutSelf({ target, value }: Assign): Expression {
  if (value.kind !== 'operation' || (value.operator !== '+' && value.operator !== '-') || !sameExpression(value.operands[0]!, target))
    return value
  return value.operands[1]!
}

/** Declares, before each statement that must be undone, what it overwrites. */
export function insertSaves(
  block: readonly Statement[],
  restores: ReadonlySet<Statement>,
  context: Context,
  moved: Map<Statement, Statement>,
): readonly Statement[] {
  return block.flatMap((statement) => {
    const inner = mapBlocksOf(statement, (nested) => insertSaves(nested, restores, context, moved))
    if (!restores.has(statement)) return [inner]
    const value = overwritten(statement)
    if (value || inner.kind === 'push') moved.set(inner, statement)
    if (!value) return [inner]
    const root = value.kind === 'slice' ? rootName(value.array) : rootName(value)
    const name = context.scope.fresh(`${root ?? 'value'}_was`, typeOf(value, context.scope.variables))
    return [declare(name, value), inner]
  })
}
