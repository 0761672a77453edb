/** From TypeScript's types to those of the IR. */

import ts from '#typescript'
import { namedRecord } from '../ir/named-type.ts'
import { carriesDerivative as carries } from '../ir/shadow-type.ts'
import { mergeRecords } from '../ir/merge-records.ts'
import { eitherMissing, maybeUndefined, missingOf, present, withMissing } from '../ir/missing.ts'
import type { ArrayType, Field, Missing, RecordType, Type } from '../ir/nodes.ts'
import { checkedType, textOfType } from './answers.ts'
import { fieldName, instancesOf, isHidden } from './classes.ts'
import type { ClassFamily } from './class-family.ts'
import { keyed } from './keyed-type.ts'
import { kindsOf } from './kinds-of.ts'
import { isJavaScript } from './commonjs.ts'
import type { EmittedNames } from './emitted-names.ts'
import { sourceProperties, sourceType } from './package-types.ts'
import { isMapped } from './properties.ts'

/** More classes than this are told apart by nobody. */
const MANY = 8

export const NUMBER: Type = { kind: 'number' }
export const BOOLEAN: Type = { kind: 'boolean' }
export const VOID: Type = { kind: 'void' }

const floats = new Set(['Float64Array', 'Float32Array'])
const integers = new Set(['Int8Array', 'Uint8Array', 'Uint8ClampedArray', 'Int16Array', 'Uint16Array', 'Int32Array', 'Uint32Array'])

export const isTypedArrayName = (name: string): boolean => floats.has(name) || integers.has(name)

export function arrayOf(storage: string, element: Type = NUMBER): ArrayType {
  return { kind: 'array', storage, element }
}

export function opaqueType(text: string): Type {
  return { kind: 'opaque', text }
}

export interface TypeReader {
  readonly checker: ts.TypeChecker
  readonly program: ts.Program
  readonly classes?: ClassFamily
  /** What classes are called in the derivative's file. */
  readonly names?: EmittedNames
  /** The types of nodes that were asked for before. */
  readonly typesRead?: WeakMap<ts.Node, Type>
}

/** Under `noUncheckedIndexedAccess` an element may be `undefined`; the author's `!` says it is not, and may have been peeled off before. */
export function typeOfNode(reader: TypeReader, node: ts.Node): Type {
  const known = reader.typesRead?.get(node)
  if (known) return known
  const type = isProductOfNumbers(reader, node) ? NUMBER : readType(reader, node)
  reader.typesRead?.set(node, type)
  return type
}

function readType(reader: TypeReader, node: ts.Node): Type {
  const type = checkedType(reader.checker, node)
  return irType(reader, isElement(node) ? reader.checker.getNonNullableType(type) : type)
}

/** Arithmetic of numbers: asking the type checker about it would have it look at all of the operands once more. */
function isProductOfNumbers(reader: TypeReader, node: ts.Node): boolean {
  if (ts.isParenthesizedExpression(node)) return isProductOfNumbers(reader, node.expression)
  if (!ts.isBinaryExpression(node) || !arithmetic.has(node.operatorToken.kind)) return false
  return [node.left, node.right].every((side) => typeOfNode(reader, side).kind === 'number')
}

const arithmetic: ReadonlySet<ts.SyntaxKind> = new Set([
  ts.SyntaxKind.PlusToken,
  ts.SyntaxKind.MinusToken,
  ts.SyntaxKind.AsteriskToken,
  ts.SyntaxKind.SlashToken,
  ts.SyntaxKind.PercentToken,
])

/** What a function gives, as it is declared or inferred. */
export function typeOfResult(reader: TypeReader, declaration: ts.SignatureDeclaration): Type {
  const signature = reader.checker.getSignatureFromDeclaration(declaration)
  return signature ? irType(reader, reader.checker.getReturnTypeOfSignature(signature)) : VOID
}

/** What reads an element of an array, if there is one. */
const isElement = (node: ts.Node): boolean =>
  ts.isElementAccessExpression(node) ||
  (ts.isCallExpression(node) && ts.isPropertyAccessExpression(node.expression) && /^(?:at|find|findLast)$/.test(node.expression.name.text))

