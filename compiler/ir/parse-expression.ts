import type { ArrayType, Expression, KeyedType, Opaque, RecordType, Type } from './nodes.ts'
import { operators, precedences } from './operators.ts'
import { parseType } from './parse-type.ts'
import { Cursor } from './tokens.ts'

/** Reads what `showExpression` prints. Rules are written in the same language, which is that of TypeScript as far as it goes. */
export function parseExpression(text: string): Expression {
  const cursor = new Cursor(text)
  const expression = parseConditional(cursor)
  if (cursor.token.kind !== 'end') cursor.fail('the end of the expression')
  return expression
}

export function parseConditional(cursor: Cursor): Expression {
  const test = parseInfix(cursor, precedences.conditional + 1)
  if (!cursor.continuesWith('?')) return test
  cursor.expect('?')
  const consequent = parseConditional(cursor)
  cursor.expect(':')
  return operation('select', [test, consequent, parseConditional(cursor)])
}

function parseInfix(cursor: Cursor, weakest: number): Expression {
  let left = parseUnary(cursor)
  for (;;) {
    const { text, kind, startsLine } = cursor.token
    const precedence = kind === 'symbol' && !startsLine && text !== '~' ? operators.get(text)?.precedence : undefined
    if (precedence === undefined || precedence < weakest) return left
    cursor.expect(text)
    left = operation(text, [left, parseInfix(cursor, precedence + 1)])
  }
}

const prefixes: ReadonlyMap<string, string> = new Map([
  ['-', 'negate'],
  ['+', 'plus'],
  ['!', '!'],
  ['~', '~'],
])

function parseUnary(cursor: Cursor): Expression {
  const operator = cursor.token.kind === 'symbol' ? prefixes.get(cursor.token.text) : undefined
  if (operator === undefined) return parsePower(cursor)
  const isLiteral = cursor.at('-') && cursor.following.adjacent && isNumberToken(cursor.following)
  cursor.expect(cursor.token.text)
  const operand = isLiteral ? parseNumber(cursor, '-') : parseUnaryOperand(cursor)
  return isLiteral ? operand : operation(operator, [operand])
}

/** As in JavaScript, `-x ** 2` and `-2 ** 2` are refused, because readers disagree about them. */
function parseUnaryOperand(cursor: Cursor): Expression {
  const operand = prefixes.has(cursor.token.text) ? parseUnary(cursor) : parsePostfix(cursor)
  if (cursor.continuesWith('**')) cursor.fail('parentheses around the operand of "**"')
  return operand
}

function parsePower(cursor: Cursor): Expression {
  const base = parsePostfix(cursor)
  if (!cursor.continuesWith('**')) return base
  cursor.expect('**')
  return operation('**', [base, parseUnary(cursor)])
}

/** Postfix forms; a method call such as `.fill(` is left for the statement that it belongs to. */
export function parsePostfix(cursor: Cursor): Expression {
  let expression = parsePrimary(cursor)
  for (;;) {
    if (cursor.continuesWith('[')) {
      cursor.expect('[')
      if (cursor.token.kind === 'string') expression = { kind: 'field', record: expression, name: cursor.takeString() }
      else expression = { kind: 'element', array: expression, index: parseConditional(cursor) }
      cursor.expect(']')
    } else if (cursor.continuesWith('.') && !isMethodCall(cursor)) {
      cursor.expect('.')
      const name = cursor.take('name')
      expression = name === 'length' ? { kind: 'length', array: expression } : { kind: 'field', record: expression, name }
    } else return expression
  }
}

function isMethodCall(cursor: Cursor): boolean {
  return cursor.peek(2).text === '(' && cursor.peek(2).adjacent
}

function parsePrimary(cursor: Cursor): Expression {
  if (cursor.accept('(')) {
    const expression = parseConditional(cursor)
    cursor.expect(')')
    return expression
  }
  if (isNumberToken(cursor.token)) return parseNumber(cursor, '')
  const name = cursor.take('name')
  if (name === 'true' || name === 'false') return { kind: 'boolean', value: name === 'true' }
  if ((name === 'Math' || name === 'Number') && cursor.accept('.')) {
    const operator = `${name}.${cursor.take('name')}`
    return operation(operator, cursor.continuesWith('(') ? parseArguments(cursor) : [])
  }
  if (cursor.token.adjacent && cursor.continuesWith('<') && typedForms.has(name)) return parseTypedForm(cursor, name)
  if (cursor.token.adjacent && cursor.continuesWith('(')) return parseCall(cursor, name)
  return { kind: 'variable', name }
}

