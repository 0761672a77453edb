/** The two types of a class of a package: the one that its declarations say, and the one of the source that runs. */

import ts from '#typescript'
import type { TypeReader } from './types.ts'

/** The type of the source, of one that is declared. */
export function sourceType({ checker, classes }: TypeReader, type: ts.Type): ts.Type | undefined {
  const symbol = type.symbol as ts.Symbol | undefined
  const source = symbol && isInstance(type) ? classes?.ofPackages.sourceOf(symbol) : undefined
  return source && checker.getDeclaredTypeOfSymbol(source)
}

/** The declared type, of one of the source. */
export function declaredType({ checker, classes }: TypeReader, type: ts.Type): ts.Type | undefined {
  const symbol = type.symbol as ts.Symbol | undefined
  const declared = symbol && isInstance(type) ? classes?.ofPackages.declaredOf(symbol) : undefined
  return declared && checker.getDeclaredTypeOfSymbol(declared)
}

/** And not the class itself, which has the same symbol. */
const isInstance = (type: ts.Type): boolean =>
  (type.symbol.flags & ts.SymbolFlags.Class) !== 0 && type.getConstructSignatures().length === 0
