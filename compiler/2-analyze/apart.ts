/**
 * Which arguments of a function must not share memory while its derivative runs. Shadows follow the parameters, and what is computed again is taken to be
 * as it was: both are wrong where a write through one parameter shows in another. Callers can do that, so the emitted code asks at its entry.
 *
 * Needs: regions and writes. Promises: where everything given as `written` is apart from all else that is given, no write shows under another name.
 */

import { missingOf, present } from '../ir/missing.ts'
import type { Expression, FunctionNode, Type } from '../ir/nodes.ts'
import { expressionsOf, variablesMentioned, visitExpression, visitStatements } from '../ir/walk.ts'
import { findRegions, isStorage, type Region, type Regions, type SummaryOf } from './regions.ts'
import { takesResiduals } from './tie-regions.ts'
import { findWrites, type Writes } from './writes.ts'

/** One piece of storage that is given to a function, or, with `[i]` in its name, a list of them. */
export interface Given {
  /** As the author would call it: `x`, `body.mass`, `rows[i]`. */
  readonly name: string
  /** Gives the storage, or the list. */
  readonly value: Expression
  readonly written: boolean
  /** Pieces of different kinds are never the same. */
  readonly kind: 'typed' | 'numbers' | 'references' | 'record'
}

/** What a parameter is called, and what stands for it where the check is made. */
export interface Root {
  readonly name: string
  readonly value: Expression
}

/** Everything that the function is given and mentions, written or not. */
export function findGiven(fn: FunctionNode, summaryOf: SummaryOf, rootOf: (parameter: string) => Root = itself): readonly Given[] {
  // There all that could be the same is taken to be.
  if (takesResiduals(fn) || fn.meetings) return []
  const regions = findRegions(fn, summaryOf)
  const writes = findWrites(fn, regions, summaryOf)
  const mentioned = variablesMentioned(fn.body)
  const given = fn.parameters.flatMap((parameter) => {
    if (!mentioned.has(parameter.name)) return []
    const { name, value } = rootOf(parameter.name)
    const region = regions.ofVariable(parameter.name)
    return pieces({ name, parts: [value], isList: false, region, type: fn.variables[parameter.name]!.type }, regions, writes)
  })
  return [...given, ...capturedArrays(fn)]
}

const itself = (name: string): Root => ({ name, value: { kind: 'variable', name } })

/** Whether any two of these could be in each other's way. */
export function canMeet(given: readonly Given[]): boolean {
  return given.some((one, i) => one.written && (isList(one) || given.some((other, j) => i !== j && other.kind === one.kind)))
}

/** What nothing written could be the same as need not be asked about. */
export function relevant(given: readonly Given[]): readonly Given[] {
  return given.filter((one, i) =>
    given.some((other, j) => (other.written || one.written) && other.kind === one.kind && (i !== j || isList(one))),
  )
}

const isList = ({ name }: Given): boolean => name.includes('[i]')

interface Place {
  readonly name: string
  readonly parts: readonly (string | Expression)[]
  readonly isList: boolean
  readonly region: Region
  readonly type: Type
  /** The named types around, which are not entered again. */
  readonly above?: readonly string[]
}

/** A place and the storage that it refers to in turn. */
function pieces(place: Place, regions: Regions, writes: Writes): readonly Given[] {
  const { type, region, name } = place
  const value = valueOf(place)
  if (type.kind === 'array') {
    const isNested = isStorage(type.element)
    const elements = regions.child(region, '[]')
    const kind = isNested ? 'references' : type.storage === 'Array' ? 'numbers' : 'typed'
    const own: Given = { name, value, written: writes.isWritten(elements), kind }
    if (!isNested) return [own]
    const parts = place.isList ? [...place.parts, '.flat()'] : place.parts
    return [own, ...pieces({ ...place, name: `${name}[i]`, parts, isList: true, region: elements, type: type.element }, regions, writes)]
  }
  if (type.kind === 'keyed') {
    const elements = regions.child(region, '[]')
    const own: Given = { name, value, written: writes.isWritten(elements), kind: isStorage(type.element) ? 'references' : 'numbers' }
    if (!isStorage(type.element)) return [own]
    const isMap = type.storage === 'Map'
    const each = isMap ? '.flatMap((part) => [...part.values()])' : '.flatMap((part) => Object.values(part))'
    const parts = place.isList
      ? [...place.parts, each]
      : isMap
        ? ['[...', ...place.parts, '.values()]']
        : ['Object.values(', ...place.parts, ')']
    return [
      own,
      ...pieces({ ...place, name: `${name}[i]`, parts, isList: true, region: elements, type: present(type.element) }, regions, writes),
    ]
  }
  const { above = [] } = place
  if (type.kind !== 'record' || (type.name !== undefined && above.includes(type.name))) return []
  const written = type.fields.some((field) => writes.isWritten(regions.child(region, field.name)))
  const fields = type.fields.flatMap((field) => {
    const isPlain = !type.tuple && /^[A-Za-z_$][\w$]*$/.test(field.name)
    const bracket = type.tuple ? `[${field.name}]` : `[${JSON.stringify(field.name)}]`
    // Of an object that is missing, so is each field.
    const link = missingOf(type) === undefined ? '' : '?.'
    const access = link === '' ? (isPlain ? `.${field.name}` : bracket) : link + (isPlain ? field.name : bracket)
    const parts = [...place.parts, place.isList ? `.map((part) => part${access})` : access]
    return pieces(
      {
        name: name + (isPlain ? `.${field.name}` : bracket),
        parts,
        isList: place.isList,
        region: regions.child(region, field.name),
        type: field.type,
        above: type.name === undefined ? above : [...above, type.name],
      },
      regions,
      writes,
    )
  })
  return [{ name, value, written, kind: 'record' }, ...fields]
}

function valueOf({ parts, type, isList }: Place): Expression {
  const [only] = parts
  if (parts.length === 1 && typeof only === 'object') return only
  const whole: Type = isList ? { kind: 'array', storage: 'Array', element: type } : type
  return { kind: 'opaque', parts, type: whole, effects: false }
}

/** Arrays of the file that the function mentions by name. A caller could give it one of them. */
function capturedArrays(fn: FunctionNode): readonly Given[] {
  const found = new Map<string, Given>()
  visitStatements(fn.body, (statement) => {
    for (const expression of expressionsOf(statement))
      visitExpression(expression, (node) => {
        if (node.kind !== 'opaque' || node.type.kind !== 'array' || isStorage(node.type.element)) return
        const [name] = node.parts
        if (node.parts.length !== 1 || typeof name !== 'string' || !/^[A-Za-z_$][\w$]*$/.test(name)) return
        found.set(name, { name, value: node, written: false, kind: node.type.storage === 'Array' ? 'numbers' : 'typed' })
      })
  })
  return [...found.values()]
}
