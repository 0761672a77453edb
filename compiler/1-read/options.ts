/** The options of an operator, which are literals. */

import ts from '#typescript'
import { bare } from './facts.ts'
import { Refused, report, textOf, type Session } from './session.ts'

export interface RequestOptions {
  readonly wrt: readonly number[]
  readonly wrtIsList: boolean
  readonly hasAux: boolean
  /** How a Jacobian is made; by its shape where absent. */
  readonly mode?: 'forward' | 'reverse'
}

export function readOptions(session: Session, operator: string, node: ts.Expression | undefined): RequestOptions {
  let wrt: readonly number[] = [0]
  let wrtIsList = false
  let hasAux = false
  let mode: 'forward' | 'reverse' | undefined
  if (!node) return { wrt, wrtIsList, hasAux }
  const options = bare(node)
  if (!ts.isObjectLiteralExpression(options)) return refuse(session, node, 'CT1105', { operator, text: textOf(node) })
  for (const property of options.properties) {
    if (!ts.isPropertyAssignment(property)) return refuse(session, property, 'CT1105', { operator, text: textOf(property) })
    const value = bare(property.initializer)
    const name = property.name.getText()
    if (name === 'wrt') {
      const parts = ts.isArrayLiteralExpression(value) ? value.elements.map(bare) : [value]
      wrtIsList = ts.isArrayLiteralExpression(value)
      wrt = parts.map((part) => (ts.isNumericLiteral(part) ? Number(part.text) : NaN))
      const isValid = wrt.every((index) => Number.isInteger(index) && index >= 0) && new Set(wrt).size === wrt.length && wrt.length > 0
      if (!isValid) return refuse(session, value, 'CT1108', { text: textOf(value), operator })
    } else if (name === 'hasAux') {
      if (value.kind !== ts.SyntaxKind.TrueKeyword && value.kind !== ts.SyntaxKind.FalseKeyword)
        return refuse(session, value, 'CT1105', { operator, text: textOf(value) })
      hasAux = value.kind === ts.SyntaxKind.TrueKeyword
    } else if (name === 'mode' && operator === 'jacobian') {
      if (!ts.isStringLiteralLike(value) || (value.text !== 'forward' && value.text !== 'reverse'))
        return refuse(session, value, 'CT1105', { operator, text: textOf(value) })
      mode = value.text
    } else return refuse(session, property, 'CT1106', { operator, name })
  }
  return { wrt, wrtIsList, hasAux, ...(mode && { mode }) }
}

/** Reports, and gives up the request. */
export function refuse(session: Session, node: ts.Node, code: Parameters<typeof report>[2], args: Record<string, string | number>): never {
  report(session, node, code, { hint: '', ...args } as never, [])
  throw new Refused(code)
}
