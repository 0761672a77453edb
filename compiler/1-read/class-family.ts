/** The classes of the program, and which extend which. */

import ts from '#typescript'
import { extendedBy } from './classes.ts'
import type { EmittedNames } from './emitted-names.ts'
import { unaliased } from './facts.ts'
import type { PackageClasses } from './package-classes.ts'

export interface ClassFamily {
  /** The class that a symbol names, where its source is there. */
  ofSymbol(symbol: ts.Symbol | undefined): ts.ClassLikeDeclaration | undefined
  /** The class of which a type's values are instances, where its source is there. */
  ofType(type: ts.Type): ts.ClassLikeDeclaration | undefined
  /** The class that a class extends. */
  baseOf(declaration: ts.ClassLikeDeclaration): ts.ClassLikeDeclaration | undefined
  /** What a declaration file says of a class of a package, and the source of one that it declares. */
  readonly ofPackages: PackageClasses
  /** The classes that extend a class, and those that extend them. */
  below(declaration: ts.ClassLikeDeclaration): readonly ts.ClassLikeDeclaration[]
  /** The methods of all classes that have a name. */
  methodsNamed(name: string): readonly ts.MethodDeclaration[]
  /** The classes that say they implement an interface, and those that extend them. */
  implementing(declaration: ts.InterfaceDeclaration): readonly ts.ClassLikeDeclaration[]
  /** The class that the derivative's file calls so. */
  named(name: string): ts.ClassLikeDeclaration | undefined
  /** Says what the derivative's file calls a class, or what stands for it where that can't mention it. Gives the name back, unlike all others. */
  note(name: string, declaration: ts.ClassLikeDeclaration): string
}

export function createClassFamily(program: ts.Program, names: EmittedNames, ofPackages: PackageClasses): ClassFamily {
  const checker = program.getTypeChecker()
  const noted = new Map<string, ts.ClassLikeDeclaration>()
  let all: readonly ts.ClassLikeDeclaration[] | undefined
  let methods: ReadonlyMap<string, readonly ts.MethodDeclaration[]> | undefined

  const everyClass = (): readonly ts.ClassLikeDeclaration[] => (all ??= program.getSourceFiles().flatMap(classesIn))

  const ofSymbol = (symbol: ts.Symbol | undefined): ts.ClassLikeDeclaration | undefined => {
    const known = symbol && unaliased(checker, symbol)
    const declaration = known?.declarations?.find(ts.isClassLike)
    if (!declaration?.getSourceFile().isDeclarationFile) return declaration
    return ofPackages.sourceOf(known!)?.declarations?.find(ts.isClassLike)
  }

  const ofType = (type: ts.Type): ts.ClassLikeDeclaration | undefined => {
    // What a class is called by itself has its symbol too, and is no instance.
    if ((type as ts.ObjectType).objectFlags & ts.ObjectFlags.Anonymous) return undefined
    return classNamed(type)
  }

  const classNamed = (type: ts.Type): ts.ClassLikeDeclaration | undefined => {
    const symbol = type.symbol as ts.Symbol | undefined
    return symbol && symbol.flags & ts.SymbolFlags.Class ? ofSymbol(symbol) : undefined
  }

  const baseOf = (declaration: ts.ClassLikeDeclaration): ts.ClassLikeDeclaration | undefined => {
    const base = extendedBy(declaration)
    return base && classNamed(checker.getTypeAtLocation(base))
  }

  const note = (name: string, declaration: ts.ClassLikeDeclaration): string => {
    let own = name
    for (let i = 2; (noted.get(own) ?? declaration) !== declaration; i++) own = `${name}_${i}`
    noted.set(own, declaration)
    return own
  }

  const below = (declaration: ts.ClassLikeDeclaration): readonly ts.ClassLikeDeclaration[] => {
    const own = everyClass().filter((one) => extendedBy(one) && baseOf(one) === declaration)
    return own.flatMap((one) => [one, ...below(one)])
  }

  return {
    ofSymbol,
    ofType,
    baseOf,
    ofPackages,
    note,
    below,
    methodsNamed: (name) => {
      methods ??= byName(everyClass())
      return methods.get(name) ?? []
    },
    implementing: (declaration) => {
      const own = everyClass().filter((one) => interfacesOf(checker, one).includes(declaration))
      return [...new Set(own.flatMap((one) => [one, ...below(one)]))]
    },
    named: (name) => {
      const plain = name.replace(/<.*$/, '')
      const known = noted.get(plain)
      if (known) return known
      return everyClass().find((one) => {
        const symbol = one.name && checker.getSymbolAtLocation(one.name)
        return symbol?.name === plain && names.nameOf(symbol) === plain
      })
    },
  }
}

function byName(classes: readonly ts.ClassLikeDeclaration[]): ReadonlyMap<string, readonly ts.MethodDeclaration[]> {
  const found = new Map<string, ts.MethodDeclaration[]>()
  for (const member of classes.flatMap(({ members }) => members.filter(ts.isMethodDeclaration))) {
    const name = member.name.getText()
    found.set(name, [...(found.get(name) ?? []), member])
  }
  return found
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
