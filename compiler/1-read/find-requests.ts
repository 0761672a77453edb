/** The operators' calls in a file, with the function and the options that each names. */

import ts from '#typescript'
import type { Reason } from '../diagnostics/report.ts'
import { bare, unaliased } from './facts.ts'
import { functionCalled, isParameter, type Wanted } from './handed.ts'
import { intrinsicIdentifiers } from './intrinsic-names.ts'
import { intrinsicOf, isMarker, isOperator } from './intrinsics.ts'
import { isUndefined } from './lower/arguments.ts'
import { functionName, outside, type Slots } from './lower/context.ts'
import { resolveFunction } from './lower/resolve.ts'
import { baseOf } from './lower/lift.ts'
import type { DerivedValue, FunctionValue } from './lower/static-value.ts'
import { readOptions, refuse } from './options.ts'
import type { OperatorName } from './result.ts'
import { placeOf, Refused, textOf, type Session } from './session.ts'

export interface FoundRequest {
  readonly operator: OperatorName
  /** The operator's call, or the name of the function whose annotation asks. */
  readonly node: ts.Node
  readonly asked: Reason
  readonly target: FunctionValue | DerivedValue
  readonly wrt: readonly number[]
  readonly wrtIsList: boolean
  readonly hasAux: boolean
  readonly slots: Slots
  readonly mode?: 'forward' | 'reverse'
  readonly uses: { readonly direct: boolean; readonly into: boolean }
  /** See `Request`. */
  readonly handed?: string
}

export function findRequests(session: Session): readonly FoundRequest[] {
  const found: FoundRequest[] = []
  const add = (make: () => FoundRequest | undefined): void => {
    try {
      const request = make()
      if (request) found.push(request)
    } catch (error) {
      if (!(error instanceof Refused)) throw error
    }
  }
  const readName = (node: ts.Identifier): void => {
    const isPassedOn = ts.isImportSpecifier(node.parent) || ts.isExportSpecifier(node.parent)
    const operator = isPassedOn ? undefined : operatorNamed(session, node)
    if (operator !== undefined) add(() => readRequest(session, node, operator))
  }
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node)) readName(node)
    if (ts.isCallExpression(node) || ts.isNewExpression(node)) for (const make of handedBy(session, node)) add(make)
    ts.forEachChild(node, visit)
  }
  if (session.handed.isEmpty) intrinsicIdentifiers(session.program, session.file).forEach(readName)
  else visit(session.file)
  return found
}

function operatorNamed(session: Session, node: ts.Identifier): string | undefined {
  if (!session.intrinsicNames.has(node.text)) return undefined
  const symbol = session.checker.getSymbolAtLocation(node)
  const name = intrinsicOf(symbol && unaliased(session.checker, symbol))
  return (name !== undefined && isMarker(name)) || (symbol?.declarations?.[0] !== undefined && symbol.declarations[0] === node.parent)
    ? undefined
    : name
}

function readRequest(session: Session, name: ts.Identifier, operator: string): FoundRequest | undefined {
  const whole = ts.isPropertyAccessExpression(name.parent) && name.parent.name === name ? name.parent : name
  const call = whole.parent
  if (!ts.isCallExpression(call) || call.expression !== whole) return refuse(session, name, 'CT1103', { operator })
  if (!isOperator(operator) || session.handed.isPartOf(call)) return undefined
  const [target, options, ...more] = call.arguments
  if (!target || more.length > 0)
    return refuse(session, call, 'CT1104', {
      operator,
      expected: 'a function and options',
      actual: `${String(call.arguments.length)} arguments`,
    })
  const value = resolveTarget(session, target, operator)
  const uses = operator === 'grad' || operator === 'valueAndGrad' ? usesOf(call) : { direct: true, into: false }
  const asked = { ...placeOf(call), text: `because ${textOf(call)} is asked for here` }
  return { node: call, asked, target: value, uses, ...checkedOptions(session, operator, value, options, call) }
}

