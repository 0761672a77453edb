/** Types of objects and maps whose keys are known at run time. */

import ts from '#typescript'
import { carriesDerivative as carries } from '../ir/shadow-type.ts'
import { maybeUndefined } from '../ir/missing.ts'
import type { Type } from '../ir/nodes.ts'
import { isMapped } from './properties.ts'
import { isFromLibrary, symbolOf, type TypeReader } from './types.ts'

/** A type with an index signature, or a map, whose values can carry a derivative. `read` gives the type of the values. */
export function keyed(reader: TypeReader, type: ts.Type, read: (value: ts.Type) => Type): Type | undefined {
  const { checker } = reader
  const symbol = symbolOf(type)
  const found = (storage: 'Map' | 'Record', key: ts.Type, value: ts.Type, readonly: boolean): Type | undefined => {
    const element = read(checker.getNonNullableType(value))
    if (!carries(element)) return undefined
    const text = checker.typeToString(key, undefined, ts.TypeFormatFlags.NoTruncation)
    return { kind: 'keyed', storage, key: text, element: maybeUndefined(element), ...(readonly && { readonly }) }
  }
  if (symbol && isFromLibrary(reader, symbol) && (symbol.name === 'Map' || symbol.name === 'ReadonlyMap')) {
    const [key, value] = checker.getTypeArguments(type as ts.TypeReference)
    return key && value && found('Map', key, value, symbol.name === 'ReadonlyMap')
  }
  if (symbol && isFromLibrary(reader, symbol) && !isMapped(type)) return undefined
  const [index, more] = checker.getIndexInfosOfType(type)
  if (!index || more || type.getCallSignatures().length > 0 || checker.getPropertiesOfType(type).length > 0) return undefined
  if (!(index.keyType.flags & (ts.TypeFlags.String | ts.TypeFlags.Number))) return undefined
  return found('Record', index.keyType, index.type, index.isReadonly)
}
