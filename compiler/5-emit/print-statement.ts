import { InternalError } from '../ir/internal-error.ts'
import type { Assign, CopyInto, Counter, Expression, If, KeyedType, Loop, Origin, Statement, Truncate, Type } from '../ir/nodes.ts'
import { isMissingValue, mayBeUndefined, missingOf } from '../ir/missing.ts'
import { sameExpression } from '../ir/same.ts'
import { leaves, variablesMentioned } from '../ir/walk.ts'
import { after, indentLines, lineOf, type Line } from './lines.ts'
import { compoundOf } from './print-assign.ts'
import { printDeclaration } from './print-declare.ts'
import { printArguments } from './print-creation.ts'
import type { PrintContext } from './print-context.ts'
import { keyedAround, negated, printAtom, printExpression, printInto, printTarget } from './print-expression.ts'
import { printWrapped } from './print-wrapped.ts'
import { typeOf } from './type-of.ts'

/** What printing a statement list needs beyond expressions. */
export interface StatementContext extends PrintContext {
  /** Variables that need a first value though they are declared without one. */
  readonly unproven: ReadonlySet<string>
  /** `const` numbers that are compared, and would be compared as literals. */
  readonly compared: ReadonlySet<string>
  /** What variables are assigned as it is. */
  readonly handedOn: ReadonlySet<string>
  /** What the function gives. */
  readonly result: Type
  /** A name that no variable of the function has. */
  readonly fresh: (base: string) => string
}

/** `around` is where the list itself comes from. */
export function printBlock(block: readonly Statement[], context: StatementContext, around?: Origin): Line[] {
  const statements = flattened(block, context)
  const origins = originsOf(statements, around)
  return statements.flatMap((statement, i) => printStatement(statement, context, origins[i]))
}

/**
 * Where the statements of a list lead. One below a comment leads to the line that the comment shows, whatever else has become part of it; but loops and
 * branches lead to those that they reverse. One that the compiler made up leads to where the next one leads, which needs it, or else the last one.
 */
export function originsOf(statements: readonly Statement[], around: Origin | undefined): readonly (Origin | undefined)[] {
  const origins = statements.map((statement, i) => {
    const above = statements[i - 1]
    const isShown = above?.kind === 'comment' && !(statement.origin && innerBlocks.has(statement.kind))
    return (isShown && statement.kind !== 'comment' ? above.origin : undefined) ?? statement.origin
  })
  for (let i = origins.length - 2; i >= 0; i--) origins[i] ??= origins[i + 1]
  const last = origins.findLast(Boolean) ?? around
  return origins.map((origin) => origin ?? last)
}

const innerBlocks: ReadonlySet<Statement['kind']> = new Set(['if', 'loop'])

/**
 * Takes what follows an exit out of its `else`: `if (a) break` and then the rest, as one would write it. `around` are the names that the list which it
 * comes to stand in declares or means otherwise.
 */
function flattened(block: readonly Statement[], context: StatementContext, around: ReadonlySet<string> = new Set()): Statement[] {
  const declaredName = (statement: Statement): string[] => declaredNames(statement).map(context.shown)
  const declared = new Set([...around, ...block.flatMap(declaredName)])
  return block.flatMap((statement, i): Statement[] => {
    if (statement.kind !== 'if') return [statement]
    const turned =
      statement.else.length > 0 && (statement.then.length === 0 || (!leaves(statement.then) && leaves(statement.else)))
        ? inverted(statement)
        : statement
    if (!leaves(turned.then) || turned.else.length === 0) return [turned]
    const rest: Statement = { ...turned, else: [] }
    const beside = variablesMentioned([...block.slice(0, i), rest, ...block.slice(i + 1)])
    const taken = new Set([...declared, ...[...beside].map(context.shown)])
    const names = turned.else.flatMap(declaredName)
    if (names.some((name) => taken.has(name))) return [turned]
    for (const name of names) declared.add(name)
    return [rest, ...flattened(turned.else, context, taken)]
  })
}

const declaredNames = (statement: Statement): string[] =>
  statement.kind === 'declare' ? [statement.name] : statement.kind === 'call' && statement.result !== undefined ? [statement.result] : []

function inverted(statement: If): If {
  const test = negated(statement.test) ?? { kind: 'operation', operator: '!', operands: [statement.test] }
  return { ...statement, test, then: statement.else, else: statement.then }
}

