/** What a type hides from the IR. */

import ts from '#typescript'
import { carriesDerivative as carries } from '../ir/shadow-type.ts'
import { irType, isFromLibrary, symbolOf, type TypeReader } from './types.ts'

/**
 * The part of a type that has numbers where the IR sees none: a number that may be missing, a dictionary, a type that contains itself. A derivative
 * with respect to it would silently lack them.
 */
export function hiddenNumbers(reader: TypeReader, maybe: ts.Type, depth = 0): string | undefined {
  const { checker } = reader
  const read = irType(reader, maybe)
  const type = read.kind === 'opaque' ? maybe : checker.getNonNullableType(maybe)
  if (read.kind === 'opaque') return holdsNumbers(reader, type, 0) ? read.text : undefined
  if (depth > 8) return undefined
  if (read.kind === 'array') {
    const [part] = checker.getTypeArguments(type as ts.TypeReference)
    return read.storage === 'Array' && part ? hiddenNumbers(reader, part, depth + 1) : undefined
  }
  if (read.kind !== 'record') return undefined
  if (type.isUnion()) return firstHidden(reader, type.types, depth)
  const parts = read.tuple
    ? [...checker.getTypeArguments(type as ts.TypeReference)]
    : dataOf(checker, type).map((property) => checker.getTypeOfSymbol(property))
  return firstHidden(reader, parts, depth)
}

function firstHidden(reader: TypeReader, parts: readonly ts.Type[], depth: number): string | undefined {
  for (const part of parts) {
    const found = hiddenNumbers(reader, part, depth + 1)
    if (found !== undefined) return found
  }
  return undefined
}

const dataOf = (checker: ts.TypeChecker, type: ts.Type): readonly ts.Symbol[] =>
  checker.getPropertiesOfType(type).filter(({ flags }) => !(flags & (ts.SymbolFlags.Method | ts.SymbolFlags.Accessor)))

function holdsNumbers(reader: TypeReader, type: ts.Type, depth: number): boolean {
  const { checker } = reader
  if (type.flags & ts.TypeFlags.NumberLike) return true
  if (depth > 4 || type.getCallSignatures().length > 0) return false
  if (type.isUnionOrIntersection()) return type.types.some((part) => holdsNumbers(reader, part, depth))
  if (!(type.flags & ts.TypeFlags.Object)) return false
  const read = irType(reader, type)
  if (read.kind !== 'opaque') return carries(read)
  if (checker.isArrayType(type) || checker.isTupleType(type))
    return checker.getTypeArguments(type as ts.TypeReference).some((part) => holdsNumbers(reader, part, depth + 1))
  const symbol = symbolOf(type)
  if (symbol && isFromLibrary(reader, symbol) && !/^__(?:type|object)$/.test(symbol.name)) return false
  return (
    checker.getIndexInfosOfType(type).some((info) => holdsNumbers(reader, info.type, depth + 1)) ||
    dataOf(checker, type).some((property) => holdsNumbers(reader, checker.getTypeOfSymbol(property), depth + 1))
  )
}
