/**
 * Classes of packages: the program knows them by their declarations, and they run as they stand in the source of the package. What a module exports under
 * one name is the same class in both.
 */

import ts from '#typescript'
import { isJavaScript } from './commonjs.ts'
import { unaliased } from './facts.ts'
import type { PackageSources } from './package-sources.ts'

export interface PackageClasses {
  /** The class in the source that runs, where there is one that can be read. */
  sourceOf(declared: ts.Symbol): ts.Symbol | undefined
  /** What a declaration file says of a class of the source that runs. */
  declaredOf(source: ts.Symbol): ts.Symbol | undefined
}

interface Exported {
  readonly specifier: ts.StringLiteral
  readonly name: string
}

export function createPackageClasses(program: ts.Program, packages: Pick<PackageSources, 'exportNamed'>): PackageClasses {
  const checker = program.getTypeChecker()
  const sources = new Map<ts.Symbol, ts.Symbol | undefined>()
  const declared = new Map<ts.Symbol, ts.Symbol>()
  let exported: Map<ts.Symbol, Exported> | undefined

  const sourceOf = (symbol: ts.Symbol): ts.Symbol | undefined => {
    if (sources.has(symbol)) return sources.get(symbol)
    exported ??= classesExported(program)
    const way = exported.get(symbol)
    const found = way && packages.exportNamed(way.specifier, way.name)
    const source = found && isClass(found) ? found : undefined
    sources.set(symbol, source)
    if (!source) return undefined
    declared.set(source, symbol)
    // The source of this module is there: its other classes are met under the names that they have in it.
    for (const [other, { specifier }] of exported) if (specifier === way!.specifier) sourceOf(other)
    return source
  }

  return {
    sourceOf: (symbol) => (isDeclared(checker, symbol) ? sourceOf(symbol) : undefined),
    declaredOf: (source) => declared.get(source),
  }
}

const isClass = (symbol: ts.Symbol): boolean => symbol.declarations?.some(ts.isClassLike) === true

/** A class that a declaration file declares. */
const isDeclared = (checker: ts.TypeChecker, symbol: ts.Symbol): boolean =>
  unaliased(checker, symbol).declarations?.some((one) => ts.isClassDeclaration(one) && one.getSourceFile().isDeclarationFile) === true

/** The classes that modules with declarations export which the program imports, by the first import that leads to them. */
function classesExported(program: ts.Program): Map<ts.Symbol, Exported> {
  const checker = program.getTypeChecker()
  const found = new Map<ts.Symbol, Exported>()
  const seen = new Set<ts.Symbol>()
  for (const file of program.getSourceFiles()) {
    if (file.isDeclarationFile || isJavaScript(file)) continue
    for (const statement of file.statements) {
      const specifier = ts.isImportDeclaration(statement) ? statement.moduleSpecifier : undefined
      const module = specifier && ts.isStringLiteral(specifier) ? checker.getSymbolAtLocation(specifier) : undefined
      if (!module || seen.has(module) || !module.declarations?.some((one) => one.getSourceFile().isDeclarationFile)) continue
      seen.add(module)
      for (const one of checker.getExportsOfModule(module)) {
        const symbol = unaliased(checker, one)
        if (isClass(symbol) && !found.has(symbol)) found.set(symbol, { specifier: specifier as ts.StringLiteral, name: one.name })
      }
    }
  }
  return found
}
