/** From a TypeScript program to requests and the IR of the functions they need. */

import ts from 'typescript'
import { createEmittedNames } from './emitted-names.ts'
import { createFacts } from './facts.ts'
import { findRequests } from './find-requests.ts'
import { mentionsPackage } from './intrinsics.ts'
import { lowerFunction } from './lower/function.ts'
import { functionName } from './lower/context.ts'
import type { ReadHost, ReadResult, Request } from './result.ts'
import { placeOf, projectPath, report, textOf, type Session } from './session.ts'
import { carries, describe } from './types.ts'

export function read(host: ReadHost): ReadResult {
  const { program } = host
  const file = program.getSourceFile(host.file)
  const empty: ReadResult = {
    requests: [],
    program: { functions: new Map() },
    nested: new Map(),
    names: new Map(),
    diagnostics: [],
    dependencies: [],
    imports: [],
    clones: [],
    stripped: [],
  }
  if (!file || !mentionsPackage(program, file)) return empty
  const checker = program.getTypeChecker()
  const session: Session = {
    program,
    checker,
    root: host.root ?? program.getCurrentDirectory(),
    file,
    functions: new Map(),
    nested: new Map(),
    namesOf: new Map(),
    failed: new Set(),
    pending: new Set(),
    diagnostics: [],
    dependencies: new Set(),
    names: createEmittedNames(program, file),
    facts: createFacts(checker),
  }
  const requests = findRequests(session).flatMap((found): readonly Request[] => {
    const key = keyOf(session, found.declaration)
    const chain = [{ ...placeOf(found.call), text: `because ${textOf(found.call)} is asked for here` }]
    if (found.declaration.getSourceFile() !== file) session.dependencies.add(found.declaration.getSourceFile().fileName)
    const fn = session.functions.get(key) ?? (session.failed.has(key) ? undefined : lowerFunction(session, found.declaration, key, chain))
    if (!fn) {
      session.failed.add(key)
      return []
    }
    session.functions.set(key, fn)
    const loss = found.hasAux && fn.result.kind === 'record' ? fn.result.fields[0]?.type : fn.result
    const isScalar = found.operator === 'grad' || found.operator === 'valueAndGrad'
    if (isScalar && loss?.kind !== 'number') {
      report(session, found.call, 'CT2002', { operator: found.operator, function: fn.name, type: describe(fn.result) } as never, chain)
      return []
    }
    for (const index of found.operator === 'jvp' ? [] : found.wrt) {
      const { name } = fn.parameters[index]!
      const type = fn.variables[name]!.type
      if (carries(type)) continue
      report(session, found.call, 'CT2001', { index, name, function: fn.name, type: describe(type) } as never, chain)
      return []
    }
    const options = `${found.operator}:wrt=${found.wrtIsList ? `[${found.wrt.join(',')}]` : found.wrt.join(',')}${found.hasAux ? ':aux' : ''}`
    return [
      {
        id: `${key}|${options}`,
        operator: found.operator,
        function: key,
        wrt: found.wrt,
        wrtIsList: found.wrtIsList,
        hasAux: found.hasAux,
        uses: found.uses,
        site: placeOf(found.call),
        captures: isLocal(found.declaration) ? [functionName(found.declaration)] : [],
        chain,
      },
    ]
  })
  return {
    requests,
    program: { functions: session.functions },
    nested: session.nested,
    names: session.namesOf,
    diagnostics: session.diagnostics,
    dependencies: [...session.dependencies],
    imports: session.names.imports,
    clones: session.names.clones,
    stripped: findStripped(session),
  }
}

/** Stable across runs and edits elsewhere: the file, the name and, for a function without one of its own, its place. */
function keyOf(session: Session, declaration: ts.FunctionLikeDeclaration): string {
  const place = isLocal(declaration) ? `@${String(declaration.getStart())}` : ''
  return `${projectPath(session, declaration.getSourceFile().fileName)}#${functionName(declaration)}${place}`
}

/** Whether a function stands within another, or within an expression, where it may use what is only visible there. */
function isLocal(declaration: ts.Node): boolean {
  const holder = ts.isFunctionDeclaration(declaration)
    ? declaration.parent
    : ts.isVariableDeclaration(declaration.parent)
      ? declaration.parent.parent.parent.parent
      : declaration.parent
  return !ts.isSourceFile(holder)
}

/** The markers that the original functions keep calling, replaced by what they pass on. */
function findStripped(session: Session): ReadResult['stripped'] {
  const stripped: { start: number; end: number; argumentStart: number; argumentEnd: number }[] = []
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && ts.isIdentifier(node.expression) && node.arguments.length === 1) {
      const symbol = session.checker.getSymbolAtLocation(node.expression)
      const alias = symbol && symbol.flags & ts.SymbolFlags.Alias ? session.checker.getAliasedSymbol(symbol) : symbol
      if (alias?.name === 'stopGradient' && alias.declarations?.some((d) => /runtime|cotangent/.test(d.getSourceFile().fileName))) {
        const [argument] = node.arguments
        stripped.push({ start: node.getStart(), end: node.getEnd(), argumentStart: argument!.getStart(), argumentEnd: argument!.getEnd() })
      }
    }
    ts.forEachChild(node, visit)
  }
  visit(session.file)
  return stripped
}
