/** Where lowering stands: the function being built, the variables in scope, and the statements written so far. */

import ts from '#typescript'
import type { Arguments, Code } from '../../diagnostics/catalog.ts'
import type { Reason } from '../../diagnostics/report.ts'
import { variable } from '../../ir/build.ts'
import { fitting } from '../../ir/missing.ts'
import type { Expression, Origin, Parameter, Type, Variable, VariableInfo } from '../../ir/nodes.ts'
import type { RawExit, RawStatement, Target } from '../exits/raw.ts'
import { placeOf, Refused, report, type Session } from '../session.ts'
import type { ScratchObject } from './scratch-storage.ts'
import type { StaticValue } from './static-value.ts'
import { typeOfExpression } from './type-of.ts'

/** One IR function under construction. */
export interface Builder {
  readonly session: Session
  readonly key: string
  readonly name: string
  readonly variables: Record<string, VariableInfo>
  readonly parameters: Parameter[]
  /** Module-level names that opaque text mentions: no local may have them. */
  readonly mentioned: Set<string>
  /** Variables that some statement assigns. Whether one will is known before from the source. */
  readonly assigned: Set<string>
  /** Locals of the function around a request that became trailing parameters, by symbol. */
  readonly captures: Map<ts.Symbol, string>
  /** The function whose source encloses what may be captured. */
  readonly declaration: ts.FunctionLikeDeclaration
  readonly chain: readonly Reason[]
  /** The list that statements are appended to, and the one of the function's own body. */
  out: RawStatement[]
  top: RawStatement[]
  /** The statement being lowered. */
  origin: Origin | undefined
  nextTarget: Target
  /** How many statements were written, to bound inlining. */
  written: number
  failed: boolean
  /** Variables that hold objects which the function has made out of their fields. */
  readonly made: Set<string>
  /** Whether some of it comes from JavaScript, whose types nobody has checked. */
  hasJavaScript: boolean
  /** What the function takes for granted, by the text of the test: it looks before it begins. */
  readonly granted: Map<string, RawStatement>
  /** Storage of modules that is the function's own. */
  readonly scratch: Map<ts.Symbol, ScratchObject>
  /** Tests whether an object has a method of its own instead of its class's, with the object. */
  readonly ownMethodTests: Map<Expression, Variable>
}

export type Binding =
  { readonly kind: 'expression'; readonly expression: Expression } | { readonly kind: 'static'; readonly value: StaticValue }

/** Scopes, innermost first. A new one for each function instance and each block. */
export interface Environment {
  readonly parent: Environment | undefined
  readonly bindings: Map<ts.Symbol, Binding>
  /** What `this` is. Absent where it is what it is in the scope around. */
  readonly self?: Binding
  /** The class of `this`, where it is known to be of that class and no other. */
  readonly selfClass?: ts.ClassLikeDeclaration
  /** What `arguments` holds in the function whose parameters are bound here, where that is known. */
  arguments?: readonly Binding[]
}

/** One function body in the course of being lowered: the root, or an inlined callee. */
export interface Frame {
  readonly declaration: ts.FunctionLikeDeclaration
  readonly parent: Frame | undefined
  readonly returns: Target
  /** Where `return` puts its value. */
  readonly onReturn: (value: ts.Expression | undefined, c: Context) => void
  readonly self?: Expression | StaticValue
}

/** Where `break` and `continue` lead. */
export interface Jump {
  readonly label: string | undefined
  readonly breaks: Target
  readonly continues?: Target
  /** A `break` without a label leads here: a loop or a `switch`. */
  readonly isPlain: boolean
}

export interface Context {
  readonly f: Builder
  readonly environment: Environment
  readonly frame: Frame
  readonly jumps: readonly Jump[]
  readonly chain: readonly Reason[]
  /** What a request binds to the hook slots of the function. */
  readonly slots: Slots
  /** Where `throw` leads within a `try`, and the variable that gets what is thrown. */
  readonly caught?: { readonly target: Target; readonly error: Variable }
}

