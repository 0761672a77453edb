/** One function of the program as IR. */

import ts from '#typescript'
import { field, declare, variable } from '../../ir/build.ts'
import { fitting, mayBeUndefined, missing } from '../../ir/missing.ts'
import { someType } from '../../ir/named-type.ts'
import type { Expression, FunctionNode, Parameter, Statement, Type, VariableInfo } from '../../ir/nodes.ts'
import { typeOf } from '../../ir/types.ts'
import { findProblems } from '../../ir/verify.ts'
import { variablesAssigned } from '../../ir/walk.ts'
import type { Reason } from '../../diagnostics/report.ts'
import { structure } from '../exits/structure.ts'
import { widenScopes } from '../exits/widen-scopes.ts'
import { Refused, type Session } from '../session.ts'
import { ownSymbols } from '../facts.ts'
import { initializerOf } from '../tested-defaults.ts'
import { irType, typeOfResult } from '../types.ts'
import {
  bind,
  captured,
  createBuilder,
  emit,
  exitTo,
  freshName,
  NO_SLOTS,
  originOf,
  refuse,
  type Builder,
  type Context,
  type Environment,
  type Slots,
} from './context.ts'
import type { DerivedValue, FunctionValue, StaticValue } from './static-value.ts'
import { choose } from './choose.ts'
import { lowerExpression, lowerValue } from './expression.ts'
import { withoutNeedlessTests } from './classes/replaced.ts'
import { sealedInstancesSeen } from './classes/sealed.ts'
import { CONTENT } from './captures.ts'
import { hoistVariables } from './declare.ts'
import { bindParameter, isLate, parametersOf } from './parameters.ts'
import { lowerOpaque } from './opaque.ts'
import { isUndefined } from './arguments.ts'
import { lowerPattern } from './pattern.ts'
import { freezeReads } from './freeze.ts'
import { NotScratch, settleScratch } from './scratch-storage.ts'
import { lowerBlock, returnsAtEndOnly } from './statement.ts'

/** What a function uses of the functions around it, and how it is specialised. */
export interface Lift {
  /** Variables from outside that become trailing parameters. */
  readonly captures: readonly { readonly symbol: ts.Symbol; readonly name: string; readonly type: Type; readonly isBox?: boolean }[]
  /** What the request binds to hook slots. */
  readonly slots: Slots
  /** Parameters and names from outside that stand for known functions. */
  readonly statics: readonly { readonly symbol: ts.Symbol; readonly value: StaticValue }[]
  /** Names from outside that stand for literals. */
  readonly constants: readonly { readonly symbol: ts.Symbol; readonly expression: Expression }[]
}

export function lowerFunction(
  session: Session,
  declaration: ts.FunctionLikeDeclaration,
  key: string,
  chain: readonly Reason[],
  lift: Lift = { captures: [], statics: [], constants: [], slots: NO_SLOTS },
): FunctionNode | undefined {
  for (;;) {
    const f = createBuilder(session, declaration, key, chain)
    try {
      const fn = build(f, declaration, lift)
      return f.failed ? undefined : fn
    } catch (error) {
      if (error instanceof Refused) return undefined
      if (!(error instanceof NotScratch)) throw error
      session.scratch.exclude(error.symbol)
    }
  }
}

const ROOT = 0