function printStatement(statement: Statement, context: StatementContext, origin: Origin | undefined): Line[] {
  const simple = (prefix: string, value: Expression, into?: Type): Line[] => valueLines(prefix, value, into, context, origin)
  const text = (line: string): Line[] => [lineOf(guarded(line), origin)]
  const print = (expression: Expression): string => printExpression(expression, context)
  switch (statement.kind) {
    case 'declare':
      return statement.value
        ? simple(`${printDeclaration(statement, context)} = `, statement.value, context.variables[statement.name]?.type)
        : text(printDeclaration(statement, context))
    case 'assign': {
      const keyed = statement.target.kind === 'element' ? keyedAround(statement.target, context) : undefined
      if (keyed) return printKeyedAssignment(statement, keyed, context, origin)
      const compound = compoundOf(statement)
      const target = printTarget(statement.target, context, compound !== undefined)
      if (compound === undefined) return simple(`${target} = `, statement.value, typeOf(statement.target, context.variables))
      return compound.value ? simple(`${target} ${compound.operator} `, compound.value) : text(target + compound.operator)
    }
    case 'push':
      return text(
        `${printAtom(statement.array, context)}.push(${printInto(statement.value, elementOf(statement.array, context), context)})`,
      )
    case 'truncate':
      return text(printTruncation(statement, context))
    case 'fill':
      return text(
        `${printAtom(statement.array, context)}.fill(${printArguments([statement.value, statement.start, statement.end], context)})`,
      )
    case 'copyInto':
      return text(printCopy(statement, context))
    case 'if':
      return printIf(statement, context, origin)
    case 'loop':
      return printLoop(statement, context, origin)
    case 'break':
      return text('break')
    case 'throw':
      return simple('throw ', statement.value)
    case 'return':
      return statement.value ? simple('return ', statement.value, context.result) : text('return')
    case 'call': {
      const declaration =
        statement.result === undefined ? '' : `${printDeclaration({ name: statement.result, value: statement }, context)} = `
      return text(`${declaration}${context.nameOf(statement.callee)}(${statement.arguments.map(print).join(', ')})`)
    }
    case 'effect':
      return text(print(statement.expression))
    case 'reserve': {
      const { tape, length, pooled } = statement
      const grown = isPooledTape(tape, pooled, context) ? `${context.pool}.grow` : 'cotangent#grow'
      const name = context.shown(tape)
      return text(`if (${name}.length < ${print(length)}) ${name} = ${grown}(${name}, ${print(length)})`)
    }
    case 'release':
      return isPooledTape(statement.tape, true, context)
        ? text(`${statement.exact ? context.arrays : context.pool}.give(${context.shown(statement.tape)})`)
        : []
    case 'comment':
      return [lineOf(`// ${statement.text.replace(/\s+/g, ' ').trim()}`, origin)]
  }
}

/** A statement on one line, without what stands in it: the head of a loop or of a branch. */
export function printHead(statement: Statement, context: StatementContext): string {
  if (statement.kind === 'if') return `if (${printExpression(statement.test, context)})`
  if (statement.kind === 'loop' && statement.counter) return `for (${printCounter(statement.counter, context)})`
  if (statement.kind === 'loop')
    return `${statement.testAt === 'bottom' ? 'do while' : 'while'} (${statement.test ? printExpression(statement.test, context) : 'true'})`
  const lines = printStatement(statement, context, undefined).map(({ text }) => text.trim())
  return lines.join(' ').replace(/\s+/g, ' ').replace(/^;/, '')
}

/** A number under a key. What was kept of a place that there was nothing in takes the key away again. */
function printKeyedAssignment(
  statement: Assign,
  { storage, element }: KeyedType,
  context: StatementContext,
  origin: Origin | undefined,
): Line[] {
  const { target, value } = statement
  if (target.kind !== 'element') throw new InternalError('only elements have keys')
  const [base, key] = [printAtom(target.array, context), printExpression(target.index, context)]
  if (isMissingValue(value))
    return [lineOf(storage === 'Map' ? `${base}.delete(${key})` : `delete ${printTarget(target, context, false)}`, origin)]
  const isRestored = value.kind === 'variable' && mayBeUndefined(context.variables[value.name]!.type)
  if (isRestored) return [lineOf(`cotangent#putBack(${base}, ${key}, ${context.shown(value.name)})`, origin)]
  if (storage === 'Map') return [lineOf(guarded(`${base}.set(${key}, ${printExpression(value, context)})`), origin)]
  const compound = element.kind === 'number' && missingOf(element) === undefined ? undefined : compoundOf(statement)
  const place = printTarget(target, context, false)
  if (compound)
    return [
      lineOf(
        compound.value ? `${place}! ${compound.operator} ${printExpression(compound.value, context)}` : `${place}!${compound.operator}`,
        origin,
      ),
    ]
  return valueLines(`${place} = `, value, undefined, context, origin)
}

function elementOf(array: Expression, { variables }: PrintContext): Type | undefined {
  const type = typeOf(array, variables)
  return type?.kind === 'array' ? type.element : undefined
}

export function isPooledTape(tape: string, pooled: boolean, { variables }: Pick<PrintContext, 'variables'>): boolean {
  const type = variables[tape]?.type
  return pooled && type?.kind === 'array' && type.storage === 'Float64Array'
}