/** A type around the one that is read, and whether it was met again within itself. */
interface Open {
  readonly type: ts.Type
  isMet: boolean
}

export function irType(reader: TypeReader, type: ts.Type, outer: readonly Open[] = []): Type {
  const { checker } = reader
  const opaque = (): Type => opaqueType(textOfType(checker, type))
  if (type.flags & ts.TypeFlags.NumberLike) return NUMBER
  if (type.flags & ts.TypeFlags.BooleanLike) return BOOLEAN
  if (type.flags & ts.TypeFlags.Void) return VOID
  if (type.isUnion()) {
    const maybe = maybeMissing(reader, type, outer)
    if (maybe) return maybe
    if (type.types.every((part) => part.flags & ts.TypeFlags.NumberLike)) return NUMBER
    if (type.types.every((part) => part.flags & ts.TypeFlags.BooleanLike)) return BOOLEAN
    return objects(reader, type, outer) ?? opaque()
  }
  if (type.flags & ts.TypeFlags.TypeParameter) {
    const constraint = checker.getBaseConstraintOfType(type)
    return constraint && !outer.some((open) => open.type === type)
      ? irType(reader, constraint, [...outer, { type, isMet: false }])
      : opaque()
  }
  if (!(type.flags & (ts.TypeFlags.Object | ts.TypeFlags.Intersection)) || outer.length > 8) return opaque()
  const source = sourceType(reader, type)
  if (source) return irType(reader, source, outer)
  const at = outer.findIndex((open) => open.type === type)
  const met = outer[at]
  // One without a name is read once more where the way back to it leads through one that has a name, and ends there.
  if (met && (hasName(type) || !outer.slice(at).some((open) => hasName(open.type)))) return again(reader, met, opaque)
  const own = { type, isMet: false }
  // Through an object, an array of the same type is no way back to itself.
  const inner = isList(reader, type) ? [...outer, own] : [...outer.filter((open) => !isList(reader, open.type)), own]
  const found =
    tuple(reader, type, inner) ??
    severalClasses(reader, type, inner) ??
    array(reader, type, inner) ??
    keyed(reader, type, (part) => irType(reader, part, inner)) ??
    record(reader, type, inner) ??
    opaque()
  return own.isMet && found.kind === 'record' ? namedRecord(nameOfType(reader, type), () => found.fields) : found
}

/** `T | undefined`, `T | null`: where the values of `T` are followed, so is that there may be none. */
function maybeMissing(reader: TypeReader, type: ts.UnionType, outer: readonly Open[]): Type | undefined {
  const ways = type.types.map(({ flags }) =>
    flags & ts.TypeFlags.Undefined ? ('undefined' as const) : flags & ts.TypeFlags.Null ? ('null' as const) : undefined,
  )
  const missing = ways.reduce<Missing | undefined>(eitherMissing, undefined)
  if (missing === undefined) return undefined
  const read = irType(reader, reader.checker.getNonNullableType(type), outer)
  return ['number', 'array', 'record', 'keyed'].includes(read.kind) ? withMissing(read, missing) : undefined
}

/** A union of objects. It may contain itself, as an expression does that is a number or a sum of expressions. */
function objects(reader: TypeReader, type: ts.UnionType, outer: readonly Open[]): Type | undefined {
  if (outer.length > 8 || !type.types.every((part) => part.flags & ts.TypeFlags.Object)) return undefined
  const met = outer.find((open) => isSameUnion(open.type, type))
  if (met) return again(reader, met, () => opaqueType(reader.checker.typeToString(type)))
  const own = { type, isMet: false }
  // One of them may hold nothing but its tag.
  const parts = type.types.map((part) => {
    const read = irType(reader, part, [...outer, own])
    return read.kind === 'opaque' ? (record(reader, part, [...outer, own], true) ?? read) : read
  })
  const merged = parts.every((part) => part.kind === 'record') && parts.some(holdsMore) ? mergeRecords(parts) : undefined
  return own.isMet && merged ? namedRecord(nameOfType(reader, type), () => merged.fields, { tagged: true }) : merged
}

