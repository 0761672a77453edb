/** The classes of which the values of a type may be instances, where that makes a difference: methods are overridden, or there is nothing but an interface. */

import ts from '#typescript'
import type { ClassFamily } from './class-family.ts'
import { isStatic } from './classes.ts'

/** Nothing where there is one at most, and its members are what they are. */
export function kindsOf(classes: ClassFamily | undefined, type: ts.Type): readonly ts.ClassLikeDeclaration[] | undefined {
  if (!classes) return undefined
  const known = kindsOfClass(classes, type) ?? kindsOfInterface(classes, type)
  const concrete = known?.filter((one) => !isAbstract(one))
  const hasTypes = concrete?.some((one) => one.typeParameters || classes.baseOf(one)?.typeParameters)
  return concrete && concrete.length > 0 && !hasTypes ? concrete : undefined
}

function kindsOfClass(classes: ClassFamily, type: ts.Type): readonly ts.ClassLikeDeclaration[] | undefined {
  const declaration = classes.ofType(type)
  if (!declaration) return undefined
  const below = classes.below(declaration)
  const names = new Set(declaration.members.filter(isMember).map((member) => member.name.getText()))
  const isOverridden = below.some((one) => one.members.some((member) => isMember(member) && names.has(member.name.getText())))
  return below.length > 0 && (isAbstract(declaration) || isOverridden) ? [declaration, ...below] : undefined
}

function kindsOfInterface(classes: ClassFamily, type: ts.Type): readonly ts.ClassLikeDeclaration[] | undefined {
  const symbol = type.symbol as ts.Symbol | undefined
  const declaration = symbol?.declarations?.find(ts.isInterfaceDeclaration)
  if (!declaration || declaration.typeParameters) return undefined
  // An interface of data alone is a record, whoever implements it.
  const hasMethods = type.getProperties().some(({ flags }) => flags & ts.SymbolFlags.Method)
  return hasMethods ? classes.implementing(declaration) : undefined
}

const isMember = (node: ts.ClassElement): node is ts.MethodDeclaration | ts.AccessorDeclaration =>
  (ts.isMethodDeclaration(node) || ts.isAccessor(node)) && !isStatic(node)

export const isAbstract = (declaration: ts.ClassLikeDeclaration): boolean =>
  declaration.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.AbstractKeyword) ?? false