function isNumberToken({ kind, text }: { readonly kind: string; readonly text: string }): boolean {
  return kind === 'number' || (kind === 'name' && (text === 'NaN' || text === 'Infinity'))
}

function parseNumber(cursor: Cursor, sign: '-' | ''): Expression {
  const digits = cursor.take(cursor.token.kind)
  if (sign === '-' && cursor.continuesWith('**')) cursor.fail('parentheses around the operand of "**"')
  const magnitude = Number(digits.replaceAll('_', ''))
  const value = sign === '-' ? -magnitude : magnitude
  const text = sign + digits
  return text === showNumber(value) ? { kind: 'number', value } : { kind: 'number', value, text }
}

/** As `String`, but keeps the sign of zero. */
export function showNumber(value: number): string {
  return Object.is(value, -0) ? '-0' : String(value)
}

const opaqueForms: readonly string[] = ['opaque', 'impure', 'unknown', 'fixed']
const typedForms: ReadonlySet<string> = new Set(['zeros', 'pooled', 'pooledExact', 'list', 'keyed', 'record', 'convert', ...opaqueForms])

/** `zeros<Float64Array>(n)` and its kin: the type stands in angle brackets that touch the word. */
function parseTypedForm(cursor: Cursor, form: string): Expression {
  cursor.expect('<')
  const type = parseType(cursor)
  cursor.expectClosing()
  if (opaqueForms.includes(form)) return parseOpaque(cursor, type, form)
  const values = parseArguments(cursor)
  if (form === 'record') return { kind: 'record', type: type as RecordType, values }
  if (form === 'keyed') return { kind: 'keyed', type: type as KeyedType }
  const arrayType = type as ArrayType
  if (form === 'list') return { kind: 'list', type: arrayType, elements: values }
  const [only] = values
  if (only === undefined || values.length > 1) cursor.fail('one argument')
  if (form === 'convert') return { kind: 'convert', array: only, type: arrayType }
  return {
    kind: 'zeros',
    type: arrayType,
    length: only,
    ...(form !== 'zeros' && { pooled: true }),
    ...(form === 'pooledExact' && { exact: true }),
  }
}

function parseOpaque(cursor: Cursor, type: Type, form: string): Opaque {
  const parts: (string | Expression)[] = []
  cursor.expect('(')
  while (!cursor.accept(')')) {
    if (parts.length > 0) cursor.expect(',')
    parts.push(cursor.token.kind === 'string' ? cursor.takeString() : parseConditional(cursor))
  }
  const effects = form === 'impure' || form === 'unknown'
  return { kind: 'opaque', parts, type, effects, ...(form === 'unknown' && { anywhere: true }), ...(form === 'fixed' && { fixed: true }) }
}

function parseCall(cursor: Cursor, name: string): Expression {
  if (name === 'op') return parseNamedOperation(cursor)
  if (name !== 'slice' && name !== 'view' && name !== 'zerosLike') return operation(name, parseArguments(cursor))
  const [array, start, end] = parseOptionalArguments(cursor)
  if (array === undefined) cursor.fail('an argument')
  if (name === 'zerosLike') return { kind: 'zerosLike', value: array }
  return { kind: name, array, ...(start && { start }), ...(end && { end }) }
}

/** `op("@", a, b)`: the form for an operator that has no other, so that malformed IR can be printed too. */
function parseNamedOperation(cursor: Cursor): Expression {
  cursor.expect('(')
  const operator = cursor.takeString()
  const operands: Expression[] = []
  while (!cursor.accept(')')) {
    cursor.expect(',')
    operands.push(parseConditional(cursor))
  }
  return operation(operator, operands)
}

export function parseArguments(cursor: Cursor): Expression[] {
  return parseOptionalArguments(cursor).map((value) => value ?? cursor.fail('an argument'))
}

/** Arguments of which some may be left out: `(array, , end)`. */
export function parseOptionalArguments(cursor: Cursor): (Expression | undefined)[] {
  const values: (Expression | undefined)[] = []
  cursor.expect('(')
  if (cursor.accept(')')) return values
  do values.push(cursor.at(',') || cursor.at(')') ? undefined : parseConditional(cursor))
  while (cursor.accept(','))
  cursor.expect(')')
  return values
}

function operation(operator: string, operands: readonly Expression[]): Expression {
  return { kind: 'operation', operator, operands }
}
