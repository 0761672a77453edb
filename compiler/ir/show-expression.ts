import type { Creation, Expression, NumberLiteral, Operation } from './nodes.ts'
import { isConstantOperator, operators, precedences } from './operators.ts'
import { showNumber } from './parse-expression.ts'
import { showType } from './parse-type.ts'

/** The text of an expression, with as few parentheses as `parseExpression` needs to read the same tree back. */
export function showExpression(expression: Expression): string {
  switch (expression.kind) {
    case 'number':
      return showLiteral(expression)
    case 'boolean':
      return String(expression.value)
    case 'variable':
      return expression.name
    case 'operation':
      return showOperation(expression)
    case 'element':
      return `${showPostfixBase(expression.array)}[${showExpression(expression.index)}]`
    case 'field':
      return (
        showPostfixBase(expression.record) +
        (isPlainField(expression.name) ? `.${expression.name}` : `[${JSON.stringify(expression.name)}]`)
      )
    case 'length':
      return `${showPostfixBase(expression.array)}.length`
    case 'opaque': {
      const parts = expression.parts.map((part) => (typeof part === 'string' ? JSON.stringify(part) : showExpression(part)))
      const form = expression.anywhere ? 'unknown' : expression.effects ? 'impure' : expression.fixed ? 'fixed' : 'opaque'
      return `${form}<${showType(expression.type)}>(${parts.join(', ')})`
    }
    default:
      return showCreation(expression)
  }
}

/** An expression that `[index]`, `.name` or `.fill(...)` follows. */
export function showPostfixBase(expression: Expression): string {
  return expression.kind === 'number' ? `(${showLiteral(expression)})` : showAtLeast(expression, precedences.postfix)
}

function showLiteral({ value, text }: NumberLiteral): string {
  return text ?? showNumber(value)
}

/** A field named `length` would read as the length of an array, and `0` is no identifier: those stand in brackets. */
function isPlainField(name: string): boolean {
  return name !== 'length' && /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(name)
}

function showAtLeast(expression: Expression, precedence: number): string {
  const text = showExpression(expression)
  return precedenceOf(expression) < precedence ? `(${text})` : text
}

const prefixSigns: ReadonlyMap<string, string> = new Map([
  ['negate', '-'],
  ['plus', '+'],
  ['!', '!'],
  ['~', '~'],
])

function precedenceOf(expression: Expression): number {
  if (expression.kind === 'number') return showLiteral(expression).startsWith('-') ? precedences.unary : precedences.postfix
  if (expression.kind !== 'operation') return precedences.postfix
  const { operator, operands } = expression
  if (operator === 'select' && operands.length === 3) return precedences.conditional
  if (prefixSigns.has(operator) && operands.length === 1) return precedences.unary
  return (operands.length === 2 ? operators.get(operator)?.precedence : undefined) ?? precedences.postfix
}

function showOperation(operation: Operation): string {
  const { operator, operands } = operation
  const [first, second, third] = operands
  const precedence = precedenceOf(operation)
  if (precedence === precedences.conditional) {
    const choice = [showExpression(second!), showExpression(third!)].join(' : ')
    return `${showAtLeast(first!, precedences.conditional + 1)} ? ${choice}`
  }
  if (precedence === precedences.unary) {
    // `-1` is a literal, `-(1)` the negation of one.
    const isNegatedLiteral = operator === 'negate' && first!.kind === 'number'
    return prefixSigns.get(operator)! + (isNegatedLiteral ? `(${showExpression(first)})` : showAtLeast(first!, precedences.postfix))
  }
  if (precedence === precedences.power) return `${showAtLeast(first!, precedences.postfix)} ** ${showAtLeast(second!, precedences.power)}`
  if (precedence < precedences.postfix) return `${showAtLeast(first!, precedence)} ${operator} ${showAtLeast(second!, precedence + 1)}`
  return showCall(operator, operands)
}

function showCall(operator: string, operands: readonly Expression[]): string {
  const info = operators.get(operator)
  const isCallable = info !== undefined && info.precedence === undefined && operator !== 'select' && !prefixSigns.has(operator)
  if (!isCallable) return `op(${[JSON.stringify(operator), ...operands.map(showExpression)].join(', ')})`
  return isConstantOperator(operator) && operands.length === 0 ? operator : `${operator}(${showList(operands)})`
}

function showCreation(creation: Creation): string {
  switch (creation.kind) {
    case 'zeros':
      return `${creation.pooled ? (creation.exact ? 'pooledExact' : 'pooled') : 'zeros'}<${showType(creation.type)}>(${showExpression(creation.length)})`
    case 'list':
      return `list<${showType(creation.type)}>(${showList(creation.elements)})`
    case 'record':
      return `record<${showType(creation.type)}>(${showList(creation.values)})`
    case 'keyed':
      return `keyed<${showType(creation.type)}>()`
    case 'slice':
    case 'view':
      return `${creation.kind}(${showOptionalList([creation.array, creation.start, creation.end])})`
    case 'convert':
      return `convert<${showType(creation.type)}>(${showExpression(creation.array)})`
    case 'zerosLike':
      return `zerosLike(${showExpression(creation.value)})`
  }
}

export function showList(expressions: readonly Expression[]): string {
  return expressions.map(showExpression).join(', ')
}

/** Arguments of which some may be missing; a missing one before a present one leaves its place empty. */
export function showOptionalList(expressions: readonly (Expression | undefined)[]): string {
  const last = expressions.findLastIndex((expression) => expression !== undefined)
  return expressions
    .slice(0, last + 1)
    .map((expression) => (expression ? showExpression(expression) : ''))
    .join(', ')
}
