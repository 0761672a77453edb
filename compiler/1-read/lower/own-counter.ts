/** Whether a counter is its loop's own: nobody else gives it anything, and nobody sees what the loop leaves in it. */

import ts from '#typescript'
import { symbolAt } from '../facts.ts'
import type { Context } from './context.ts'

/** `body` is that of the `for` which declares the counter. */
export function isOwnCounter({ f: { session } }: Context, symbol: ts.Symbol, body: ts.Statement): boolean {
  if (session.facts.assignedWithin(body).has(symbol)) return false
  const declarations = symbol.declarations ?? []
  if (declarations.every((one) => (ts.getCombinedNodeFlags(one) & ts.NodeFlags.BlockScoped) !== 0)) return true
  // A `var` belongs to the function: it may only be seen in the loops that declare it and begin it anew, none of which stands in another.
  const loops = declarations.map((one) => loopBegunBy(one))
  if (loops.some((loop) => !loop || loops.some((other) => other !== loop && isWithin(loop, other)))) return false
  const seen = (node: ts.Node): boolean => ts.isIdentifier(node) && node.text === symbol.name && symbolAt(session.checker, node) === symbol
  const isElsewhere = (node: ts.Node): boolean =>
    seen(node) || (!loops.includes(node) && ts.forEachChild(node, (child) => isElsewhere(child) || undefined) === true)
  return !isElsewhere(ts.findAncestor(body, (node) => ts.isFunctionLike(node) || ts.isSourceFile(node))!)
}

/** The loop whose head declares a variable and gives it its first value. */
function loopBegunBy(declaration: ts.Declaration): ts.Node | undefined {
  if (!ts.isVariableDeclaration(declaration) || !declaration.initializer) return undefined
  const loop = declaration.parent.parent
  return ts.isForStatement(loop) ? loop : undefined
}

const isWithin = (node: ts.Node, outer: ts.Node | undefined): boolean =>
  ts.findAncestor(node, (ancestor) => ancestor === outer) !== undefined