/** The derivatives that a call hands over with the functions that it passes. */
function* handedBy(session: Session, call: ts.CallExpression | ts.NewExpression): Generator<() => FoundRequest> {
  const { checker, handed, facts } = session
  const declaration = handed.isEmpty ? undefined : functionCalled(checker, call)
  const asked = declaration && handed.of(declaration)
  // What it asks for decides what is handed over.
  if (asked && declaration.getSourceFile() !== session.file) session.dependencies.add(declaration.getSourceFile().fileName)
  for (const [index, list] of asked ?? []) {
    const argument = call.arguments?.[index]
    // A parameter's derivative is handed on by whoever was given it.
    if (!argument || isUndefined(bare(argument)) || isParameter(checker, facts, argument)) continue
    for (const wanted of list) yield () => handedWith(session, argument, wanted, textOf(call.expression))
  }
}

function handedWith(session: Session, argument: ts.Expression, { key, operators, parameter }: Wanted, callee: string): FoundRequest {
  const [outermost, ...inner] = operators
  const { name, options } = outermost!
  const spread = argument.parent as ts.CallExpression | ts.NewExpression
  if (spread.arguments?.some(ts.isSpreadElement)) return refuse(session, argument, 'CT1101', { operator: name, text: textOf(argument) })
  const given = resolveTarget(session, argument, name)
  const target = inner.reduceRight<FunctionValue | DerivedValue>(
    (of, one) => ({ kind: 'derived', operator: one.name, of, options: readOptions(session, one.name, one.options) }),
    given,
  )
  const asked = { ...placeOf(argument), text: `because ${callee} asks for ${key} of \`${parameter}\`, which is this function` }
  const isFlexible = name === 'grad' || name === 'valueAndGrad'
  return {
    node: argument,
    asked,
    target,
    uses: { direct: true, into: isFlexible },
    handed: key,
    ...checkedOptions(session, name, target, options, argument),
  }
}

function resolveTarget(session: Session, target: ts.Expression, operator: OperatorName): FunctionValue | DerivedValue {
  const value = resolveFunction(outside(session, target), target)
  if (value) return value
  if (isOnlyDeclared(session, target)) return refuse(session, target, 'CT1102', { function: textOf(target) })
  return refuse(session, target, 'CT1101', { operator, text: textOf(target) })
}

function checkedOptions(
  session: Session,
  operator: OperatorName,
  value: FunctionValue | DerivedValue,
  options: ts.Expression | undefined,
  call: ts.Node,
): Pick<FoundRequest, 'operator' | 'wrt' | 'wrtIsList' | 'hasAux' | 'slots' | 'mode'> {
  const count = baseOf(value).declaration.parameters.length
  const read = readOptions(session, operator, options)
  const index = read.wrt.find((one) => one >= count)
  if (index !== undefined) return refuse(session, options ?? call, 'CT1107', { index, function: baseName(value), count })
  return { operator, ...read }
}

const baseName = (value: FunctionValue | DerivedValue): string => functionName(baseOf(value).declaration)

/** A function of a declaration file, or one that is only declared. */
function isOnlyDeclared({ checker }: Session, target: ts.Expression): boolean {
  const symbol = ts.isIdentifier(target) ? checker.getSymbolAtLocation(target) : undefined
  const declaration = symbol && unaliased(checker, symbol).valueDeclaration
  return declaration !== undefined && ts.isFunctionDeclaration(declaration) && !declaration.body
}

/** Called on the spot, or through `.into` on the spot; a result that goes elsewhere may be used in both ways. */
function usesOf(call: ts.CallExpression): { direct: boolean; into: boolean } {
  const { parent } = call
  if (ts.isCallExpression(parent) && parent.expression === call) return { direct: true, into: false }
  if (ts.isPropertyAccessExpression(parent) && parent.name.text === 'into') return { direct: false, into: true }
  return { direct: true, into: true }
}
