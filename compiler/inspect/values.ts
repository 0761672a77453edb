/** Where each value comes from that a reverse sweep reads. */

import type { Context } from '../3-differentiate/context.ts'
import { readInReverse, type FramePlan, type Item } from '../3-differentiate/plan.ts'
import { overwritten } from '../3-differentiate/reverse-statement.ts'
import { number, variable } from '../ir/build.ts'
import type { Expression, Loop, Origin } from '../ir/nodes.ts'
import { declaredBy, variablesIn } from '../ir/walk.ts'
import { bytesOfCopy, bytesOfTape, bytesOfValue, formula } from './bytes.ts'
import { describeExpression, quoted, variableBehind, type Names } from './describe.ts'
import { framesOf, placedItems, type Frame } from './frames.ts'
import type { Storage, ValueReport } from './inspection.ts'
import { whyKept } from './why-kept.ts'

export interface Made {
  readonly plan: FramePlan
  readonly context: Context
  readonly names: Names
  /** Whether the reverse sweep follows in the same function. */
  readonly joined: boolean
  /** Whether a variable was there before the sweeps were made. */
  readonly isOwn: (name: string) => boolean
}

/** A value among the items of a frame. */
interface Value {
  readonly name: string
  readonly item: Item
  readonly origin: Origin | undefined
  /** The loop whose iterations it counts, if it is not the author's. */
  readonly counts: Loop | undefined
  /** Whether it is what the next statement overwrites, saved so that it can be put back. */
  readonly isSaved: boolean
}

/** A report, and what it is about: a variable as the sweeps were read off it, and the statement that gives it. */
export interface PlacedValue {
  readonly report: ValueReport
  readonly name: string
  /** Absent for an argument. */
  readonly origin: Origin | undefined
}

export function valuesOf(made: Made): readonly PlacedValue[] {
  return framesOf(made.plan).flatMap((frame): readonly PlacedValue[] => [
    ...(frame.loop || frame.branch ? [] : givenOf(frame, made)).map((given) => ({ report: given, name: given.value, origin: undefined })),
    ...readIn(frame, made).map((value) => ({ report: report(value, frame, made), name: value.name, origin: value.origin })),
  ])
}

/** What is read of the arguments. */
function givenOf({ plan }: Frame, { context, names, joined }: Made): readonly ValueReport[] {
  const needed = readInReverse(plan.plan)
  const { parameters, origin } = context.fn
  return parameters.flatMap(({ name }): readonly ValueReport[] => {
    const isKept = plan.sources.kept.has(name)
    if (!needed.has(name) && !isKept) return []
    const where = { file: origin?.file ?? '', line: origin?.line ?? 0, value: name, when: null, from: null }
    if (joined || !isKept) return [{ ...where, source: 'in scope', storage: null, why: 'it is an argument' }]
    return [{ ...where, source: 'stored', storage: residual(name, plan, context, names), why: 'it is an argument of the forward half' }]
  })
}

function readIn(frame: Frame, { context, isOwn }: Made): readonly Value[] {
  const { kept, again } = frame.plan.sources
  const needed = readInReverse(frame.plan.plan)
  const items = placedItems(frame, context.fn.origin)
  return items.flatMap(({ item, origin }, i): readonly Value[] => {
    const name = item.kind === 'branch' ? undefined : declaredBy(item.source)
    if (name === undefined || !(needed.has(name) || kept.has(name) || again.has(name))) return []
    // Adjoints are not values of the program, but keeping a reference to one takes room.
    if (isAdjoint(name, context) && !kept.has(name)) return []
    const next = items[i + 1]
    const isUnplaced = item.source.origin === undefined && !context.variableOf.has(name)
    const isSaved = isUnplaced && next !== undefined && context.mustRestore(next.item.source) && overwritten(next.item.source) !== undefined
    // What the compiler names stands before the statement that it was a part of.
    const at = isUnplaced ? items.slice(i + 1).find((later) => later.item.source.origin !== undefined)?.origin : undefined
    const before = items.slice(0, i).findLast((earlier) => earlier.item.kind === 'leaf' && earlier.item.loop)?.item.source
    const isCount = !isOwn(context.variableOf.get(name) ?? name)
    return [{ name, item, origin: at ?? origin, isSaved, counts: isCount && before?.kind === 'loop' ? before : undefined }]
  })
}

