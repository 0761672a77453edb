/**
 * Gives every active reference a shadow: storage of the same shape that holds adjoints (or tangents), reached by the same references.
 * After this pass `x_bar` follows `x` through assignments, views, elements and fields, so aliases in the primal are aliases in the shadow.
 *
 * Needs: activity. Promises: where the primal holds a reference to active storage, the shadow holds the matching one.
 */

import type { Activity } from '../2-analyze/activity.ts'
import { carriesDerivative } from '../2-analyze/activity.ts'
import { isStorage } from '../2-analyze/regions.ts'
import { declare, element, length, number, variable } from '../ir/build.ts'
import { hooked, isHook } from '../ir/hook.ts'
import { InternalError } from '../ir/internal-error.ts'
import type { Creation, Expression, Statement, Type } from '../ir/nodes.ts'
import type { Scope } from '../ir/scope.ts'
import { isMissingValue, missing, missingOf, missingText, present } from '../ir/missing.ts'
import { shadowRecordType, shadowType } from '../ir/shadow-type.ts'
import { typeOf } from '../ir/types.ts'
import { mapBlocksOf } from '../ir/walk.ts'

/** The names of shadows and adjoints (`x_bar`) or tangents (`x_dot`). One is made when first asked for. */
export class Duals {
  readonly #names: Map<string, string>
  readonly #scope: Scope
  readonly #suffix: string

  constructor(scope: Scope, suffix: '_bar' | `_dot${number | ''}`, known: ReadonlyMap<string, string> = new Map()) {
    this.#names = new Map(known)
    this.#scope = scope
    this.#suffix = suffix
  }

  entries(): ReadonlyMap<string, string> {
    return this.#names
  }

  of(name: string): string {
    const known = this.#names.get(name)
    if (known !== undefined) return known
    const type = this.#scope.typeOf(name)
    const dual = this.#scope.fresh(name + this.#suffix, shadowType(type), this.#scope.isMutable(name) || type.kind === 'number')
    this.#names.set(name, dual)
    return dual
  }

  /** Takes an existing variable as the dual of another. */
  set(name: string, dual: string): void {
    this.#names.set(name, dual)
  }

  has(name: string): boolean {
    return this.#names.has(name)
  }

