import type { Checkpoint, Counter, Expression, FunctionNode, Loop, Origin, Parameter, Reversed, Statement, VariableInfo } from './nodes.ts'
import { parseArguments, parseConditional, parseOptionalArguments, parsePostfix } from './parse-expression.ts'
import { parseType } from './parse-type.ts'
import { Cursor, type FieldsOf } from './tokens.ts'

/** Reads what `show` prints. The fields of types that have names stand elsewhere. */
export function parse(text: string, fieldsOf?: FieldsOf): FunctionNode {
  const cursor = new Cursor(text, fieldsOf)
  cursor.expect('function')
  const name = parseName(cursor)
  const parameters = parseParameters(cursor)
  cursor.expect(':')
  const result = parseType(cursor)
  const reversed = parseReversed(cursor)
  const origin = parseOrigin(cursor, undefined)
  const variables: Record<string, VariableInfo> = {}
  while (!cursor.accept('{')) {
    const mutable = cursor.accept('let')
    if (!mutable) cursor.expect('const')
    const variable = cursor.take('name')
    cursor.expect(':')
    variables[variable] = { type: parseType(cursor), mutable }
  }
  const body = parseBlock(cursor, origin?.file)
  if (cursor.token.kind !== 'end') cursor.fail('the end of the function')
  return { name, parameters, variables, result, body, ...(reversed && { reversed }), ...(origin && { origin }) }
}

function parseReversed(cursor: Cursor): Reversed | undefined {
  if (cursor.accept('recomputed')) return { by: 'recomputed' }
  return cursor.accept('by') ? { by: 'rule', forward: cursor.takeString(), backward: cursor.takeString() } : undefined
}

function parseName(cursor: Cursor): string {
  return cursor.token.kind === 'string' ? cursor.takeString() : cursor.take('name')
}

function parseParameters(cursor: Cursor): Parameter[] {
  const parameters: Parameter[] = []
  cursor.expect('(')
  while (!cursor.accept(')')) {
    if (parameters.length > 0) cursor.expect(',')
    const name = cursor.take('name')
    const typeText = cursor.accept(':') ? cursor.takeString() : undefined
    const defaultText = cursor.accept('=') ? cursor.takeString() : undefined
    parameters.push({ name, ...(typeText !== undefined && { typeText }), ...(defaultText !== undefined && { defaultText }) })
  }
  return parameters
}

/** `@line:start:end`, or `@"file":line:start:end` in another file than the function's. */
function parseOrigin(cursor: Cursor, file: string | undefined): Origin | undefined {
  if (!cursor.accept('@')) return undefined
  let place = file
  if (cursor.token.kind === 'string') {
    place = cursor.takeString()
    cursor.expect(':')
  }
  if (place === undefined) cursor.fail('the name of a file')
  const line = Number(cursor.take('number'))
  cursor.expect(':')
  const start = Number(cursor.take('number'))
  cursor.expect(':')
  return { file: place, line, start, end: Number(cursor.take('number')) }
}

/** The statements up to the closing brace; the opening one is already read. */
function parseBlock(cursor: Cursor, file: string | undefined): Statement[] {
  const statements: Statement[] = []
  while (!cursor.accept('}')) statements.push(parseStatement(cursor, file))
  return statements
}

function parseStatement(cursor: Cursor, file: string | undefined): Statement {
  if (cursor.token.kind === 'comment') return parseComment(cursor.take('comment'), file)
  if (cursor.accept('if')) return parseIf(cursor, file)
  if (cursor.at('for') || cursor.at('while') || cursor.at('do')) return parseLoop(cursor, file)
  return withOrigin(parseSimple(cursor), parseOrigin(cursor, file))
}

function withOrigin<S extends Statement>(statement: S, origin: Origin | undefined): S {
  return origin ? { ...statement, origin } : statement
}

function parseComment(line: string, file: string | undefined): Statement {
  const content = line.slice(2).replace(/^ /, '')
  const place = /^@(?:"(?:[^"\\]|\\.)*":)?\d+:\d+:\d+/.exec(content)?.[0]
  const text = place === undefined ? content : content.slice(place.length).replace(/^ /, '')
  const comment: Statement = { kind: 'comment', text: text.startsWith('"') ? (JSON.parse(text) as string) : text }
  return place === undefined ? comment : withOrigin(comment, parseOrigin(new Cursor(place), file))
}

function parseIf(cursor: Cursor, file: string | undefined): Statement {
  const test = parseParenthesized(cursor)
  cursor.expect('{')
  const origin = parseOrigin(cursor, file)
  const then = parseBlock(cursor, file)
  let otherwise: Statement[] = []
  if (cursor.accept('else')) {
    cursor.expect('{')
    otherwise = parseBlock(cursor, file)
  }
  return withOrigin({ kind: 'if', test, then, else: otherwise }, origin)
}

function parseParenthesized(cursor: Cursor): Expression {
  cursor.expect('(')
  const expression = parseConditional(cursor)
  cursor.expect(')')
  return expression
}

function parseLoop(cursor: Cursor, file: string | undefined): Statement {
  const isBottom = cursor.at('do')
  const head = parseLoopHead(cursor)
  const exit = cursor.accept('exit') ? { exit: cursor.take('name') } : {}
  const checkpoint = parseCheckpoint(cursor)
  cursor.expect('{')
  const origin = parseOrigin(cursor, file)
  const body = parseBlock(cursor, file)
  if (isBottom) cursor.expect('while')
  return withOrigin(
    { kind: 'loop', ...head, ...(isBottom ? parseTest(cursor) : {}), body, ...exit, ...(checkpoint && { checkpoint }) },
    origin,
  )
}

