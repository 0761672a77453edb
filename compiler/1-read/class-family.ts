/** Which classes of the program extend which. */

import ts from '#typescript'
import { baseOf, extendedBy } from './classes.ts'
import type { EmittedNames } from './emitted-names.ts'

export interface ClassFamily {
  /** The classes that extend a class, and those that extend them. */
  below(declaration: ts.ClassLikeDeclaration): readonly ts.ClassLikeDeclaration[]
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
    named: (name) => {
      const plain = name.replace(/<.*$/, '')
      return everyClass().find((one) => {
        const symbol = one.name && checker.getSymbolAtLocation(one.name)
        return symbol?.name === plain && names.nameOf(symbol) === plain
      })
    },
  }
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
