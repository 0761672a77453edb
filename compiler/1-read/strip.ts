/** The markers in a file's own code, as the edits that take them away: calling the original function must not pay for differentiability. */

import ts from '#typescript'
import { bare, unaliased } from './facts.ts'
import { callOf, intrinsicIdentifiers } from './intrinsic-names.ts'
import { intrinsicOf, isMarker, isMode, isWrapper, type MarkerName, type WrapperName } from './intrinsics.ts'
import type { Stripped } from './result.ts'
import type { Session } from './session.ts'

export function findStripped({ program, checker, file }: Session): readonly Stripped[] {
  return intrinsicIdentifiers(program, file).flatMap((name) => {
    const call = callOf(name)
    const marker = call && markerNamed(checker, name)
    return marker === undefined ? [] : around(call!, marker)
  })
}

function markerNamed(checker: ts.TypeChecker, name: ts.Identifier): MarkerName | WrapperName | undefined {
  const symbol = checker.getSymbolAtLocation(name)
  const intrinsic = intrinsicOf(symbol && unaliased(checker, symbol))
  return intrinsic !== undefined && (isMarker(intrinsic) || isWrapper(intrinsic)) ? intrinsic : undefined
}

/** What stands before and after the part that stays. */
function around(node: ts.CallExpression, marker: MarkerName | WrapperName): readonly Stripped[] {
  // A wrapped function is the function: its rule is for derivatives.
  const part = isWrapper(marker) ? node.arguments[0] : node.arguments.at(-1)
  if (!part) return []
  const flag = node.arguments.length === 2 ? bare(node.arguments[0]!) : undefined
  // A flag is still evaluated where that may have an effect.
  const before = flag && !isQuiet(flag) ? `${flag.getText()}, ` : ''
  const keep = (inner: ts.Node, open: string, close: string): readonly Stripped[] => [
    { start: node.getStart(), end: inner.getStart(), text: open },
    { start: inner.getEnd(), end: node.getEnd(), text: close },
  ]
  // A hook is a statement, and nothing is left of it.
  if (marker === 'hook')
    return [{ start: node.getStart(), end: node.getEnd(), text: ts.isExpressionStatement(node.parent) ? '' : 'undefined' }]
  if (!isMode(marker)) return keep(part, '(', ')')
  const region = bare(part)
  if (!ts.isArrowFunction(region)) return keep(part, `(${before}(`, ')())')
  if (!ts.isBlock(region.body)) return keep(region.body, `(${before}`, ')')
  if (before === '' && ts.isExpressionStatement(node.parent) && !returnsItself(region.body)) return keep(region.body, '', '')
  return keep(region.body, `(${before}(() => `, ')())')
}

const isQuiet = (flag: ts.Expression): boolean =>
  ts.isIdentifier(flag) || ts.isPropertyAccessExpression(flag) || ts.isLiteralExpression(flag) || /^(true|false)$/.test(flag.getText())

/** Whether a block has a `return` of its own, so that it can't stand as a plain block. */
function returnsItself(block: ts.Node): boolean {
  return (
    ts.forEachChild(block, (child) => ts.isReturnStatement(child) || (!ts.isFunctionLike(child) && returnsItself(child)) || undefined) ===
    true
  )
}
