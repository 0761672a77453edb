/**
 * What passes from a forward half to its backward half, as plain data.
 *
 * A pullback may be called at any time and any number of times. So what its caller can change in between is copied when it is kept, and what the
 * backward half changes (adjoints, elements that it restores) is copied for each call. One flat array is copied by `slice`; several references
 * that may lead to the same storage are copied together, so that they still do.
 */

import { isStorage, RESULT, type Region } from '../2-analyze/regions.ts'
import { declare, field, variable } from '../ir/build.ts'
import { isNamed } from '../ir/named-type.ts'
import type { Expression, Meetings, Path, RecordType, Statement, Type } from '../ir/nodes.ts'
import type { Context } from './context.ts'
import { outsideNames } from './name-outside.ts'
import { Refusal } from './refusal.ts'

export function residualsOf(names: readonly string[], { scope }: Context): RecordType {
  return { kind: 'record', tuple: false, fields: names.map((name) => ({ name, type: scope.typeOf(name) })) }
}

/** How much must be copied where. */
export interface Copies {
  /** What the caller can change. */
  readonly kept: ReadonlySet<string>
  /** What the backward half changes. */
  readonly taken: ReadonlySet<string>
  /** Whether references may lead to the same storage, so that they must be copied together. */
  readonly together: boolean
}

export const NO_COPIES: Copies = { kept: new Set(), taken: new Set(), together: false }

/**
 * Needs: regions and writes of the frame. Promises: with these copies the caller's storage and the residuals never meet. `atOnce`: the caller changes none
 * before the last backward half has run, which itself changes copies only.
 */
export function findCopies(names: readonly string[], restores: ReadonlySet<Statement>, context: Context, atOnce = false): Copies {
  const { regions, scope, fn } = context
  const references = names.filter((name) => isStorage(scope.typeOf(name)))
  const exposed = new Set<Region>()
  const parameters = atOnce ? [] : fn.parameters
  for (const { name } of parameters) if (isStorage(scope.typeOf(name))) regions.reachable(regions.ofVariable(name), exposed)
  if (isStorage(fn.result) && !atOnce) regions.reachable(regions.ofVariable(RESULT), exposed)
  for (const region of regions.outside()) exposed.add(region)
  return copiesOf(references, exposed, restores, context)
}

/** For a backward half that runs before its caller goes on: copies of what lies around the function, and is nobody's to be put back as it was. */
export function copiesOutside(names: readonly string[], context: Context): Copies {
  const { regions, scope, fn } = context
  const references = names.filter((name) => isStorage(scope.typeOf(name)))
  const outside = regions.outside()
  const leadsOutside = (name: string): boolean => [...regions.reachable(regions.ofVariable(name))].some((region) => outside.has(region))
  if (!references.some(leadsOutside)) return NO_COPIES
  // The caller's own storage is undone in place, and can't be a copy.
  const given = fn.parameters.find(({ name }) => isStorage(scope.typeOf(name)) && leadsOutside(name))
  if (given) throw new Refusal('CT2003', fn.origin, { first: given.name, second: outsideNames(fn.body)[0]?.name ?? given.name })
  const kept = new Set(references.filter(leadsOutside))
  return { kept, taken: new Set(), together: kept.size > 1 || references.some((name) => kept.has(name) && !isFlat(scope.typeOf(name))) }
}