/** Functions by the names of hook slots. */
export type Slots = ReadonlyMap<string, ts.Expression>
export const NO_SLOTS: Slots = new Map()

export const createBuilder = (
  session: Session,
  declaration: ts.FunctionLikeDeclaration,
  key: string,
  chain: readonly Reason[],
): Builder => ({
  session,
  key,
  name: functionName(declaration),
  variables: {},
  parameters: [],
  mentioned: new Set(),
  assigned: new Set(),
  captures: new Map(),
  declaration,
  chain,
  out: [],
  top: [],
  origin: undefined,
  nextTarget: 1,
  written: 0,
  failed: false,
  made: new Set(),
  hasJavaScript: false,
  granted: new Map(),
  scratch: new Map(),
  ownMethodTests: new Map(),
})

/** Where a request stands that is not within a differentiated function: nothing is known of what surrounds it. */
export function outside(session: Session, node: ts.Node, chain: readonly Reason[] = [], slots: Slots = NO_SLOTS): Context {
  // Only its name is asked for.
  const declaration = node as ts.FunctionLikeDeclaration
  return {
    f: createBuilder(session, declaration, '', chain),
    environment: { parent: undefined, bindings: new Map() },
    jumps: [],
    chain,
    slots,
    frame: { declaration, parent: undefined, returns: 0, onReturn: () => undefined },
  }
}

export function innerScope(c: Context): Context {
  return { ...c, environment: { parent: c.environment, bindings: new Map() } }
}

export function bind(c: Context, symbol: ts.Symbol | undefined, binding: Binding): void {
  if (symbol) c.environment.bindings.set(symbol, binding)
}

/** A variable that the source assigns somewhere can't be read later in the place of a copy of what it holds now. */
export function noteAssigned(c: Context, symbol: ts.Symbol | undefined, name: string): void {
  if (symbol && c.f.session.facts.isAssigned(symbol)) c.f.assigned.add(name)
}

export function lookup(environment: Environment | undefined, symbol: ts.Symbol): Binding | undefined {
  for (let scope = environment; scope; scope = scope.parent) {
    const binding = scope.bindings.get(symbol)
    if (binding) return binding
  }
  return undefined
}

export function freshTarget(c: Context): Target {
  return c.f.nextTarget++
}

/** `base` itself if no variable of the function has it, else `base_2`, ... */
export function freshName(f: Builder, base: string, type: Type): string {
  const stem = globalNames.has(base) ? `${base}_` : base
  let name = stem
  for (let i = 2; Object.hasOwn(f.variables, name); i++) name = `${stem}_${i}`
  f.variables[name] = { type, mutable: false }
  return name
}

/** What printed code mentions everywhere. */
const globalNames = new Set(
  'Math Number Array Object Boolean String Float64Array Float32Array Int32Array Uint8Array undefined NaN Infinity console Error arguments eval'.split(
    ' ',
  ),
)

export function emit(c: Context, raw: RawStatement): void {
  const statement = fitted(raw, c.f.variables)
  if (statement.kind === 'declare' && statement.value) refuseOther(c, c.f.variables[statement.name]!.type, statement.value)
  if (statement.kind === 'assign') refuseOther(c, typeOfExpression(c.f.variables, statement.target), statement.value)
  if (statement.kind === 'declare' && statement.value?.kind === 'record' && !c.f.assigned.has(statement.name)) c.f.made.add(statement.name)
  const { origin } = c.f
  c.f.written++
  c.f.out.push(origin && !('origin' in statement) && statement.kind !== 'block' ? { ...statement, origin } : statement)
}

/** `undefined` and `null` have the type of the place that they are put into. */
function fitted(statement: RawStatement, variables: Builder['variables']): RawStatement {
  if (statement.kind === 'declare' && statement.value)
    return { ...statement, value: fitting(statement.value, variables[statement.name]!.type) }
  if (statement.kind === 'push') {
    const type = typeOfExpression(variables, statement.array)
    return type.kind === 'array' ? { ...statement, value: fitting(statement.value, type.element) } : statement
  }
  if (statement.kind !== 'assign') return statement
  return { ...statement, value: fitting(statement.value, typeOfExpression(variables, statement.target)) }
}

