/**
 * The source of what a program only declares. A package's types come from a declaration file and its functions from JavaScript: what an import names is
 * looked for in the file that runs, by the name under which it is exported there. Files that the program does not have yet are wanted, and it is read again
 * when it has them.
 */

import ts from '#typescript'
import { exportedValue, isCommonJs, isJavaScript, moduleSymbol, modulesTakenOver, required } from './commonjs.ts'
import { bare, unaliased } from './facts.ts'

export interface PackageSources {
  /** What an expression names, in the source that runs. Nothing where the program has it, or where no source is found. */
  symbolOf(node: ts.Expression): ts.Symbol | undefined
  /** Why there is nothing, where an expression names something of a package. */
  obstacleTo(node: ts.Expression): Obstacle | undefined
  /** For messages. */
  named(node: ts.Expression): Obstacle['details']
  /** How a module that the program imports gives what the source of a package keeps. */
  wayTo(symbol: ts.Symbol): Way | undefined
  /** What a module exports under a name, in the source that runs. */
  exportNamed(specifier: ts.Expression, name: string): ts.Symbol | undefined
  readonly wanted: ReadonlySet<string>
}

/** `import { exported } from 'specifier'`, and then `exported.member`. */
export interface Way {
  readonly specifier: string
  readonly exported: string
  readonly member?: string
}

export interface Obstacle {
  readonly code: 'CT3011' | 'CT3012'
  readonly details: { readonly callee: string; readonly module: string }
}

type SourceOf = (specifier: string, from: string) => string | undefined

