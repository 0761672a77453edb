/** Whether pullbacks of a file can come to be saved: it and a file that imports `cotangent/graph` are part of one program. */

import ts from '#typescript'

const MENTION = /['"]cotangent\/graph['"]/

/**
 * Files belong together where one imports the other, or a third imports both: so that it is seen whoever saves what another one made, and files that only
 * happen to be compiled at the same time have nothing to do with each other.
 */
export function usesGraphs(program: ts.Program, path: string): boolean {
  const start = program.getSourceFile(path)
  const files = program.getSourceFiles().filter(({ isDeclarationFile }) => !isDeclarationFile)
  if (!start || !files.some(mentionsGraphs)) return false
  const neighbours = new Map<ts.SourceFile, Set<ts.SourceFile>>()
  const join = (one: ts.SourceFile, other: ts.SourceFile): void => {
    neighbours.set(one, (neighbours.get(one) ?? new Set()).add(other))
  }
  for (const file of files)
    for (const target of importedBy(program, file)) {
      join(file, target)
      join(target, file)
    }
  const reached = new Set([start])
  for (const file of reached) {
    if (mentionsGraphs(file)) return true
    for (const other of neighbours.get(file) ?? []) reached.add(other)
  }
  return false
}

const mentionsGraphs = ({ text }: ts.SourceFile): boolean => MENTION.test(text)

/** Those whose source is part of the program, but for the package's own: everybody imports these. */
function importedBy(program: ts.Program, file: ts.SourceFile): readonly ts.SourceFile[] {
  const found: ts.SourceFile[] = []
  const visit = (node: ts.Node): void => {
    if (ts.isStringLiteral(node) && isSpecifier(node)) {
      const target = program.getTypeChecker().getSymbolAtLocation(node)?.valueDeclaration
      if (target && ts.isSourceFile(target) && !target.isDeclarationFile && !/^cotangent(\/|$)/.test(node.text)) found.push(target)
    }
    ts.forEachChild(node, visit)
  }
  // Only files with dynamic imports need to be searched to their leaves.
  if (/\bimport\s*\(/.test(file.text)) visit(file)
  else for (const statement of file.statements) if (ts.isImportDeclaration(statement) || ts.isExportDeclaration(statement)) visit(statement)
  return found
}

function isSpecifier({ parent }: ts.StringLiteral): boolean {
  if (ts.isImportDeclaration(parent) || ts.isExportDeclaration(parent)) return true
  return ts.isCallExpression(parent) && parent.expression.kind === ts.SyntaxKind.ImportKeyword
}