function copiesOf(references: readonly string[], exposed: ReadonlySet<Region>, restores: ReadonlySet<Statement>, context: Context): Copies {
  const { regions, scope } = context
  const undone = new Set([...restores].flatMap((statement) => context.writes.by(statement)))
  const leadsTo = (name: string, some: ReadonlySet<Region>): boolean =>
    [...regions.reachable(regions.ofVariable(name))].some((region) => some.has(region))
  // A tape may be all that leads to the shadows of what is made in each iteration.
  const shadows = new Set<Region>()
  for (const dual of context.bars.entries().values())
    if (isStorage(scope.typeOf(dual))) regions.reachable(regions.ofVariable(dual), shadows)
  const isShadow = (name: string): boolean => context.bars.isDual(context.variableOf.get(name) ?? name) || leadsTo(name, shadows)
  // A callee's residuals may refer to anything.
  const isOpen = (name: string): boolean => holdsResiduals(scope.typeOf(name))
  const kept = new Set(references.filter((name) => isOpen(name) || (!isShadow(name) && leadsTo(name, exposed))))
  const taken = new Set(references.filter((name) => isOpen(name) || isShadow(name) || leadsTo(name, undone)))
  const copied = references.filter((name) => kept.has(name) || taken.has(name))
  const meets = (a: string, b: string): boolean => leadsTo(a, regions.reachable(regions.ofVariable(b)))
  const together = copied.some((name) => !isFlat(scope.typeOf(name)) || references.some((other) => other !== name && meets(name, other)))
  return { kept, taken, together }
}

const isFlat = (type: Type): boolean =>
  type.kind === 'array' && type.missing === undefined && !isStorage(type.element) && type.element.kind !== 'opaque'

const holdsResiduals = (type: Type): boolean =>
  isNamed(type) ||
  (type.kind === 'record' && type.fields.some((field) => holdsResiduals(field.type))) ||
  ((type.kind === 'array' || type.kind === 'keyed') && holdsResiduals(type.element))

/** The record of residuals, at the end of the forward half. */
export function keptRecord(type: RecordType, copies: Copies, inForward: (name: string) => Expression): Expression {
  const value = (name: string): Expression => inForward(name)
  if (copies.together && copies.kept.size > 0) return copiedTogether(type, copies, (name) => value(name))
  return {
    kind: 'record',
    type,
    values: type.fields.map(({ name }) => (copies.kept.has(name) ? { kind: 'slice', array: value(name) } : value(name))),
  }
}

/** What brings the residuals back, at the head of the backward half. */
export function takeResiduals(
  type: RecordType,
  kept: string,
  copies: Copies,
  fresh: (base: string, type: Type) => string,
): readonly Statement[] {
  const place = (name: string): Expression => field(variable(kept), name)
  if (!copies.together || copies.taken.size === 0)
    return type.fields.map(({ name }) => declare(name, copies.taken.has(name) ? { kind: 'slice', array: place(name) } : place(name)))
  const record = copiedTogether(type, copies, place)
  const taken = fresh('taken', type)
  return [declare(taken, record), ...type.fields.map(({ name }) => declare(name, field(variable(taken), name)))]
}

/** All references at once; what is no storage is left as it is. */
function copiedTogether(type: RecordType, copies: Copies, value: (name: string) => Expression): Expression {
  const isCopied = (name: string, type: Type): boolean => isStorage(type) || copies.kept.has(name) || copies.taken.has(name)
  const [copied, rest] = [type.fields.filter((f) => isCopied(f.name, f.type)), type.fields.filter((f) => !isCopied(f.name, f.type))]
  const entry = ({ name }: { name: string }): (string | Expression)[] => [`${name}: `, value(name), ', ']
  return {
    kind: 'opaque',
    parts: ['{ ...cotangent#copyOf({ ', ...copied.flatMap(entry), '}), ', ...rest.flatMap(entry), '}'],
    type,
    effects: true,
  }
}

/** What a backward half finds under several names: residuals, by the fields of its first parameter, and the shadows among its other ones. */
export function meetingsOf(residuals: readonly string[], parameters: readonly string[], { regions, scope }: Context): Meetings {
  const pathOf = new Map<string, Path>([
    ...residuals.map((name): [string, Path] => [name, { root: '0', keys: [name] }]),
    ...parameters.map((name, i): [string, Path] => [name, { root: String(i + 1), keys: [] }]),
  ])
  const roots = [...pathOf.keys()].flatMap((name) => {
    const type = scope.typeOf(name)
    return isStorage(type) ? [{ root: name, name, type }] : []
  })
  return regions.meetings(roots).map((paths) =>
    paths.map(({ root, keys }) => {
      const start = pathOf.get(root)!
      return { root: start.root, keys: [...start.keys, ...keys] }
    }),
  )
}
