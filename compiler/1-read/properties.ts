import ts from '#typescript'

/** `Record`, `Partial` and the like: the library declares them, but what they have is the program's. */
export const isMapped = (type: ts.Type): boolean => ((type as ts.ObjectType).objectFlags & ts.ObjectFlags.Mapped) !== 0

/** The properties of a type. Keys of a mapped type come in the order in which the type checker happened to meet them anywhere. */
export function propertiesOf(checker: ts.TypeChecker, type: ts.Type): readonly ts.Symbol[] {
  const properties = checker.getPropertiesOfType(type)
  return isMapped(type) ? [...properties].sort((a, b) => placeOf(a) - placeOf(b) || (a.name < b.name ? -1 : 1)) : properties
}

/** TypeScript declares every symbol to have a declaration; a key that is given as a literal type has none. */
const placeOf = (property: ts.Symbol): number => (property.declarations ?? [])[0]?.pos ?? 0
