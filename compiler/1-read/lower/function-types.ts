/** Which types speak of functions. */

import ts from '#typescript'
import { checkedType } from '../answers.ts'
import { bare } from '../facts.ts'
import { isMapped } from '../properties.ts'
import type { Context } from './context.ts'

export function isFunctionLike(c: Context, node: ts.Expression): boolean {
  const { checker } = c.f.session
  return checker.getNonNullableType(checkedType(checker, bare(node))).getCallSignatures().length > 0
}

/** An object or array that holds functions, and is no instance of a class and nothing of the library. */
export function isMadeOfFunctions(c: Context, node: ts.Expression): boolean {
  const { checker } = c.f.session
  return holdsFunctions(c, checker.getNonNullableType(checkedType(checker, bare(node))))
}

function holdsFunctions(c: Context, type: ts.Type, depth = 0): boolean {
  const { checker, program } = c.f.session
  const isObject = (part: ts.Type): boolean => (part.flags & ts.TypeFlags.Object) !== 0
  if (depth > 3 || !(type.isIntersection() ? type.types.every(isObject) : isObject(type)) || type.getCallSignatures().length > 0)
    return false
  if (checker.isArrayType(type) || checker.isTupleType(type)) {
    const parts = checker.getTypeArguments(type as ts.TypeReference)
    return parts.some((part) => part.getCallSignatures().length > 0 || holdsFunctions(c, part, depth + 1))
  }
  const symbol = type.symbol as ts.Symbol | undefined
  if (symbol && symbol.flags & (ts.SymbolFlags.Class | ts.SymbolFlags.Module)) return false
  if (!isMapped(type) && symbol?.declarations?.some((declaration) => program.isSourceFileDefaultLibrary(declaration.getSourceFile())))
    return false
  if (checker.getIndexInfosOfType(type).some((index) => index.type.getCallSignatures().length > 0)) return true
  return checker.getPropertiesOfType(type).some((property) => {
    const part = checker.getTypeOfSymbol(property)
    return part.getCallSignatures().length > 0 || holdsFunctions(c, part, depth + 1)
  })
}
