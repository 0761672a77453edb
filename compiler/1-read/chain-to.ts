/**
 * Why a place was being differentiated: from the request through the calls that lead there. What is differentiated no longer knows whose call it was,
 * because callees are put into their callers when they are read; so the calls are looked for again in the source, the shortest way first.
 */

import ts from '#typescript'
import type { Place, Reason } from '../diagnostics/report.ts'
import { bare, functionOfSymbol, symbolAt } from './facts.ts'
import { functionName } from './lower/context.ts'
import { placeOf, textOf } from './session.ts'

export function chainTo(checker: ts.TypeChecker, from: ts.FunctionLikeDeclaration, place: Place): readonly Reason[] {
  const ways: { readonly fn: ts.FunctionLikeDeclaration; readonly chain: readonly Reason[] }[] = [{ fn: from, chain: [] }]
  const seen = new Set<ts.Node>([from])
  // The list grows while it is gone through.
  for (const { fn, chain } of ways) {
    if (contains(fn, place)) return chain
    for (const { call, callee } of callsIn(checker, fn)) {
      if (seen.has(callee)) continue
      seen.add(callee)
      ways.push({
        fn: callee,
        chain: [...chain, { ...placeOf(call), text: `and ${functionName(fn)} calls ${textOf(call.expression)} here` }],
      })
    }
  }
  return []
}

function contains(fn: ts.FunctionLikeDeclaration, { file, start, end }: Place): boolean {
  return fn.getSourceFile().fileName === file && fn.getStart() <= start && end <= fn.getEnd()
}

function callsIn(
  checker: ts.TypeChecker,
  fn: ts.Node,
): readonly { readonly call: ts.CallExpression; readonly callee: ts.FunctionLikeDeclaration }[] {
  const calls: { call: ts.CallExpression; callee: ts.FunctionLikeDeclaration }[] = []
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node)) {
      const called = bare(node.expression)
      const name = ts.isPropertyAccessExpression(called) ? called.name : called
      const callee = ts.isIdentifier(name) ? functionOfSymbol(checker, symbolAt(checker, name)) : undefined
      if (callee) calls.push({ call: node, callee })
    }
    ts.forEachChild(node, visit)
  }
  visit(fn)
  return calls
}