function parseCheckpoint(cursor: Cursor): Checkpoint | undefined {
  if (cursor.accept('every')) return { every: Number(cursor.take('number')) }
  return cursor.accept('binomial') ? { binomial: Number(cursor.take('number')) } : undefined
}

function parseLoopHead(cursor: Cursor): Pick<Loop, 'counter' | 'test' | 'testAt'> {
  if (cursor.accept('do')) return { testAt: 'bottom' }
  if (cursor.accept('for')) return { counter: parseCounter(cursor) }
  cursor.expect('while')
  return { ...(cursor.accept('top') ? { testAt: 'top' } : {}), ...parseTest(cursor) }
}

function parseTest(cursor: Cursor): Pick<Loop, 'test'> {
  cursor.expect('(')
  if (cursor.accept(')')) return {}
  const test = parseConditional(cursor)
  cursor.expect(')')
  return { test }
}

function parseCounter(cursor: Cursor): Counter {
  cursor.expect('(')
  const name = cursor.take('name')
  cursor.expect('=')
  const from = parseConditional(cursor)
  cursor.expect(';')
  cursor.expect(name)
  const comparison = parseComparison(cursor)
  const to = parseConditional(cursor)
  cursor.expect(';')
  cursor.expect(name)
  cursor.expect('+=')
  const step = parseConditional(cursor)
  cursor.expect(')')
  if (step.kind !== 'number') cursor.fail('a literal step before')
  return { name, from, to, comparison, step: step.value }
}

function parseComparison(cursor: Cursor): Counter['comparison'] {
  for (const comparison of ['<', '<=', '>', '>='] as const) if (cursor.accept(comparison)) return comparison
  return cursor.fail('a comparison')
}

function parseSimple(cursor: Cursor): Statement {
  if (cursor.accept('let') || cursor.accept('const')) return parseDeclaration(cursor)
  if (cursor.accept('break')) return { kind: 'break' }
  if (cursor.accept('throw')) return { kind: 'throw', value: parseConditional(cursor) }
  if (cursor.accept('return')) {
    const isBare = cursor.token.startsLine || cursor.at('@') || cursor.at('}')
    return isBare ? { kind: 'return' } : { kind: 'return', value: parseConditional(cursor) }
  }
  if (cursor.at('call') && cursor.following.kind === 'string') return parseCall(cursor, undefined)
  if (cursor.at('effect') && !['=', '.', '['].includes(cursor.following.text)) {
    cursor.expect('effect')
    return { kind: 'effect', expression: parseConditional(cursor) }
  }
  if (cursor.following.text === '(' && cursor.following.adjacent && cursor.token.kind === 'name') {
    const tape = parseTapeStatement(cursor)
    if (tape) return tape
  }
  return parseWrite(cursor)
}

function parseDeclaration(cursor: Cursor): Statement {
  const name = cursor.take('name')
  if (!cursor.accept('=')) return { kind: 'declare', name }
  if (cursor.at('call') && cursor.following.kind === 'string') return parseCall(cursor, name)
  return { kind: 'declare', name, value: parseConditional(cursor) }
}

function parseCall(cursor: Cursor, result: string | undefined): Statement {
  cursor.expect('call')
  const callee = cursor.takeString()
  return { kind: 'call', ...(result !== undefined && { result }), callee, arguments: parseArguments(cursor) }
}

function parseTapeStatement(cursor: Cursor): Statement | undefined {
  const kind = cursor.token.text
  if (kind !== 'reserve' && kind !== 'reservePooled' && kind !== 'release' && kind !== 'releaseExact') return undefined
  cursor.expect(kind)
  const [tape, length] = parseArguments(cursor)
  if (tape?.kind !== 'variable') cursor.fail('the name of a tape before')
  if (kind === 'release') return { kind, tape: tape.name }
  if (kind === 'releaseExact') return { kind: 'release', tape: tape.name, exact: true }
  if (!length) cursor.fail('a length before')
  return { kind: 'reserve', tape: tape.name, length, pooled: kind === 'reservePooled' }
}

function parseWrite(cursor: Cursor): Statement {
  const target = parsePostfix(cursor)
  if (cursor.accept('.')) return parseMethod(cursor, target)
  cursor.expect('=')
  if (target.kind !== 'variable' && target.kind !== 'element' && target.kind !== 'field') cursor.fail('an assignable target before')
  return { kind: 'assign', target, value: parseConditional(cursor) }
}

function parseMethod(cursor: Cursor, target: Expression): Statement {
  if (cursor.accept('push')) {
    const [value] = parseArguments(cursor)
    return value ? { kind: 'push', array: target, value } : cursor.fail('an argument before')
  }
  if (cursor.accept('truncate')) {
    const [length, from] = parseArguments(cursor)
    return length && from ? { kind: 'truncate', array: target, length, from } : cursor.fail('two lengths before')
  }
  const isFill = cursor.accept('fill')
  if (!isFill) cursor.expect('set')
  const [first, second, third] = parseOptionalArguments(cursor)
  if (!first) cursor.fail('an argument before')
  if (!isFill) return { kind: 'copyInto', target, source: first, ...(second && { offset: second }) }
  return { kind: 'fill', array: target, value: first, ...(second && { start: second }), ...(third && { end: third }) }
}
