/** The package's own functions, recognised by where their symbol is declared, never by name. */

import { fileURLToPath } from 'node:url'
import ts from '#typescript'

/** Operators that ask for a derivative, wrappers that say how a function is differentiated, and markers that say something about the program where they stand. */
export const operators = ['grad', 'valueAndGrad', 'vjp', 'jvp', 'hvp', 'hessian', 'jacobian'] as const
export const wrappers = ['checkpoint', 'customVjp'] as const
const modes = ['noGrad', 'enableGrad', 'setGradEnabled'] as const
const markers = ['stopGradient', 'hook', ...modes] as const
export type WrapperName = (typeof wrappers)[number]
export type ModeName = (typeof modes)[number]
export type MarkerName = (typeof markers)[number]

export const isOperator = (name: string): name is (typeof operators)[number] => (operators as readonly string[]).includes(name)

/** The names under which the package declares them. */
export const names: ReadonlySet<string> = new Set<string>([...operators, ...wrappers, ...markers])
export const isWrapper = (name: string): name is (typeof wrappers)[number] => (wrappers as readonly string[]).includes(name)
export const isMode = (name: string): name is ModeName => (modes as readonly string[]).includes(name)
export const isMarker = (name: string): name is MarkerName => (markers as readonly string[]).includes(name)
const ownFolder = fileURLToPath(new URL('../../', import.meta.url)).replaceAll('\\', '/')

/** The name under which the package declares the symbol, whatever it is called here. */
export function intrinsicOf(symbol: ts.Symbol | undefined): string | undefined {
  return symbol && names.has(symbol.name) && isOwn(symbol) ? symbol.name : undefined
}

/** What emitted code calls of the runtime: functions, and methods of pools and storage guards. */
const support = new Set([
  'take',
  'borrow',
  'give',
  'grow',
  'zerosLike',
  'zerosAlong',
  'clear',
  'check',
  'sortedOrder',
  'gap',
  'copyOf',
  'pullback',
  'instanceWith',
  'putBack',
  'withDerivatives',
  'derivativeOf',
])

export function supportOf(symbol: ts.Symbol | undefined): string | undefined {
  return symbol && support.has(symbol.name) && isOwn(symbol) ? symbol.name : undefined
}

const ready = ['clamp', 'scale', 'reverse', 'log', 'checkFinite'] as const
export type ReadyHook = (typeof ready)[number]

/** The hooks of `cotangent/hooks` whose derivative, or that they have none, is known. */
export function readyHookOf(symbol: ts.Symbol | undefined): ReadyHook | undefined {
  const name = ready.find((one) => one === symbol?.name)
  const isReady =
    name !== undefined && symbol?.declarations?.some((one) => isOurs(one) && /\/hooks(?:\.d)?\.ts$/.test(one.getSourceFile().fileName))
  return isReady === true ? name : undefined
}

/** What `valueAndGrad` gives has a field `grad`, and what `vjp` gives a field `pullback`: these are no functions of the package. */
const isOwn = ({ declarations = [] }: ts.Symbol): boolean =>
  declarations.some((declaration) => isOurs(declaration) && !ts.isPropertySignature(declaration))

function isOurs(declaration: ts.Declaration): boolean {
  const path = declaration.getSourceFile().fileName
  if (path.includes('/node_modules/cotangent/') || isRuntimeFile(path)) return true
  const isModule = (node: ts.Node): boolean =>
    ts.isModuleDeclaration(node) && ts.isStringLiteral(node.name) && node.name.text === 'cotangent'
  return ts.findAncestor(declaration, isModule) !== undefined
}

/** A repository's own copy, as source or built: the tests and examples here compile against it. */
function isRuntimeFile(path: string): boolean {
  const root = ownFolder.replace(/\/dist\/$/, '/')
  return path.startsWith(`${root}runtime/`) || path.startsWith(`${root}dist/runtime/`)
}

/** Whether operators can be called in the file at all: it imports the package, or a file that passes the package on. */
export function mentionsPackage(program: ts.Program, file: ts.SourceFile, seen: Set<ts.SourceFile> = new Set()): boolean {
  if (seen.has(file)) return false
  seen.add(file)
  return file.statements.some((statement) => {
    const specifier = moduleSpecifier(statement)
    if (specifier === undefined) return false
    if (specifier.text === 'cotangent') return true
    const target = program.getTypeChecker().getSymbolAtLocation(specifier)?.valueDeclaration
    if (!target || !ts.isSourceFile(target)) return false
    return isRuntimeFile(target.fileName) || (!target.isDeclarationFile && passesOn(target) && mentionsPackage(program, target, seen))
  })
}

function moduleSpecifier(statement: ts.Statement): ts.StringLiteral | undefined {
  if (!ts.isImportDeclaration(statement) && !ts.isExportDeclaration(statement)) return undefined
  const { moduleSpecifier } = statement
  return moduleSpecifier && ts.isStringLiteral(moduleSpecifier) ? moduleSpecifier : undefined
}

/** Only a file with `export ... from` or `export { x }` hands on what it imported. */
function passesOn(file: ts.SourceFile): boolean {
  return file.statements.some((statement) => ts.isExportDeclaration(statement))
}
