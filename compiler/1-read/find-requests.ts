/** The operators' calls in a file, with the function and the options that each names. */

import ts from 'typescript'
import { bare, functionOfSymbol, symbolAt, unaliased } from './facts.ts'
import { intrinsicOf } from './intrinsics.ts'
import type { OperatorName } from './result.ts'
import { Refused, report, textOf, type Session } from './session.ts'

export interface FoundRequest {
  readonly operator: OperatorName
  readonly call: ts.CallExpression
  readonly declaration: ts.FunctionLikeDeclaration
  readonly wrt: readonly number[]
  readonly wrtIsList: boolean
  readonly hasAux: boolean
  readonly uses: { readonly direct: boolean; readonly into: boolean }
}

export function findRequests(session: Session): readonly FoundRequest[] {
  const found: FoundRequest[] = []
  const visit = (node: ts.Node): void => {
    const operator =
      ts.isIdentifier(node) && !ts.isImportSpecifier(node.parent) && !ts.isExportSpecifier(node.parent)
        ? operatorNamed(session, node)
        : undefined
    if (operator !== undefined) {
      try {
        const request = readRequest(session, node as ts.Identifier, operator)
        if (request) found.push(request)
      } catch (error) {
        if (!(error instanceof Refused)) throw error
      }
    }
    ts.forEachChild(node, visit)
  }
  visit(session.file)
  return found
}

function operatorNamed(session: Session, node: ts.Identifier): string | undefined {
  const symbol = session.checker.getSymbolAtLocation(node)
  const name = intrinsicOf(symbol && unaliased(session.checker, symbol))
  return name === 'stopGradient' || (symbol?.declarations?.[0] !== undefined && symbol.declarations[0] === node.parent) ? undefined : name
}

function readRequest(session: Session, name: ts.Identifier, operator: string): FoundRequest | undefined {
  const whole = ts.isPropertyAccessExpression(name.parent) && name.parent.name === name ? name.parent : name
  const call = whole.parent
  if (!ts.isCallExpression(call) || call.expression !== whole) return refuse(session, name, 'CT1103', { operator })
  if (!isOperator(operator)) return refuse(session, call, 'CT9002', { what: `\`${operator}\`` })
  const [target, options, ...more] = call.arguments
  if (!target || more.length > 0)
    return refuse(session, call, 'CT1104', {
      operator,
      expected: 'a function and options',
      actual: `${String(call.arguments.length)} arguments`,
    })
  const declaration = resolve(session, target)
  if (!declaration) return refuse(session, target, 'CT1101', { operator, text: textOf(target) })
  const count = declaration.parameters.length
  const { wrt, wrtIsList, hasAux } = readOptions(session, operator, options)
  for (const index of wrt) if (index >= count) return refuse(session, options ?? call, 'CT1107', { index, function: textOf(target), count })
  const uses = operator === 'grad' || operator === 'valueAndGrad' ? usesOf(call) : { direct: true, into: false }
  return { operator, call, declaration, wrt, wrtIsList, hasAux, uses }
}

const isOperator = (name: string): name is OperatorName => ['grad', 'valueAndGrad', 'vjp', 'jvp'].includes(name)

function refuse(session: Session, node: ts.Node, code: Parameters<typeof report>[2], args: Record<string, string | number>): never {
  report(session, node, code, { hint: '', ...args } as never, [])
  throw new Refused(code)
}

function resolve(session: Session, target: ts.Expression): ts.FunctionLikeDeclaration | undefined {
  const node = bare(target)
  if (ts.isArrowFunction(node) || ts.isFunctionExpression(node)) return node
  const name = ts.isPropertyAccessExpression(node) ? node.name : node
  if (!ts.isIdentifier(name)) return undefined
  const declaration = functionOfSymbol(session.checker, symbolAt(session.checker, name))
  return declaration && !ts.isMethodDeclaration(declaration) && !isReassigned(session, name) ? declaration : undefined
}

const isReassigned = (session: Session, name: ts.Identifier): boolean => {
  const symbol = symbolAt(session.checker, name)
  return symbol !== undefined && session.facts.isAssigned(symbol)
}

function readOptions(
  session: Session,
  operator: string,
  node: ts.Expression | undefined,
): { wrt: readonly number[]; wrtIsList: boolean; hasAux: boolean } {
  let wrt: readonly number[] = [0]
  let wrtIsList = false
  let hasAux = false
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
    } else return refuse(session, property, 'CT1106', { operator, name })
  }
  return { wrt, wrtIsList, hasAux }
}

/** Called on the spot, or through `.into` on the spot; a result that goes elsewhere may be used in both ways. */
function usesOf(call: ts.CallExpression): { direct: boolean; into: boolean } {
  const { parent } = call
  if (ts.isCallExpression(parent) && parent.expression === call) return { direct: true, into: false }
  if (ts.isPropertyAccessExpression(parent) && parent.name.text === 'into') return { direct: false, into: true }
  return { direct: true, into: true }
}
