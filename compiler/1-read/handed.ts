/**
 * Functions that ask for the derivative of a function they are given: `grad(f)` of a parameter `f`. Which function that is, only their callers know, so these
 * hand its derivative over with it.
 *
 * Needs: a program whose symbols are bound. Promises: every parameter of which an operator asks for a derivative, itself or through functions that it is
 * passed on to. Costs: a visit of the files that can call operators; one of all files, where there is such a function.
 */

import ts from '#typescript'
import { constructorOf } from './classes.ts'
import { bare, functionOfSymbol, symbolAt, unaliased, type Facts } from './facts.ts'
import { callOf, intrinsicIdentifiers } from './intrinsic-names.ts'
import { intrinsicOf, isOperator, mentionsPackage } from './intrinsics.ts'
import type { OperatorName } from './result.ts'

/** A derivative that is to be handed over: `grad(grad(f), { wrt: 1 })` has two operators, the outermost first. */
export interface Wanted {
  /** The same for the caller and for the function that asks, whatever file either is in. */
  readonly key: string
  readonly operators: readonly { readonly name: OperatorName; readonly options: ts.Expression | undefined }[]
  /** The parameter of which it is asked for first. */
  readonly parameter: string
}

export interface Handed {
  readonly isEmpty: boolean
  /** What is wanted of the parameters of a function, by their places. */
  of(declaration: ts.Node): ReadonlyMap<number, readonly Wanted[]> | undefined
  /** What an operator's call asks of a parameter. */
  askedBy(call: ts.CallExpression): Wanted | undefined
  /** Whether a call is such an operator's, or stands within one: the inner one of `grad(grad(f))`. */
  isPartOf(call: ts.CallExpression): boolean
}

type Declared = Map<ts.Node, Map<number, Wanted[]>>
const byProgram = new WeakMap<ts.Program, Handed>()

export function handedIn(program: ts.Program, facts: Facts, operatorNames: ReadonlySet<string>): Handed {
  const known = byProgram.get(program)
  if (known) return known
  const made = find(program, facts, operatorNames)
  byProgram.set(program, made)
  return made
}

function find(program: ts.Program, facts: Facts, operatorNames: ReadonlySet<string>): Handed {
  const checker = program.getTypeChecker()
  const sources = program.getSourceFiles().filter((file) => !file.isDeclarationFile && !file.fileName.includes('/node_modules/'))
  const declared: Declared = new Map()
  const asked = new Map<ts.CallExpression, Wanted>()
  // `grad(grad(f))` is one request.
  const within = new Set<ts.Node>()
  const parameterAt = (node: ts.Expression): ts.ParameterDeclaration | undefined => parameterOf(checker, facts, node)
  for (const file of sources.filter((one) => mentionsPackage(program, one)))
    for (const name of intrinsicIdentifiers(program, file)) {
      const call = callOf(name)
      const wanted = call && !within.has(call) ? wantedBy(checker, operatorNames, call, parameterAt) : undefined
      if (!wanted) continue
      wanted.inner.forEach((one) => within.add(one))
      asked.set(call!, wanted.wanted)
      add(declared, wanted.of, wanted.wanted)
    }
  if (declared.size > 0) passOn(declared, sources, checker, parameterAt)
  return {
    isEmpty: declared.size === 0,
    of: (declaration) => declared.get(declaration),
    askedBy: (call) => asked.get(call),
    isPartOf: (call) => asked.has(call) || within.has(call),
  }
}

function visitCalls(node: ts.Node, visit: (call: ts.CallExpression | ts.NewExpression) => void): void {
  if (ts.isCallExpression(node) || ts.isNewExpression(node)) visit(node)
  ts.forEachChild(node, (child) => visitCalls(child, visit))
}

/** Whether the parameter was not known to be wanted so. */
function add(declared: Declared, parameter: ts.ParameterDeclaration, wanted: Wanted): boolean {
  const fn = parameter.parent
  const ofFunction = declared.get(fn) ?? new Map<number, Wanted[]>()
  declared.set(fn, ofFunction)
  const index = fn.parameters.indexOf(parameter)
  const list = ofFunction.get(index) ?? []
  ofFunction.set(index, list)
  if (list.some(({ key }) => key === wanted.key)) return false
  list.push(wanted)
  return true
}

