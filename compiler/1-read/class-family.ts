/** Which classes of the program extend which. */

import ts from '#typescript'
import { baseOf, extendedBy } from './classes.ts'
import type { EmittedNames } from './emitted-names.ts'

export interface ClassFamily {
  /** The classes that extend a class, and those that extend them. */
  below(declaration: ts.ClassLikeDeclaration): readonly ts.ClassLikeDeclaration[]
  /** The classes that say they implement an interface, and those that extend them. */
  implementing(declaration: ts.InterfaceDeclaration): readonly ts.ClassLikeDeclaration[]
  /** The class that the derivative's file calls so. */
  named(name: string): ts.ClassLikeDeclaration | undefined
}

export function createClassFamily(program: ts.Program, names: EmittedNames): ClassFamily {
  const checker = program.getTypeChecker()
  let all: readonly ts.ClassLikeDeclaration[] | undefined

  const everyClass = (): readonly ts.ClassLikeDeclaration[] => (all ??= program.getSourceFiles().flatMap(classesIn))

  const below = (declaration: ts.ClassLikeDeclaration): readonly ts.ClassLikeDeclaration[] => {
    const own = everyClass().filter((one) => extendedBy(one) && baseOf(checker, one) === declaration)
    return own.flatMap((one) => [one, ...below(one)])
  }

  return {
    below,
    implementing: (declaration) => {
      const own = everyClass().filter((one) => interfacesOf(checker, one).includes(declaration))
      return [...new Set(own.flatMap((one) => [one, ...below(one)]))]
    },
    named: (name) => {
      const plain = name.replace(/<.*$/, '')
      return everyClass().find((one) => {
        const symbol = one.name && checker.getSymbolAtLocation(one.name)
        return symbol?.name === plain && names.nameOf(symbol) === plain
      })
    },
  }
}

/** Those that a class names itself, and those that these extend. */
function interfacesOf(checker: ts.TypeChecker, declaration: ts.ClassLikeDeclaration): readonly ts.Declaration[] {
  const clauses = declaration.heritageClauses?.filter(({ token }) => token === ts.SyntaxKind.ImplementsKeyword) ?? []
  const visit = (type: ts.Type): readonly ts.Declaration[] => {
    const symbol = type.symbol as ts.Symbol | undefined
    const bases = type.isClassOrInterface() ? checker.getBaseTypes(type) : []
    return [...(symbol?.declarations ?? []), ...bases.flatMap(visit)]
  }
  return clauses.flatMap(({ types }) => types.flatMap((node) => visit(checker.getTypeAtLocation(node))))
}

function classesIn(file: ts.SourceFile): readonly ts.ClassLikeDeclaration[] {
  if (file.isDeclarationFile || !file.text.includes('class')) return []
  const found: ts.ClassLikeDeclaration[] = []
  const visit = (node: ts.Node): void => {
    if (ts.isClassLike(node)) found.push(node)
    ts.forEachChild(node, visit)
  }
  visit(file)
  return found
}