export function createPackageSources(program: ts.Program, sourceOf: SourceOf = () => undefined): PackageSources {
  const checker = program.getTypeChecker()
  const wanted = new Set<string>()
  const minified = new Map<ts.SourceFile, boolean>()
  /** The modules of packages that imports lead to, by their names. */
  const followed = new Map<string, ts.Symbol>()
  const found = new Map<ts.Symbol, ts.Symbol | undefined>()

  const isUnreadable = (file: ts.SourceFile): boolean => {
    const known = minified.get(file) ?? isMinified(file.text)
    minified.set(file, known)
    return known
  }

  /** The file that is meant, where it is not one that the program reads in the first place. */
  const sourceAt = (specifier: string, from: string): ts.SourceFile | undefined => {
    const path = sourceOf(specifier, from)
    const file = path === undefined ? undefined : program.getSourceFile(path)
    if (path !== undefined && !file) wanted.add(path)
    if (!file || isUnreadable(file)) return undefined
    const module = moduleSymbol(checker, file)
    if (module && !specifier.startsWith('.')) followed.set(specifier, module)
    return file
  }

  /** A module that the program has as it is written. */
  const ownModule = (specifier: ts.Expression): ts.SourceFile | undefined => {
    const file = checker.getSymbolAtLocation(specifier)?.declarations?.find(ts.isSourceFile)
    return file && !file.isDeclarationFile && !isJavaScript(file) ? file : undefined
  }

  const moduleOf = (specifier: ts.Expression | undefined): ts.Symbol | undefined => {
    if (!specifier || !ts.isStringLiteralLike(specifier) || ownModule(specifier)) return undefined
    const file = sourceAt(specifier.text, specifier.getSourceFile().fileName)
    return file && moduleSymbol(checker, file)
  }

  const exportNamed = (specifier: ts.Expression | undefined, name: string): ts.Symbol | undefined => {
    if (!specifier || !ts.isStringLiteralLike(specifier)) return undefined
    const own = ownModule(specifier)
    if (own) return exportOfOwn(own, name)
    const file = sourceAt(specifier.text, specifier.getSourceFile().fileName)
    return file && exportOf(file, name)
  }

  const exportOfOwn = (file: ts.SourceFile, name: string): ts.Symbol | undefined => {
    const known = moduleSymbol(checker, file)?.exports?.get(ts.escapeLeadingUnderscores(name))
    if (known) return behind(known)
    for (const statement of file.statements) {
      if (!ts.isExportDeclaration(statement) || statement.exportClause) continue
      const found = exportNamed(statement.moduleSpecifier, name)
      if (found) return found
    }
    return undefined
  }

  const exportOf = (file: ts.SourceFile, name: string): ts.Symbol | undefined => {
    const module = moduleSymbol(checker, file)
    const found = module && memberOfModule(module, file, name)
    return found && settled(found)
  }

  /** `module.exports = main`, where `const main = require('./main.js')`; `export const Vec3 = whole.Vec3`: what another module made. */
  const settled = (symbol: ts.Symbol, seen: ReadonlySet<ts.Symbol> = new Set()): ts.Symbol => {
    if (seen.has(symbol)) return symbol
    for (const declaration of symbol.declarations ?? []) {
      const value = exportedValue(declaration) ?? constantOf(declaration)
      const target = value && targetOf(bare(value))
      if (target && target !== symbol) return settled(target, new Set([...seen, symbol]))
    }
    return symbol
  }

  const targetOf = (value: ts.Expression): ts.Symbol | undefined => {
    const module = required(value)
    if (module) return exportNamed(module, 'default')
    if (ts.isIdentifier(value)) return symbolOf(value) ?? checker.getSymbolAtLocation(value)
    if (!ts.isPropertyAccessExpression(value)) return undefined
    const from = required(bare(value.expression))
    return from ? exportNamed(from, value.name.text) : symbolOf(value)
  }

  const memberOfModule = (module: ts.Symbol, file: ts.SourceFile, name: string): ts.Symbol | undefined => {
    const exported = checker.getExportsOfModule(module).find((one) => one.name === name)
    if (exported) return unaliased(checker, exported)
    const whole = module.exports?.get(ts.InternalSymbolName.ExportEquals)
    const target = whole && unaliased(checker, whole)
    const member = target && checker.getTypeOfSymbol(target).getProperty(name)
    if (member) return member
    for (const other of modulesTakenOver(file)) {
      const found = exportNamed(other, name)
      if (found) return found
    }
    // The whole of a module with `exports` is its default.
    return name === 'default' && isCommonJs(file) ? (target ?? module) : undefined
  }

  const memberOf = (symbol: ts.Symbol, name: string): ts.Symbol | undefined => {
    const file = symbol.declarations?.find(ts.isSourceFile)
    const found = file && memberOfModule(symbol, file, name)
    return found && settled(found)
  }

  /** What stands behind an import or an export. */
  const behind = (symbol: ts.Symbol): ts.Symbol | undefined => {
    if (!(symbol.flags & ts.SymbolFlags.Alias)) return undefined
    if (found.has(symbol)) return found.get(symbol)
    // Modules may lead to each other in a circle.
    found.set(symbol, undefined)
    const one = symbol.declarations?.map(behindDeclaration).find((target) => target !== undefined)
    found.set(symbol, one)
    return one
  }

  const behindDeclaration = (node: ts.Declaration): ts.Symbol | undefined => {
    if (ts.isImportSpecifier(node)) return exportNamed(node.parent.parent.parent.moduleSpecifier, (node.propertyName ?? node.name).text)
    if (ts.isImportClause(node)) return exportNamed(node.parent.moduleSpecifier, 'default')
    if (ts.isNamespaceImport(node)) return moduleOf(node.parent.parent.moduleSpecifier)
    if (ts.isNamespaceExport(node)) return moduleOf(node.parent.moduleSpecifier)
    if (ts.isImportEqualsDeclaration(node))
      return ts.isExternalModuleReference(node.moduleReference) ? moduleOf(node.moduleReference.expression) : undefined
    if (ts.isExportAssignment(node)) return symbolOf(node.expression)
    if (!ts.isExportSpecifier(node)) return undefined
    const { moduleSpecifier } = node.parent.parent
    if (moduleSpecifier) return exportNamed(moduleSpecifier, (node.propertyName ?? node.name).text)
    const local = checker.getExportSpecifierLocalTargetSymbol(node)
    return local && behind(local)
  }

  const symbolOf = (expression: ts.Expression): ts.Symbol | undefined => {
    const node = bare(expression)
    if (ts.isIdentifier(node)) {
      const symbol = checker.getSymbolAtLocation(node)
      return symbol && behind(symbol)
    }
    if (!ts.isPropertyAccessExpression(node)) return undefined
    const whole = symbolOf(node.expression)
    return whole && memberOf(whole, node.name.text)
  }

  const named = (expression: ts.Expression): Obstacle['details'] => ({
    callee: expression.getText(),
    module: importedBy(checker, expression)?.text ?? 'the package',
  })

  const obstacleTo = (expression: ts.Expression): Obstacle | undefined => {
    const specifier = importedBy(checker, expression)
    if (!specifier || specifier.text.startsWith('.') || ownModule(specifier)) return undefined
    const path = sourceOf(specifier.text, specifier.getSourceFile().fileName)
    const file = path === undefined ? undefined : program.getSourceFile(path)
    if (path !== undefined && !file) return undefined
    return { code: file && isUnreadable(file) ? 'CT3011' : 'CT3012', details: named(expression) }
  }

  const wayTo = (symbol: ts.Symbol): Way | undefined => {
    for (const [specifier, module] of followed) {
      for (const one of checker.getExportsOfModule(module)) {
        const target = unaliased(checker, one)
        if (target === symbol) return { specifier, exported: one.name }
        const isWhole = target.declarations?.some(ts.isSourceFile) === true
        const member = isWhole ? checker.getExportsOfModule(target).find((part) => unaliased(checker, part) === symbol) : undefined
        if (member) return { specifier, exported: one.name, member: member.name }
      }
    }
    return undefined
  }
  return { symbolOf, obstacleTo, named, wayTo, exportNamed, wanted }
}

/** What a variable at the top level of JavaScript is declared with. */
const constantOf = (declaration: ts.Declaration): ts.Expression | undefined =>
  ts.isVariableDeclaration(declaration) && isJavaScript(declaration) && ts.isSourceFile(declaration.parent.parent.parent)
    ? declaration.initializer
    : undefined

/** The module that the import names on which an expression begins. */
function importedBy(checker: ts.TypeChecker, expression: ts.Expression): ts.StringLiteral | undefined {
  const node = bare(expression)
  if (ts.isPropertyAccessExpression(node)) return importedBy(checker, node.expression)
  const declaration = ts.isIdentifier(node) ? checker.getSymbolAtLocation(node)?.declarations?.[0] : undefined
  const statement = declaration && ts.findAncestor(declaration, ts.isImportDeclaration)
  return statement && ts.isStringLiteral(statement.moduleSpecifier) ? statement.moduleSpecifier : undefined
}

/** Long lines, of which nobody can read the derivative: those of code that somebody wrote or formatted are shorter. */
function isMinified(text: string): boolean {
  const code = text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '')
  const lines = code.split('\n').filter((line) => line.trim() !== '')
  return code.length > 500 && code.length / lines.length > 200
}
