/** The options of an operator, which are literals. */

import ts from '#typescript'
import { bare } from './facts.ts'
import { NO_SLOTS, type Slots } from './lower/context.ts'
import { Refused, report, textOf, type Session } from './session.ts'

export interface RequestOptions {
  readonly wrt: readonly number[]
  readonly wrtIsList: boolean
  readonly hasAux: boolean
  /** How a Jacobian is made; by its shape where absent. */
  readonly mode?: 'forward' | 'reverse'
  /** Functions for the hook slots of the function. */
  readonly slots: Slots
}

export function readOptions(session: Session, operator: string, node: ts.Expression | undefined): RequestOptions {
  let wrt: readonly number[] = [0]
  let wrtIsList = false
  let hasAux = false
  let slots: Slots = NO_SLOTS
  let mode: 'forward' | 'reverse' | undefined
  if (!node) return { wrt, wrtIsList, hasAux, slots }
  const options = bare(node)
  if (!ts.isObjectLiteralExpression(options)) return refuse(session, node, 'CT1105', { operator, text: textOf(node) })
  for (const property of options.properties) {
    if (!ts.isPropertyAssignment(property)) return refuse(session, property, 'CT1105', { operator, text: textOf(property) })
    const value = bare(property.initializer)
    const name = property.name.getText()
    if (known.has(name) && !optionsOf(operator).includes(name)) return refuse(session, property, 'CT1110', { operator, name })
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
    } else if (name === 'hooks') {
      slots = readSlots(session, operator, value)
    } else if (name === 'mode') {
      if (!ts.isStringLiteralLike(value) || (value.text !== 'forward' && value.text !== 'reverse'))
        return refuse(session, value, 'CT1105', { operator, text: textOf(value) })
      mode = value.text
    } else return refuse(session, property, 'CT1106', { operator, name, known: listed(optionsOf(operator)) })
  }
  return { wrt, wrtIsList, hasAux, slots, ...(mode && { mode }) }
}

const known: ReadonlySet<string> = new Set(['wrt', 'hasAux', 'hooks', 'mode'])

/** The options of an operator. The others are known, but say nothing about it. */
function optionsOf(operator: string): readonly string[] {
  if (operator === 'jvp') return []
  if (operator === 'jacobian') return ['wrt', 'hooks', 'mode']
  return operator === 'hvp' || operator === 'hessian' ? ['wrt', 'hooks'] : ['wrt', 'hasAux', 'hooks']
}

function listed(names: readonly string[]): string {
  const quoted = names.map((name) => `\`${name}\``)
  return quoted.length === 0 ? 'none' : `${quoted.slice(0, -1).join(', ')} and ${quoted.at(-1)!}`
}

function readSlots(session: Session, operator: string, node: ts.Expression): Slots {
  if (!ts.isObjectLiteralExpression(node)) return refuse(session, node, 'CT1105', { operator, text: textOf(node) })
  return new Map(
    node.properties.map((property): [string, ts.Expression] => {
      const isNamed = ts.isPropertyAssignment(property) && (ts.isIdentifier(property.name) || ts.isStringLiteral(property.name))
      if (isNamed) return [(property.name as ts.Identifier).text, visibleEverywhere(session, property.initializer, property.name.getText())]
      if (ts.isShorthandPropertyAssignment(property))
        return [property.name.text, visibleEverywhere(session, property.name, property.name.text)]
      return refuse(session, property, 'CT1105', { operator, text: textOf(property) })
    }),
  )
}

/** A function that means the same at the end of the file. */
function visibleEverywhere(session: Session, fn: ts.Expression, name: string): ts.Expression {
  const visit = (node: ts.Node): void => {
    const declaration = ts.isIdentifier(node) ? session.checker.getSymbolAtLocation(node)?.valueDeclaration : undefined
    const isLocal =
      declaration !== undefined &&
      ts.findAncestor(declaration, (around) => around === fn) === undefined &&
      ts.findAncestor(declaration.parent, (around) => ts.isFunctionLike(around) && around.getSourceFile() === session.file) !== undefined
    if (isLocal) refuse(session, node, 'CT1304', { name, local: node.getText() })
    ts.forEachChild(node, visit)
  }
  visit(fn)
  return fn
}

/** Reports, and gives up the request. */
export function refuse(session: Session, node: ts.Node, code: Parameters<typeof report>[2], args: Record<string, string | number>): never {
  report(session, node, code, { hint: '', ...args } as never, [])
  throw new Refused(code)
}
