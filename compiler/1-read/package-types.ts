/** The two types of a class of a package: the one that its declarations say, and the one of the source that runs. */

import ts from '#typescript'
import { propertiesOf } from './properties.ts'
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

/** A property of the source, and what the declarations say of it. */
export interface Property {
  readonly property: ts.Symbol
  readonly said?: ts.Symbol | undefined
  /** There are declarations, and they do not say that there is such a field. */
  readonly isConcealed: boolean
}

/** The properties of a type, those that it has of a class of a package as the source has them. */
export function sourceProperties(reader: TypeReader, type: ts.Type): readonly Property[] {
  const { checker } = reader
  const declared = declaredType(reader, type)
  const within = (source: ts.Type, of: ts.Type): readonly Property[] =>
    propertiesOf(checker, source).map((property) => {
      const said = checker.getPropertyOfType(of, property.name)
      return { property, said, isConcealed: !said || (said.flags & ts.SymbolFlags.Property) === 0 }
    })
  if (declared) return within(type, declared)
  const seen = new Set<ts.Type>()
  const all = propertiesOf(checker, type).flatMap((property): readonly Property[] => {
    const owner = property.valueDeclaration?.parent
    const of =
      owner && ts.isClassDeclaration(owner) && owner.getSourceFile().isDeclarationFile ? checker.getTypeAtLocation(owner) : undefined
    const source = of && sourceType(reader, of)
    if (!source) return [{ property, isConcealed: false }]
    if (seen.has(source)) return []
    seen.add(source)
    return within(source, of)
  })
  // A class has the fields of the one that it extends.
  return all.filter(({ property }, i) => all.findIndex((other) => other.property.name === property.name) === i)
}

/** And not the class itself, which has the same symbol. */
const isInstance = (type: ts.Type): boolean =>
  (type.symbol.flags & ts.SymbolFlags.Class) !== 0 && type.getConstructSignatures().length === 0