function report(value: Value, frame: Frame, made: Made): ValueReport {
  const { name, item, origin } = value
  const { kept, again } = frame.plan.sources
  const where = { file: origin?.file ?? '', line: origin?.line ?? 0, ...subjectOf(value, frame, made) }
  if (kept.has(name)) {
    const storage = storageOf(name, item, frame, made)
    return {
      ...where,
      source: 'stored',
      from: null,
      storage,
      why: whyStored(value, frame, made),
    }
  }
  if (!again.has(name))
    return { ...where, source: 'in scope', from: null, storage: null, why: 'the reverse sweep follows in the same scope' }
  const repeated = (item.source as { readonly value: Expression }).value
  const stored = [...variablesIn(repeated)].filter((input) => kept.has(input) && made.names.madeUp.has(input))
  const inputs = stored.map((input) => quoted(describeExpression(variable(input), made.names)))
  const why = `that is cheaper than a tape${inputs.length > 0 ? `, with ${inputs.join(' and ')} stored` : ''}`
  return { ...where, source: 'computed again', from: describeExpression(repeated, made.names), storage: null, why }
}

function whyStored({ name, isSaved, counts }: Value, frame: Frame, made: Made): string {
  if (isSaved) return 'it is overwritten, and the reverse sweep puts it back'
  return counts ? 'only running the loop tells' : whyKept(name, frame, made)
}

const isAdjoint = (name: string, { bars, variableOf }: Context): boolean => bars.isDual(variableOf.get(name) ?? name)

function subjectOf(
  { name, origin, isSaved, counts }: Value,
  { loop }: Frame,
  { context, names }: Made,
): { readonly value: string; readonly when: string | null } {
  const line = origin === undefined ? '' : ` line ${String(origin.line)}`
  if (counts) {
    const what = counts.counter ? `the last ${quoted(names.shown(counts.counter.name))}` : 'the number of iterations'
    return { value: `${what} of the loop at${line}`, when: null }
  }
  if (isAdjoint(name, context)) return { value: variableBehind(name, names), when: null }
  if (context.variableOf.has(name)) {
    const value = variableBehind(name, names)
    return { value, when: loop && context.entered.has(name) ? 'as an iteration begins' : `after${line}` }
  }
  return { value: describeExpression(variable(name), names), when: isSaved ? `before${line} overwrites it` : null }
}

function storageOf(name: string, item: Item, { plan, loop, around }: Frame, { context, joined, names }: Made): Storage {
  const references = isReference(name, context)
  if (!loop && !joined) return residual(name, plan, context, names)
  const each = bytesOfValue(item.source, context)
  const bytesEach = formula(each, names)
  const tape = loop?.tapes.get(name)
  if (!loop || tape === undefined)
    return {
      kind: 'variable',
      name: names.shown(name),
      bytesEach,
      bytes: bytesEach,
      grows: false,
      holds: references ? 'reference' : 'value',
    }
  const grows = loop.way.kind !== 'sized'
  const bytes = bytesOfTape(each, loop, around, names)
  return { kind: 'tape', name: names.shown(tape), bytesEach, bytes, grows, holds: references ? 'reference' : 'value' }
}

function residual(name: string, { copied }: FramePlan, context: Context, names: Names): Storage {
  const isCopy = copied?.has(name) === true
  const bytes = formula(isCopy ? bytesOfCopy(name, context) : number(8), names)
  const holds = isCopy ? 'copy' : isReference(name, context) ? 'reference' : 'value'
  return { kind: 'residual', name, bytesEach: bytes, bytes, grows: false, holds }
}

function isReference(name: string, { scope }: Context): boolean {
  const { kind } = scope.typeOf(name)
  return kind !== 'number' && kind !== 'boolean'
}