/** What stands for the instances of all classes that a type may be of. */
function severalClasses(reader: TypeReader, type: ts.Type, outer: readonly Open[]): Type | undefined {
  const kinds = kindsOf(reader.classes, type)
  if (!kinds) return undefined
  // The whole scene of a package that draws hangs on the class of its nodes.
  if (kinds.length > MANY && kinds.some(isJavaScript)) return opaqueType(reader.checker.typeToString(type))
  const types = kinds.map(({ name }) => name && reader.checker.getDeclaredTypeOfSymbol(reader.checker.getSymbolAtLocation(name)!))
  const parts = types.map((one) => one && record(reader, one, outer, true))
  if (kinds.some(isJavaScript) && parts.some((part) => part?.kind === 'record' && part.class?.sealed))
    return opaqueType(reader.checker.typeToString(type))
  return parts.every((part) => part?.kind === 'record' && part.class !== undefined) ? mergeRecords(parts as RecordType[]) : undefined
}

/** What `new` makes: an instance of this class and no other. */
export function instanceType(reader: TypeReader, given: ts.Type): Type {
  const type = sourceType(reader, given) ?? given
  return record(reader, type, [{ type, isMet: false }], true) ?? irType(reader, type)
}

const holdsMore = (type: Type): boolean => type.kind === 'record' && type.fields.some((field) => field.type.kind !== 'opaque')

const isSameUnion = (a: ts.Type, b: ts.UnionType): boolean =>
  a === b || (a.isUnion() && a.types.length === b.types.length && a.types.every((part) => b.types.includes(part)))

const isList = ({ checker }: TypeReader, type: ts.Type): boolean => checker.isArrayType(type) || checker.isTupleType(type)

/** A type within itself: the same by its name, and read when somebody asks what it contains. */
function again(reader: TypeReader, met: Open, opaque: () => Type): Type {
  if (!hasName(met.type)) return opaque()
  met.isMet = true
  return namedRecord(nameOfType(reader, met.type), () => {
    const whole = irType(reader, met.type)
    return whole.kind === 'record' ? whole.fields : []
  })
}

const hasName = (type: ts.Type): boolean => type.isClassOrInterface() || type.aliasSymbol !== undefined

/** Unlike the author's own name for it, because emitted code declares the type anew where it needs it. */
function nameOfType({ checker }: TypeReader, type: ts.Type): string {
  return `${checker.typeToString(type).replace(/\W+/g, '_')}_Shape`
}

function tuple(reader: TypeReader, type: ts.Type, outer: readonly Open[]): Type | undefined {
  const { checker } = reader
  if (!checker.isTupleType(type)) return undefined
  const target = (type as ts.TupleTypeReference).target
  if (target.elementFlags.some((flag) => flag !== ts.ElementFlags.Required)) return undefined
  const fields = checker
    .getTypeArguments(type as ts.TypeReference)
    .map((part, index) => ({ name: String(index), type: irType(reader, part, outer) }))
  return { kind: 'record', tuple: true, fields, ...(target.readonly && { readonly: true }) }
}

/** TypeScript declares every type to have a symbol; those of numbers and the like have none. */
export function symbolOf(type: ts.Type): ts.Symbol | undefined {
  return type.symbol
}

function array(reader: TypeReader, type: ts.Type, outer: readonly Open[]): Type | undefined {
  const symbol = symbolOf(type)
  if (!symbol || !isFromLibrary(reader, symbol)) return undefined
  const { name } = symbol
  // Another thread may write it at any time.
  if (isTypedArrayName(name)) return isShared(reader, type) ? undefined : arrayOf(name)
  if (name !== 'Array' && name !== 'ReadonlyArray') return undefined
  const [part] = reader.checker.getTypeArguments(type as ts.TypeReference)
  const element = part && irType(reader, part, outer)
  if (!element || element.kind === 'opaque' || element.kind === 'void') return undefined
  return { ...arrayOf('Array', element), ...(name === 'ReadonlyArray' && { readonly: true }) }
}