/**
 * To TypeScript, an instance of another class that looks the same is as good. But it has methods of its own, which would not be the ones that are followed.
 */
function refuseOther(c: Context, place: Type, value: Expression): void {
  if (place.kind !== 'record' || !place.class) return
  const type = typeOfExpression(c.f.variables, value)
  if (type.kind !== 'record' || !type.class || type.class.name === place.class.name) return
  const { classes } = c.f.session
  const [wanted, given] = [classes.named(place.class.name), classes.named(type.class.name)]
  if (wanted === given || !wanted || !given || classes.below(wanted).includes(given)) return
  return refuse(c, c.frame.declaration, 'CT2004', { name: place.class.name, type: type.class.name })
}

/** The statements that `lower` writes, kept apart. */
export function captured(c: Context, lower: () => void): RawStatement[] {
  const before = c.f.out
  const list: RawStatement[] = []
  c.f.out = list
  try {
    lower()
  } finally {
    c.f.out = before
  }
  return list
}

/** Declares a variable holding `value`. */
export function temporary(c: Context, base: string, type: Type, value?: Expression): Variable {
  const name = freshName(c.f, base, type)
  emit(c, { kind: 'declare', name, ...(value && { value }) })
  return variable(name)
}

export function assignTo(c: Context, target: Variable, value: Expression): void {
  emit(c, { kind: 'assign', target, value })
}

export function exitTo(c: Context, target: Target): void {
  const exit: RawExit = { kind: 'exit', target }
  emit(c, exit)
}

export function throwError(c: Context, message: string): void {
  const parts = [`new Error(${JSON.stringify(message)})`]
  emit(c, { kind: 'throw', value: { kind: 'opaque', parts, type: { kind: 'opaque', text: 'Error' }, effects: false } })
}

export function originOf(node: ts.Node, end: ts.Node = node): Origin {
  const file = node.getSourceFile()
  const start = node.getStart()
  return { file: file.fileName, line: file.getLineAndCharacterOfPosition(start).line + 1, start, end: end.getEnd() }
}

/** Reports and gives up on the current statement. */
export function refuse<C extends Code>(c: Context, node: ts.Node, code: C, args: Arguments<C>): never {
  c.f.failed = true
  report(c.f.session, node, code, args, c.chain)
  throw new Refused(code)
}

/** For what follows from something refused before: no second diagnostic. */
export function giveUp(c: Context): never {
  c.f.failed = true
  throw new Refused('after another one')
}

export function chained(c: Context, node: ts.Node, callee: string): readonly Reason[] {
  return [...c.chain, { ...placeOf(node), text: `and ${nameOfFrame(c.frame)} calls ${callee} here` }]
}

export function nameOfFrame(frame: Frame): string {
  return functionName(frame.declaration)
}

/** What a function is called: its own name, or that of the variable or property that holds it. */
export function functionName(declaration: ts.Node): string {
  if (ts.isConstructorDeclaration(declaration)) return declaration.parent.name?.text ?? 'constructor'
  const named = declaration as { name?: ts.Node }
  if (named.name) return ts.isIdentifier(named.name) || ts.isPrivateIdentifier(named.name) ? named.name.text.replace('#', '') : 'f'
  const parent = skipParentheses(declaration.parent)
  if (parent && (ts.isVariableDeclaration(parent) || ts.isPropertyAssignment(parent)) && ts.isIdentifier(parent.name))
    return parent.name.text
  return 'f'
}

function skipParentheses(node: ts.Node | undefined): ts.Node | undefined {
  while (node && (ts.isParenthesizedExpression(node) || ts.isAsExpression(node) || ts.isSatisfiesExpression(node))) node = node.parent
  return node
}
