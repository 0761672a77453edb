/**
 * What the package's own functions may be called in a program: their own names, and those under which imports and exports pass them on. Only
 * identifiers of such a name are worth asking the type checker about, which for all others would have to find the type of what stands around them.
 */

import ts from '#typescript'
import { names } from './intrinsics.ts'

export const intrinsicNames = (program: ts.Program): ReadonlySet<string> => foundIn(program).names

/** The identifiers of a file that have such a name, in the order of the text. */
export function intrinsicIdentifiers(program: ts.Program, file: ts.SourceFile): readonly ts.Identifier[] {
  const { names: wanted, identifiers } = foundIn(program)
  const known = identifiers.get(file)
  if (known) return known
  const found: ts.Identifier[] = []
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node) && wanted.has(node.text)) found.push(node)
    ts.forEachChild(node, visit)
  }
  visit(file)
  identifiers.set(file, found)
  return found
}

/** The call of what an identifier names, by itself or as the last part of a name. */
export function callOf(name: ts.Identifier): ts.CallExpression | undefined {
  let callee: ts.Node = ts.isPropertyAccessExpression(name.parent) && name.parent.name === name ? name.parent : name
  while (isWrapped(callee.parent)) callee = callee.parent
  return ts.isCallExpression(callee.parent) && callee.parent.expression === callee ? callee.parent : undefined
}

/** What `bare` looks through. */
const isWrapped = (node: ts.Node): boolean =>
  ts.isParenthesizedExpression(node) ||
  ts.isAsExpression(node) ||
  ts.isNonNullExpression(node) ||
  ts.isSatisfiesExpression(node) ||
  ts.isTypeAssertionExpression(node)

interface Found {
  readonly names: ReadonlySet<string>
  readonly identifiers: Map<ts.SourceFile, readonly ts.Identifier[]>
}

const byProgram = new WeakMap<ts.Program, Found>()

function foundIn(program: ts.Program): Found {
  const known = byProgram.get(program)
  if (known) return known
  const made: Found = { names: namesIn(program), identifiers: new Map() }
  byProgram.set(program, made)
  return made
}

function namesIn(program: ts.Program): ReadonlySet<string> {
  const found = new Set([...names, 'default'])
  for (const file of program.getSourceFiles())
    if (!program.isSourceFileDefaultLibrary(file)) for (const name of renamedIn(file)) found.add(name)
  return found
}

/** Files stay the same from one program to the next, unless they are edited. */
const renamed = new WeakMap<ts.SourceFile, readonly string[]>()

function renamedIn(file: ts.SourceFile): readonly string[] {
  const known = renamed.get(file)
  if (known) return known
  const found = file.statements.flatMap(renamedBy)
  renamed.set(file, found)
  return found
}

function renamedBy(statement: ts.Statement): string[] {
  if (ts.isImportEqualsDeclaration(statement)) return [statement.name.text]
  const clause = ts.isImportDeclaration(statement) ? statement.importClause : undefined
  const bindings = ts.isExportDeclaration(statement) ? statement.exportClause : clause?.namedBindings
  const elements = bindings && (ts.isNamedImports(bindings) || ts.isNamedExports(bindings)) ? bindings.elements : []
  return [...(clause?.name ? [clause.name.text] : []), ...elements.flatMap(({ propertyName, name }) => (propertyName ? [name.text] : []))]
}