/** `Float64Array<SharedArrayBuffer>`. */
const isShared = ({ checker }: TypeReader, type: ts.Type): boolean =>
  checker.getTypeArguments(type as ts.TypeReference).some((buffer) => symbolOf(buffer)?.name === 'SharedArrayBuffer')

/** An object with all its data fields, `Partial` and the like of the library too. Methods are no data; what has an index or call signature is no record. */
function record(reader: TypeReader, type: ts.Type, outer: readonly Open[], mayBeInert = false): Type | undefined {
  const { checker } = reader
  if (type.getCallSignatures().length > 0 || type.getConstructSignatures().length > 0 || checker.getIndexInfosOfType(type).length > 0)
    return undefined
  const symbol = symbolOf(type)
  if (symbol && isFromLibrary(reader, symbol) && !isMapped(type)) return undefined
  const fields: Field[] = []
  let isOfSeveral = false
  for (const { property, said, isConcealed } of sourceProperties(reader, type)) {
    if (property.flags & (ts.SymbolFlags.Method | ts.SymbolFlags.Accessor)) continue
    if (isFromLibrary(reader, property)) return undefined
    if (property.flags & ts.SymbolFlags.Prototype) continue
    // So emitted code declares what may be an instance of several classes; which it is has been asked there.
    if (property.name === 'constructor') {
      isOfSeveral = true
      continue
    }
    const optional = (property.flags & ts.SymbolFlags.Optional) !== 0
    const read = irType(reader, checker.getTypeOfSymbol(property), outer)
    // What is written of types in JavaScript is a comment; where it says nothing, the declarations do.
    const type = said && read.kind === 'opaque' ? irType(reader, checker.getTypeOfSymbol(said), outer) : read
    const part = { name: fieldName(property), type: optional ? maybeUndefined(type) : type, ...(optional && { optional }) }
    fields.push(isConcealed ? { ...part, hidden: true, concealed: true } : isHidden(said ?? property) ? { ...part, hidden: true } : part)
  }
  if (!mayBeInert && !isOfSeveral && !fields.some((field) => field.type.kind !== 'opaque')) return undefined
  const made = instancesOf(reader, type, fields)
  // What a package keeps to itself is no part of what it gives away.
  if (made?.sealed && !mayBeInert && outer.length > 1 && isOfJavaScript(type)) return undefined
  return { kind: 'record', tuple: false, fields, ...(made && { class: made }), ...(isOfSeveral && { tagged: true, classes: [] }) }
}

const isOfJavaScript = (type: ts.Type): boolean => symbolOf(type)?.declarations?.some(isJavaScript) ?? false

export function isFromLibrary(reader: TypeReader, symbol: ts.Symbol): boolean {
  // Any declaration: `@types/node` adds to the interfaces of the library's arrays.
  return symbol.declarations?.some((declaration) => reader.program.isSourceFileDefaultLibrary(declaration.getSourceFile())) ?? false
}

export { carries }

/** The type as the user would recognise it, for messages. */
export function describe(type: Type): string {
  const missing = missingOf(type)
  return describePresent(type) + (missing === undefined ? '' : missing === 'nullish' ? ' | null | undefined' : ` | ${missing}`)
}

function describePresent(type: Type): string {
  switch (type.kind) {
    case 'array':
      return type.storage === 'Array' ? `${type.readonly ? 'readonly ' : ''}${describe(type.element)}[]` : type.storage
    case 'record': {
      if (type.name !== undefined) return type.name
      if (type.class) return type.class.name
      if (type.tuple) return `[${type.fields.map((field) => describe(field.type)).join(', ')}]`
      return `{ ${type.fields.map((field) => `${field.name}: ${describe(field.type)}`).join('; ')} }`
    }
    case 'keyed':
      return `${type.storage}<${type.key}, ${describe(present(type.element))}>`
    case 'opaque':
      return type.text
    default:
      return type.kind
  }
}