function build(f: Builder, declaration: ts.FunctionLikeDeclaration, lift: Lift): FunctionNode {
  const result = typeOfResult(f.session, declaration)
  const body = (declaration as { body?: ts.ConciseBody }).body!
  let returned: Expression | undefined
  let resultName: string | undefined
  const single = !ts.isBlock(body) || returnsAtEndOnly(body)
  const c: Context = {
    f,
    environment: { parent: undefined, bindings: new Map() },
    jumps: [],
    chain: f.chain,
    slots: lift.slots,
    frame: {
      declaration,
      parent: undefined,
      returns: ROOT,
      onReturn: (value, here) => {
        const found = value && (isUndefined(value) && result.kind === 'void' ? undefined : lowerValue(here, value))
        const lowered = found && fitting(found, result)
        if (single) returned = lowered
        else {
          resultName ??= freshName(f, 'result', result)
          if (lowered) emit(here, { kind: 'assign', target: variable(resultName), value: lowered })
          exitTo(here, ROOT)
        }
      },
    },
  }
  const raw = captured(c, () => {
    f.top = f.out
    // A function expression knows itself by its own name, with what it captures.
    for (const symbol of ownSymbols(f.session.checker, declaration))
      bind(c, symbol, { kind: 'static', value: { kind: 'function', declaration, environment: c.environment } })
    for (const { symbol, value } of lift.statics) bind(c, symbol, { kind: 'static', value: within(value, c.environment) })
    for (const { symbol, expression } of lift.constants) bind(c, symbol, { kind: 'expression', expression })
    const unpack = parametersOf(declaration).map((parameter) => lowerParameter(c, parameter))
    for (const { symbol, name, type, isBox } of lift.captures) {
      const local = freshName(f, name, type)
      f.parameters.push({ name: local })
      bind(c, symbol, { kind: 'expression', expression: isBox ? field(variable(local), CONTENT) : variable(local) })
    }
    for (const step of unpack) step()
    hoistVariables(c, body)
    if (ts.isBlock(body)) lowerBlock(c, body.statements)
    else {
      f.origin = originOf(body)
      returned = fitting(lowerValue(c, body), result)
    }
  })
  const fresh = {
    variable: (base: string, type: Type) => freshName(f, base, type),
    target: () => f.nextTarget++,
  }
  const { body: structured, unseen } = widenScopes(
    structure([...f.granted.values(), ...[...f.scratch.values()].flatMap(({ statements }) => statements), ...raw], ROOT, fresh),
    (name) => f.variables[name]!.type,
  )
  for (const name of unseen) refuse(c, declaration, 'CT2008', { function: f.name, name, operator: 'the derivative' })
  const origin = originOf(declaration)
  const last = ts.isBlock(body) ? body.statements.at(-1) : body
  const returns = resultName === undefined ? returned : variable(resultName)
  const at = { origin: last ? originOf(last) : origin }
  const unmarked: Statement[] = [
    ...(resultName === undefined ? [] : [declare(resultName, mayBeUndefined(result) ? missing(result, 'undefined') : undefined)]),
    ...structured,
    ...(returns && result.kind !== 'void' ? [{ kind: 'return', value: returns, ...at } as const] : []),
  ]
  const tested = withoutNeedlessTests(unmarked, f.ownMethodTests)
  settleScratch(c, tested)
  const whole = freezeReads(tested, f.variables, (name) => refuse(c, declaration, 'CT2020', { name, function: f.name }))
  const variables = withMutability(f.variables, whole)
  const fn: FunctionNode = {
    name: f.name,
    parameters: f.parameters,
    variables,
    result: returns ? known(result, returns, variables) : result,
    body: whole,
    origin,
  }
  if (f.hasJavaScript) checkTypes(c, declaration, fn)
  const seen = sealedInstancesSeen(fn)
  return seen ? refuse(c, declaration, 'CT2040', { name: seen.name, function: f.name }) : fn
}

/** Nobody has checked the types of JavaScript. Where they do not fit, something would be read as what it is not. */
function checkTypes(c: Context, declaration: ts.Node, fn: FunctionNode): void {
  const { functions, pending } = c.f.session
  // A call of an unknown function is refused for what it is; one of a function that is being read is checked there.
  const problem = findProblems(fn, { functions: new Map([...functions, [c.f.key, fn]]) }, pending).find(
    (one) => !one.startsWith('An effect stands') && !one.startsWith('There is no function'),
  )
  if (problem !== undefined) refuse(c, declaration, 'CT2041', { function: fn.name, problem: problem.replace(/\.$/, '') })
}

