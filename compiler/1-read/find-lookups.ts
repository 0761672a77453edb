/** Where a file asks for the derivative of a parameter: what the caller has handed over is looked up there. */

import ts from '#typescript'
import type { Lookup } from './result.ts'
import type { Session } from './session.ts'

export function findLookups({ file, handed }: Session): readonly Lookup[] {
  const found: Lookup[] = []
  if (handed.isEmpty) return found
  const visit = (node: ts.Node): void => {
    const wanted = ts.isCallExpression(node) ? handed.askedBy(node) : undefined
    // `grad(grad(f))` is one.
    if (wanted) found.push({ start: node.getStart(), end: node.getEnd(), parameter: wanted.parameter, key: wanted.key })
    else ts.forEachChild(node, visit)
  }
  visit(file)
  return found
}
