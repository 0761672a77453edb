/**
 * How emitted code, which stands in the requesting file, mentions what belongs to modules: by its own name in the same file, by an
 * import that is there already or has to be added, or as a copy when a constant is not exported.
 */

import { dirname, relative } from 'node:path'
import ts from '#typescript'
import { constantText, isPrimitive } from './constants.ts'
import { isJavaScript } from './commonjs.ts'
import { unaliased } from './facts.ts'
import type { PackageSources } from './package-sources.ts'
import type { Clone, NeededImport } from './result.ts'

export interface EmittedNames {
  /** The name in the requesting file of something at the top level of a module; `undefined` when it cannot be reached. */
  readonly nameOf: (symbol: ts.Symbol) => string | undefined
  readonly imports: readonly NeededImport[]
  readonly clones: readonly Clone[]
}

export interface NamesHost {
  readonly program: ts.Program
  /** The file that derivatives are put into. */
  readonly file: ts.SourceFile
  /** The file whose way to write imports is followed. */
  readonly styled: ts.SourceFile
  readonly packages: PackageSources
  readonly isAssigned: (symbol: ts.Symbol) => boolean
}

export function createEmittedNames({ program, file, styled, packages, isAssigned }: NamesHost): EmittedNames {
  const checker = program.getTypeChecker()
  const imports: NeededImport[] = []
  const clones: Clone[] = []
  const known = new Map<ts.Symbol, string | undefined>()
  let taken: Set<string> | undefined
  let visible: Map<ts.Symbol, string> | undefined

  const fresh = (base: string): string => {
    taken ??= new Set(file.text.match(/[A-Za-z_$][\w$]*/g))
    let name = base
    for (let i = 2; taken.has(name); i++) name = `${base}_${i}`
    taken.add(name)
    return name
  }

  const find = (symbol: ts.Symbol): string | undefined => {
    const declaration = symbol.valueDeclaration ?? symbol.declarations?.[0]
    const source = declaration?.getSourceFile()
    // A global such as `Math` or `console`, or a name nobody declares, means the same everywhere.
    if (!declaration || !source || program.isSourceFileDefaultLibrary(source) || isAmbient(declaration, source)) return symbol.name
    const ownName = nameOfDeclaration(declaration) ?? symbol.name
    if (source === file) return ownName
    visible ??= importsOf(checker, file)
    const imported = visible.get(symbol)
    if (imported !== undefined) return imported
    const isOfPackage = isJavaScript(source)
    const exported = exportedName(checker, source, symbol)
    if (exported !== undefined && !isOfPackage) {
      const local = fresh(exported === 'default' ? ownName : exported)
      imports.push({ local, exported, specifier: specifierOf(program, file, source, styled), file: source.fileName, typeOnly: false })
      return local
    }
    // Storage that is exported can be written by anybody; what a package only exports to itself, by its own files.
    const isToItself = exported !== undefined && isOfPackage && !packages.wayTo(symbol)
    const canBeRepeated = exported === undefined || isToItself || isPrimitive(checker, declaration)
    const readers = isToItself && { readers: filesOfPackage(program, source) }
    const text = canBeRepeated ? constantText(checker, declaration, { program, nameOf, isAssigned, ...readers }) : undefined
    if (text === undefined) return isOfPackage ? throughPackage(symbol, source) : undefined
    const name = fresh(ownName)
    clones.push({ name, text })
    return name
  }

  /** What the source of a package keeps is reached where a module exports it that the program imports. */
  const throughPackage = (symbol: ts.Symbol, source: ts.SourceFile): string | undefined => {
    const way = packages.wayTo(symbol)
    if (!way) return undefined
    const { specifier, exported, member } = way
    const there = member === undefined ? importedName(file, specifier, exported) : undefined
    if (there !== undefined) return there
    const known = imports.find((one) => one.specifier === specifier && one.exported === exported)
    const local = known?.local ?? fresh(exported)
    if (!known) imports.push({ local, exported, specifier, file: source.fileName, typeOnly: false })
    return member === undefined ? local : `${local}.${member}`
  }

  const nameOf = (symbol: ts.Symbol): string | undefined => {
    if (!known.has(symbol)) known.set(symbol, find(symbol))
    return known.get(symbol)
  }
  return { imports, clones, nameOf }
}

/** The files of a package that are read, its own among them. */
function filesOfPackage(program: ts.Program, { fileName }: ts.SourceFile): readonly ts.SourceFile[] {
  const folder = /.*\/node_modules\/(?:@[^/]+\/)?[^/]+\//.exec(fileName)?.[0]
  return program
    .getSourceFiles()
    .filter((file) => isJavaScript(file) && (file.fileName === fileName || (folder !== undefined && file.fileName.startsWith(folder))))
}