/** A parameter with a name, which nothing is assigned to. */
function parameterOf(checker: ts.TypeChecker, facts: Facts, node: ts.Expression): ts.ParameterDeclaration | undefined {
  const name = bare(node)
  const symbol = ts.isIdentifier(name) ? symbolAt(checker, name) : undefined
  const declaration = symbol?.valueDeclaration
  if (!symbol || !declaration || !ts.isParameter(declaration) || declaration.dotDotDotToken || facts.isAssigned(symbol)) return undefined
  return ts.isIdentifier(declaration.name) && (declaration.parent as { body?: ts.Node }).body ? declaration : undefined
}

export const isParameter = (checker: ts.TypeChecker, facts: Facts, node: ts.Expression): boolean =>
  parameterOf(checker, facts, node) !== undefined

function wantedBy(
  checker: ts.TypeChecker,
  names: ReadonlySet<string>,
  call: ts.CallExpression,
  parameterAt: (node: ts.Expression) => ts.ParameterDeclaration | undefined,
): { readonly of: ts.ParameterDeclaration; readonly wanted: Wanted; readonly inner: readonly ts.Node[] } | undefined {
  const operators: Wanted['operators'][number][] = []
  const calls: ts.Node[] = []
  let node: ts.Expression = call
  while (ts.isCallExpression(node)) {
    const name = operatorOf(checker, names, node)
    const [target, options, ...more]: readonly ts.Expression[] = node.arguments
    if (name === undefined || !target || more.length > 0) return undefined
    operators.push({ name, options })
    calls.push(node)
    node = bare(target)
  }
  const of = parameterAt(node)
  if (!of) return undefined
  const key = operators.map(({ name, options }) => (options ? `${name} ${options.getText().replace(/\s+/g, ' ')}` : name)).join(' of ')
  return { of, inner: calls.slice(1), wanted: { key, operators, parameter: of.name.getText() } }
}

function operatorOf(checker: ts.TypeChecker, names: ReadonlySet<string>, { expression }: ts.CallExpression): OperatorName | undefined {
  const callee = bare(expression)
  const name = ts.isPropertyAccessExpression(callee) ? callee.name : callee
  if (!ts.isIdentifier(name) || !names.has(name.text)) return undefined
  const symbol = checker.getSymbolAtLocation(name)
  const intrinsic = intrinsicOf(symbol && unaliased(checker, symbol))
  return intrinsic !== undefined && isOperator(intrinsic) ? intrinsic : undefined
}

/** What a function passes on to another one's parameter is wanted of its own. */
function passOn(
  declared: Declared,
  sources: readonly ts.SourceFile[],
  checker: ts.TypeChecker,
  parameterAt: (node: ts.Expression) => ts.ParameterDeclaration | undefined,
): void {
  const passing: { readonly to: ts.Node; readonly index: number; readonly parameter: ts.ParameterDeclaration }[] = []
  for (const file of sources)
    visitCalls(file, (call) => {
      call.arguments?.forEach((argument, index) => {
        const parameter = parameterAt(argument)
        const to = parameter && functionCalled(checker, call)
        if (to) passing.push({ to, index, parameter })
      })
    })
  for (let isNew = true; isNew;) {
    isNew = false
    for (const { to, index, parameter } of passing)
      for (const wanted of declared.get(to)?.get(index) ?? []) isNew = add(declared, parameter, wanted) || isNew
  }
}

/** The function with a body that a call is of, where its name says so. */
export function functionCalled(
  checker: ts.TypeChecker,
  call: ts.CallExpression | ts.NewExpression,
): ts.FunctionLikeDeclaration | undefined {
  const callee = bare(call.expression)
  if (ts.isArrowFunction(callee) || ts.isFunctionExpression(callee)) return callee
  const name = ts.isPropertyAccessExpression(callee) ? callee.name : callee
  if (!ts.isIdentifier(name) && !ts.isPrivateIdentifier(name)) return undefined
  const symbol = symbolAt(checker, name)
  if (ts.isCallExpression(call)) return functionOfSymbol(checker, symbol)
  const made = symbol?.declarations?.find(ts.isClassLike)
  return made && constructorOf(made)
}