/** Without semicolons, a line that starts like the rest of an expression would continue the line above. */
function guarded(line: string): string {
  return /^[[(`+\-/]/.test(line) ? `;${line}` : line
}

function valueLines(
  prefix: string,
  value: Expression,
  into: Type | undefined,
  context: StatementContext,
  origin: Origin | undefined,
): Line[] {
  const start = guarded(prefix)
  const [first = '', ...rest] = printWrapped(value, context, context.width - start.length, into)
  return [start + first, ...rest].map((text) => lineOf(text, origin))
}

/** `set` is a method of typed arrays only. */
function printCopy({ target, source, offset }: CopyInto, context: StatementContext): string {
  const type = typeOf(target, context.variables)
  const [to, from] = [printAtom(target, context), printAtom(source, context)]
  if (type?.kind !== 'array' || type.storage !== 'Array') return `${to}.set(${printArguments([source, offset], context)})`
  const index = context.fresh('i')
  const place: Expression = { kind: 'variable', name: index }
  const at = offset ? printExpression({ kind: 'operation', operator: '+', operands: [offset, place] }, context) : index
  return `for (let ${index} = 0; ${index} < ${from}.length; ${index}++) ${to}[${at}] = ${from}[${index}]!`
}

function printTruncation({ array, length, from }: Truncate, context: StatementContext): string {
  const last: Expression = { kind: 'operation', operator: '-', operands: [from, { kind: 'number', value: 1 }] }
  const isPop = length.kind === 'operation' && length.operator === 'Math.max' && sameExpression(length.operands[0]!, last)
  return isPop ? `${printAtom(array, context)}.pop()` : `${printAtom(array, context)}.length = ${printExpression(length, context)}`
}

function printIf(statement: If, context: StatementContext, origin: Origin | undefined): Line[] {
  if (statement.then.length === 0 && statement.else.length === 0) return []
  const lines = body(`if (${printExpression(statement.test, context)})`, statement.then, context, origin, statement.else.length === 0)
  if (statement.else.length === 0) return lines
  const [only] = statement.else
  const isChain = statement.else.length === 1 && only?.kind === 'if' && only.then.length > 0
  const rest = isChain
    ? printIf(only, context, only.origin ?? origin)
    : [lineOf('{'), ...indentLines(printBlock(statement.else, context, origin)), lineOf('}')]
  const [first, ...others] = rest
  return [...lines.slice(0, -1), after(`${lines.at(-1)!.text} else `, first!), ...others]
}

function printLoop(loop: Loop, context: StatementContext, origin: Origin | undefined): Line[] {
  if (loop.counter) return body(`for (${printCounter(loop.counter, context)})`, loop.body, context, origin, true)
  if (loop.test === undefined && loop.testAt === 'bottom') throw new InternalError('A loop tested at the bottom has no test.')
  const test = loop.test ? printExpression(loop.test, context) : 'true'
  if (loop.testAt !== 'bottom') return body(`while (${test})`, loop.body, context, origin, true)
  return [...body('do', loop.body, context, origin, false).slice(0, -1), lineOf(`} while (${test})`, origin)]
}

function printCounter({ name, from, to, comparison, step }: Counter, context: StatementContext): string {
  const change = step === 1 ? '++' : step === -1 ? '--' : step < 0 ? ` -= ${-step}` : ` += ${step}`
  const test: Expression = { kind: 'operation', operator: comparison, operands: [{ kind: 'variable', name }, to] }
  const shown = context.shown(name)
  return `let ${shown} = ${printExpression(from, context)}; ${printExpression(test, context)}; ${shown}${change}`
}

const simpleKinds: ReadonlySet<Statement['kind']> = new Set(['assign', 'fill', 'push', 'truncate', 'break', 'throw', 'return', 'effect'])

function bare(header: string, origin: Origin | undefined, only: Line): Line {
  const line = lineOf(`${header} ${only.text}`, origin ?? only.origin)
  return origin && only.origin ? { ...line, inner: { column: header.length + 1, origin: only.origin } } : line
}

/** A header with its block: on one line when that is one short statement. */
function body(
  header: string,
  block: readonly Statement[],
  context: StatementContext,
  origin: Origin | undefined,
  mayBeBare: boolean,
): Line[] {
  const lines = printBlock(block, context, origin)
  const [only] = lines
  const isShort = only !== undefined && header.length + 1 + only.text.length <= context.width && !only.text.startsWith(';')
  if (mayBeBare && lines.length === 1 && isShort && block.length === 1 && simpleKinds.has(block[0]!.kind))
    return [bare(header, origin, only)]
  return [lineOf(`${header} {`, origin), ...indentLines(lines), lineOf('}')]
}