/** A function from outside finds here what it captured there. */
export function within(value: StaticValue, environment: Environment): StaticValue {
  if (value.kind === 'function') {
    const { wrapped } = value
    const own = value.environment ? { ...value, environment } : value
    return wrapped?.by === 'customVjp' ? { ...own, wrapped: { ...wrapped, rule: within(wrapped.rule, environment) as FunctionValue } } : own
  }
  if (value.kind !== 'derived') return value
  return { ...value, of: within(value.of, environment) as DerivedValue['of'] }
}

/** A result that the type checker only knows as something is what the expression is. */
const known = (type: Type, value: Expression, variables: Readonly<Record<string, VariableInfo>>): Type =>
  type.kind === 'opaque' ? typeOf(value, variables) : type

/** Declares a parameter, and gives what has to be done with it before the body: its default, its pattern. */
function lowerParameter(c: Context, parameter: ts.ParameterDeclaration): () => void {
  const { checker, facts } = c.f.session
  const nothing = (): void => undefined
  const symbol = ts.isIdentifier(parameter.name) ? checker.getSymbolAtLocation(parameter.name) : undefined
  if (symbol && c.environment.bindings.has(symbol)) return nothing
  const type = irType(c.f.session, checker.getTypeAtLocation(parameter.name))
  const name = freshName(c.f, ts.isIdentifier(parameter.name) ? parameter.name.text : 'argument', type)
  const isAfter = isLate(parameter, checker)
  const initializer = initializerOf(parameter)
  // The names of types mean what they mean in their own file.
  const isTagged = someType(type, (inner) => inner.kind === 'record' && inner.tagged === true)
  const written = parameter.getSourceFile() === c.f.session.file && !isTagged ? parameter.type?.getText() : undefined
  const described: Parameter = {
    name,
    ...(written !== undefined && { typeText: written + (parameter.questionToken || isAfter ? ' | undefined' : '') }),
    ...(isAfter && written === undefined && { typeText: `${printableType(c, parameter)} | undefined` }),
    ...(initializer && { defaultText: isAfter ? 'undefined' : defaultText(c, initializer) }),
    // It may be left out of the derivative's arguments too.
    ...(parameter.questionToken && { defaultText: 'undefined' }),
  }
  c.f.parameters.push(described)
  if (symbol && facts.isAssigned(symbol)) c.f.assigned.add(name)
  if (symbol && !isAfter) bind(c, symbol, { kind: 'expression', expression: variable(name) })
  if (!isAfter && symbol) return nothing
  return () => {
    const value: Expression = isAfter ? givenOrDefault(c, name, type, initializer!) : variable(name)
    const binding = { kind: 'expression', expression: value } as const
    if (ts.isIdentifier(parameter.name)) bindParameter(c, parameter.name, binding)
    else lowerPattern(c, parameter.name, binding, bindParameter)
  }
}

/** As it is written in the file that the derivative is put into. */
function defaultText(c: Context, initializer: ts.Expression): string {
  const { parts } = lowerOpaque(c, initializer)
  return parts.every((part) => typeof part === 'string') ? parts.join('') : initializer.getText()
}

/** A default that depends on other parameters is part of the program: a derivative flows through it. */
function givenOrDefault(c: Context, name: string, type: Type, initializer: ts.Expression): Expression {
  const isMissing: Expression = {
    kind: 'opaque',
    parts: [variable(name), ' === undefined'],
    type: { kind: 'boolean' },
    effects: false,
  }
  return choose(
    c,
    type,
    isMissing,
    () => lowerExpression(c, initializer),
    () => variable(name),
  )
}

function printableType(c: Context, parameter: ts.ParameterDeclaration): string {
  const { checker } = c.f.session
  return checker.typeToString(checker.getTypeAtLocation(parameter.name), undefined, ts.TypeFormatFlags.NoTruncation)
}

function withMutability(variables: Readonly<Record<string, VariableInfo>>, body: readonly Statement[]): Record<string, VariableInfo> {
  const assigned = variablesAssigned(body)
  return Object.fromEntries(Object.entries(variables).map(([name, info]) => [name, { ...info, mutable: assigned.has(name) }]))
}