  /** The variable whose dual this is. */
  primalOf(dual: string): string | undefined {
    for (const [name, known] of this.#names) if (known === dual) return name
    return undefined
  }

  /** Whether a variable is the dual of another. */
  isDual(name: string): boolean {
    return [...this.#names.values()].includes(name)
  }
}

export { shadowRecordType, shadowType } from '../ir/shadow-type.ts'

/** The shadow of what a reference refers to. */
export function shadowOf(reference: Expression, duals: Duals): Expression {
  switch (reference.kind) {
    case 'variable':
      return variable(duals.of(reference.name))
    case 'element':
      return { ...reference, array: shadowOf(reference.array, duals) }
    case 'field':
      return { ...reference, record: shadowOf(reference.record, duals) }
    case 'view':
    case 'slice':
    case 'convert':
      return { ...reference, array: shadowOf(reference.array, duals) }
    case 'operation': {
      const [test, ...rest] = reference.operands
      if (reference.operator === 'select') return { ...reference, operands: [test!, ...rest.map((operand) => shadowOf(operand, duals))] }
      return shadowOf(isHook(reference) ? hooked(reference) : test!, duals)
    }
    default:
      // Where there is nothing, there is no shadow either.
      if (reference.kind === 'opaque' && isMissingValue(reference)) return missing(shadowType(reference.type), missingText(reference))
      throw new Error(`no shadow for ${reference.kind}`)
  }
}

export function insertShadows(block: readonly Statement[], scope: Scope, activity: Activity, duals: Duals): readonly Statement[] {
  return block.flatMap((statement) => {
    const inner = mapBlocksOf(statement, (nested) => insertShadows(nested, scope, activity, duals))
    // The length that a shadow is cut to is computed from the array as it was.
    if (inner.kind === 'truncate') return [...shadowStatements(inner, scope, activity, duals), inner]
    return [inner, ...shadowStatements(inner, scope, activity, duals)]
  })
}

function shadowStatements(statement: Statement, scope: Scope, activity: Activity, duals: Duals): readonly Statement[] {
  if (statement.kind === 'declare' && isStorage(scope.typeOf(statement.name)) && activity.isActiveVariable(statement.name)) {
    const shadow = duals.of(statement.name)
    return [
      declare(
        shadow,
        statement.value && shadowValue(statement.value, variable(statement.name), scope.typeOf(statement.name), duals, activity),
      ),
    ]
  }
  if ((statement.kind === 'push' || statement.kind === 'truncate') && activity.isActive(element(statement.array, number(0)))) {
    const array = shadowOf(statement.array, duals)
    if (statement.kind === 'truncate') return [{ ...statement, array }]
    return [
      { ...statement, array, value: isStorage(typeOf(statement.value, scope.variables)) ? shadowOf(statement.value, duals) : number(0) },
    ]
  }
  // What refers to a shadow that moves would be left behind: such tapes have become arrays that grow in place.
  if (statement.kind === 'reserve' && activity.isActiveStorage(statement.tape))
    throw new InternalError(`The tape ${statement.tape} grows in a way that can not be differentiated in turn.`)
  if (statement.kind === 'assign' && activity.isActive(statement.target) && isReferenceTarget(statement.target, scope)) {
    const target =
      statement.target.kind === 'variable'
        ? variable(duals.of(statement.target.name))
        : (shadowOf(statement.target, duals) as typeof statement.target)
    const type = scope.typeOf(duals.of(rootOf(statement.target)))
    return [
      { kind: 'assign', target, value: shadowValue(statement.value, statement.target, typeBelow(type, statement.target), duals, activity) },
    ]
  }
  return []
}

function isReferenceTarget(target: Expression, scope: Scope): boolean {
  return isStorage(typeBelow(scope.typeOf(rootOf(target)), target))
}

export function rootOf(place: Expression): string {
  if (place.kind === 'variable') return place.name
  if (place.kind === 'element') return rootOf(place.array)
  if (place.kind === 'field') return rootOf(place.record)
  throw new Error(`no variable under ${place.kind}`)
}

function typeBelow(root: Type, place: Expression): Type {
  if (place.kind === 'variable') return root
  const base = typeBelow(root, place.kind === 'element' ? place.array : (place as Expression & { kind: 'field' }).record)
  if (place.kind === 'element' && (base.kind === 'array' || base.kind === 'keyed')) return base.element
  if (place.kind === 'field' && base.kind === 'record') return base.fields.find(({ name }) => name === place.name)?.type ?? { kind: 'void' }
  return { kind: 'void' }
}

/** New storage starts with zeros; references in it refer to the shadows of what the primal refers to. */
function shadowValue(value: Expression, place: Expression, type: Type, duals: Duals, activity: Activity): Expression {
  switch (value.kind) {
    case 'zeros':
      // Of the same length, by the same expression, so that the shadow can be made without the primal at hand.
      return { kind: 'zeros', type: value.type, length: value.length }
    case 'slice':
    case 'convert':
      return type.kind === 'array' && isStorage(type.element) ? shadowOf(value, duals) : zerosFor(place, type)
    case 'list':
      if (value.elements.length === 0 && value.type.storage === 'Array')
        return { ...value, type: shadowType(value.type) as typeof value.type }
      return value.elements.length > 0 && isStorage(partType(value))
        ? {
            ...value,
            type: shadowType(value.type) as typeof value.type,
            elements: value.elements.map((part) => shadowPart(part, partType(value), duals, activity)),
          }
        : zerosFor(place, type)
    case 'keyed':
      return { ...value, type: shadowType(value.type) as typeof value.type }
    case 'record':
      return shadowRecord(value, duals, activity)
    case 'zerosLike':
      return { kind: 'zerosLike', value: place }
    case 'variable':
    case 'element':
    case 'field':
      // An object without numbers, where others have some, has a shadow that nothing is added to.
      return activity.isActive(value) ? shadowOf(value, duals) : { kind: 'zerosLike', value }
    default:
      return shadowOf(value, duals)
  }
}

/** The adjoint of a new array of numbers has no gaps, whatever the array has: they may be filled. */
function zerosFor(place: Expression, type: Type): Expression {
  if (type.kind !== 'array' || (missingOf(type) ?? missingOf(type.element)) === undefined) return { kind: 'zerosLike', value: place }
  return { kind: 'zeros', type: present(type), length: length(place) }
}

const partType = (list: Creation & { kind: 'list' }): Type => list.type.element

function shadowRecord(value: Creation & { kind: 'record' }, duals: Duals, activity: Activity): Expression {
  const values = value.type.fields.flatMap((field, i) =>
    carriesDerivative(field.type) ? [shadowPart(value.values[i]!, field.type, duals, activity)] : [],
  )
  return { kind: 'record', type: shadowRecordType(value.type), values }
}

function shadowPart(part: Expression, type: Type, duals: Duals, activity: Activity): Expression {
  if (!isStorage(type)) return number(0)
  if (part.kind === 'record') return shadowRecord(part, duals, activity)
  if (part.kind === 'list' && isStorage(part.type.element)) {
    return {
      ...part,
      type: shadowType(part.type) as typeof part.type,
      elements: part.elements.map((inner) => shadowPart(inner, part.type.element, duals, activity)),
    }
  }
  if (part.kind === 'list') return { ...part, elements: part.elements.map(() => number(0)) }
  if (part.kind === 'zeros') return part
  if (isMissingValue(part)) return shadowOf(part, duals)
  // Storage that is made in place and never named has no shadow to refer to.
  return activity.isActive(part) ? shadowOf(part, duals) : { kind: 'zerosLike', value: part }
}
