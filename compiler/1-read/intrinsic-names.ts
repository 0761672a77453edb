/**
 * What the package's own functions may be called in a program: their own names, and those under which imports and exports pass them on. Only
 * identifiers of such a name are worth asking the type checker about, which for all others would have to find the type of what stands around them.
 */

import ts from '#typescript'
import { names } from './intrinsics.ts'

export function intrinsicNames(program: ts.Program): ReadonlySet<string> {
  const known = byProgram.get(program) ?? namesIn(program)
  byProgram.set(program, known)
  return known
}

const byProgram = new WeakMap<ts.Program, ReadonlySet<string>>()

function namesIn(program: ts.Program): ReadonlySet<string> {
  const found = new Set([...names, 'default'])
  for (const file of program.getSourceFiles())
    if (!program.isSourceFileDefaultLibrary(file)) for (const statement of file.statements) addRenamed(statement, found)
  return found
}

function addRenamed(statement: ts.Statement, found: Set<string>): void {
  if (ts.isImportEqualsDeclaration(statement)) found.add(statement.name.text)
  const clause = ts.isImportDeclaration(statement) ? statement.importClause : undefined
  if (clause?.name) found.add(clause.name.text)
  const bindings = ts.isExportDeclaration(statement) ? statement.exportClause : clause?.namedBindings
  if (!bindings || (!ts.isNamedImports(bindings) && !ts.isNamedExports(bindings))) return
  for (const { propertyName, name } of bindings.elements) if (propertyName) found.add(name.text)
}
