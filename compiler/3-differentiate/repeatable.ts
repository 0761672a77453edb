/** Whether a value can be computed again in the reverse sweep, and what stands in the way where it can not. */

import { LENGTH, type Region } from '../2-analyze/regions.ts'
import type { Expression, Statement } from '../ir/nodes.ts'
import { isClassTest } from '../ir/class-test.ts'
import { costOf } from '../ir/operators.ts'
import { visitExpression } from '../ir/walk.ts'
import type { Context } from './context.ts'

/** A value that a frame declares. */
export interface Definition {
  readonly name: string
  readonly source: Statement
  readonly top: boolean
  readonly position: number
}

/** Why a value is not computed again. */
export type Obstacle =
  /** It was given to the function. */
  | { readonly kind: 'given' }
  /** It is what a call gave. */
  | { readonly kind: 'call' }
  /** It is one of the values that a variable takes. */
  | { readonly kind: 'changes' }
  /** It is new storage, which is not the same when it is made again. */
  | { readonly kind: 'creation' }
  /** It is text that is kept as it is, and runs once. */
  | { readonly kind: 'text' }
  /** Doing this again costs more than reading the result from a tape. */
  | { readonly kind: 'dear'; readonly operator: string }
  /** Something may be written here before the reverse sweep comes to it. */
  | { readonly kind: 'written'; readonly place: Expression }

/** The expression that gives the value again at the head of the reversed block, if there is one that is cheap enough. */
export function repeatable(
  { name, source, position }: Definition,
  writtenAfter: (region: Region, position: number) => boolean,
  context: Context,
  early: ReadonlySet<string>,
): { readonly value: Expression } | { readonly obstacle: Obstacle } {
  if (source.kind !== 'declare') return { obstacle: { kind: 'call' } }
  if (!source.value || context.scope.isMutable(name) || context.variableOf.has(name)) return { obstacle: { kind: 'changes' } }
  const { value } = source
  if (isCreation(value) && (!isShadow(name, context) || early.has(name))) return { obstacle: { kind: 'creation' } }
  let obstacle: Obstacle | undefined
  visitExpression(value, (node) => (obstacle ??= obstacleIn(node, writtenAfter, position, context)))
  return obstacle ? { obstacle } : { value }
}

function obstacleIn(
  node: Expression,
  writtenAfter: (region: Region, position: number) => boolean,
  position: number,
  context: Context,
): Obstacle | undefined {
  if (node.kind === 'opaque') return node.fixed || (isClassTest(node) && !context.isApart) ? undefined : { kind: 'text' }
  if (node.kind === 'operation') return costOf(node) === 'cheap' ? undefined : { kind: 'dear', operator: node.operator }
  const written: Obstacle = { kind: 'written', place: node }
  if (node.kind === 'length') {
    const array = context.regions.of(node.array)
    return array !== undefined && writtenAfter(context.regions.child(array, LENGTH), position) ? written : undefined
  }
  if (node.kind !== 'element' && node.kind !== 'field') return undefined
  const region = context.regions.of(node)
  return region === undefined || writtenAfter(region, position) ? written : undefined
}

/** New storage, which is not the same when it is made again; for an adjoint that starts at zero that makes no difference. */
export function isCreation(value: Expression): boolean {
  return ['zeros', 'list', 'keyed', 'record', 'slice', 'convert', 'zerosLike'].includes(value.kind)
}

export const isShadow = (name: string, context: Context): boolean => context.bars.isDual(name)
