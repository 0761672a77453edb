import ts from '#typescript'

const whole = ts.TypeFormatFlags.NoTruncation
const expanded = (ts.TypeFormatFlags.NoTruncation | ts.TypeFormatFlags.InTypeAlias) as ts.TypeFormatFlags

/** A type as TypeScript. Of a few texts, what they are says more than what they are called together: that there are no numbers in them. */
export function textOfType(checker: ts.TypeChecker, type: ts.Type): string {
  const isOfTexts = type.isUnion() && type.types.every((part) => part.isStringLiteral())
  return checker.typeToString(type, undefined, isOfTexts ? expanded : whole)
}