function nameOfDeclaration(declaration: ts.Declaration): string | undefined {
  const name = ts.getNameOfDeclaration(declaration)
  return name && ts.isIdentifier(name) ? name.text : undefined
}

function isAmbient(declaration: ts.Declaration, source: ts.SourceFile): boolean {
  // Every file of a package is a module, by `require` where nothing else says so.
  if (isJavaScript(source)) return false
  if (!ts.isExternalModule(source)) return true
  return (
    ts.findAncestor(declaration, (node) => ts.isModuleDeclaration(node) && (node.flags & ts.NodeFlags.GlobalAugmentation) !== 0) !==
    undefined
  )
}

function importsOf(checker: ts.TypeChecker, file: ts.SourceFile): Map<ts.Symbol, string> {
  const names = new Map<ts.Symbol, string>()
  for (const statement of file.statements) {
    if (!ts.isImportDeclaration(statement) || !statement.importClause) continue
    const { name, namedBindings, phaseModifier } = statement.importClause
    if (phaseModifier === ts.SyntaxKind.TypeKeyword) continue
    const elements =
      namedBindings && ts.isNamedImports(namedBindings) ? namedBindings.elements.filter((element) => !element.isTypeOnly) : []
    const whole = namedBindings && ts.isNamespaceImport(namedBindings) ? [namedBindings.name] : []
    for (const local of [...(name ? [name] : []), ...whole, ...elements.map((element) => element.name)]) {
      const symbol = checker.getSymbolAtLocation(local)
      if (symbol) names.set(unaliased(checker, symbol), local.text)
    }
  }
  return names
}

/** What the file itself calls an export of a module. */
function importedName(file: ts.SourceFile, specifier: string, exported: string): string | undefined {
  for (const { importClause, moduleSpecifier } of file.statements.filter(ts.isImportDeclaration)) {
    if (!importClause || !ts.isStringLiteral(moduleSpecifier) || moduleSpecifier.text !== specifier) continue
    const { name, namedBindings, phaseModifier } = importClause
    if (phaseModifier === ts.SyntaxKind.TypeKeyword) continue
    if (exported === 'default' && name) return name.text
    if (namedBindings && ts.isNamespaceImport(namedBindings)) return `${namedBindings.name.text}.${exported}`
    const named = namedBindings?.elements.find((one) => !one.isTypeOnly && (one.propertyName ?? one.name).text === exported)
    if (named) return named.name.text
  }
  return undefined
}

function exportedName(checker: ts.TypeChecker, source: ts.SourceFile, symbol: ts.Symbol): string | undefined {
  const module = checker.getSymbolAtLocation(source)
  if (!module) return undefined
  return checker.getExportsOfModule(module).find((entry) => unaliased(checker, entry) === symbol)?.name
}

/** The module as the requesting file would write it, with the extension that the file or the project uses. */
export function specifierOf(program: ts.Program, from: ts.SourceFile, to: ts.SourceFile, styled: ts.SourceFile = from): string {
  const packageName = /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(to.fileName)?.[1]
  if (packageName !== undefined) return packageName
  let path = relative(dirname(from.fileName), to.fileName).replaceAll('\\', '/')
  if (!path.startsWith('.')) path = `./${path}`
  const base = path.replace(/\.(?:d\.)?([cm]?)[jt]sx?$/, '')
  const extension = /\.([cm]?)([jt])(sx?)$/.exec(to.fileName)
  const style = extensionStyle(program, styled)
  if (style === 'none' || !extension) return base
  return style === 'ts' ? path : `${base}.${extension[1]}js`
}

function extensionStyle(program: ts.Program, from: ts.SourceFile): 'ts' | 'js' | 'none' {
  for (const statement of from.statements) {
    if (!ts.isImportDeclaration(statement) || !ts.isStringLiteral(statement.moduleSpecifier)) continue
    const specifier = statement.moduleSpecifier.text
    if (!specifier.startsWith('.')) continue
    if (/\.[cm]?tsx?$/.test(specifier)) return 'ts'
    return /\.[cm]?jsx?$/.test(specifier) ? 'js' : 'none'
  }
  const options = program.getCompilerOptions()
  if (options.allowImportingTsExtensions || options.rewriteRelativeImportExtensions) return 'ts'
  const node = options.module !== undefined && options.module >= ts.ModuleKind.Node16 && options.module <= ts.ModuleKind.NodeNext
  return node ? 'js' : 'none'
}
