import { InternalError } from '../ir/internal-error.ts'
import { coalesced, isMissingValue, missingOf, missingTests, missingText } from '../ir/missing.ts'
import type { Element, Expression, FieldAccess, KeyedType, NumberLiteral, Opaque, Operation, Type, Variable } from '../ir/nodes.ts'
import { isConstantOperator, operators } from '../ir/operators.ts'
import { printCreation } from './print-creation.ts'
import type { PrintContext } from './print-context.ts'
import { isIdentifier, printType, quote } from './print-type.ts'
import { textWritten } from '../ir/text-type.ts'
import { typeOf } from './type-of.ts'

/**
 * Text with what its neighbours need to know: an `atom` binds as tightly as a call, `unary` has a prefix operator, `infix` is described by its
 * operator, and `loose` needs parentheses next to any operator.
 */
interface Printed {
  readonly text: string
  readonly binds: 'atom' | 'unary' | 'infix' | 'conditional' | 'loose'
  readonly operator?: string
}

/** An expression where nothing stands beside it: a value, an argument, a condition. */
export function printExpression(expression: Expression, context: PrintContext): string {
  return print(expression, context).text
}

/** A value put into a place of some type. Where that may hold nothing, so may the value. */
export function printInto(expression: Expression, type: Type | undefined, context: PrintContext): string {
  return (type && missingOf(type) !== undefined ? printMaybe(expression, context) : print(expression, context)).text
}

/** What may be missing, as it is. Everywhere else it is said to be there, as its author knew where it was read. */
function printMaybe(expression: Expression, context: PrintContext): Printed {
  switch (expression.kind) {
    case 'variable':
      return atom(context.shown(expression.name))
    case 'field':
      return atom(printField(expression, context))
    case 'element':
      return keyedAround(expression, context) ? atom(printElement(expression, context)) : print(expression, context)
    case 'opaque': {
      const text = missingText(expression)
      return text === undefined ? printOpaque(expression, context) : atom(text)
    }
    case 'operation': {
      const [test, a, b] = expression.operands
      if (expression.operator === 'select' && !coalesced(expression)) return printSelect(test!, a!, b!, context, printMaybe)
      return passing.has(expression.operator) ? printMaybe(test!, context) : print(expression, context)
    }
    default:
      return print(expression, context)
  }
}

const passing: ReadonlySet<string> = new Set(['stopGradient', 'shown'])

/** A value that is there. */
const known = (type: Type | undefined, { text }: Printed): Printed => atom(type && missingOf(type) !== undefined ? `${text}!` : text)

/** An expression that something is attached to: `.length`, `[i]`, `.slice()`. */
export function printAtom(expression: Expression, context: PrintContext): string {
  const printed = print(expression, context)
  return printed.binds === 'atom' ? printed.text : `(${printed.text})`
}

/** The place that an assignment writes. `x[i]! += v` both reads and writes. */
export function printTarget(target: Variable | Element | FieldAccess, context: PrintContext, isRead: boolean): string {
  if (target.kind !== 'element') return isRead ? printExpression(target, context) : printMaybe(target, context).text
  return printElement(target, context) + (isRead ? '!' : '')
}

function print(expression: Expression, context: PrintContext): Printed {
  switch (expression.kind) {
    case 'number':
      return printNumber(expression)
    case 'boolean':
      return atom(String(expression.value))
    case 'variable':
      return known(context.variables[expression.name]?.type, printMaybe(expression, context))
    case 'operation':
      return printOperation(expression, context)
    case 'element': {
      const keyed = keyedAround(expression, context)
      return keyed ? printKeyed(expression, keyed, context) : atom(`${printElement(expression, context)}!`)
    }
    case 'field':
      return known(typeOf(expression, context.variables), printMaybe(expression, context))
    case 'length':
      return atom(`${printAtom(expression.array, context)}.length`)
    case 'opaque':
      return isMissingValue(expression) && isPlace(expression.type) ? atom('undefined!') : printOpaque(expression, context)
    default:
      return atom(printCreation(expression, context))
  }
}

const atom = (text: string): Printed => ({ text, binds: 'atom' })

function printNumber({ value, text }: NumberLiteral): Printed {
  const digits = text ?? (Object.is(value, -0) ? '-0' : String(value).replace('e+', 'e'))
  return { text: digits, binds: digits.startsWith('-') ? 'unary' : 'atom' }
}

export function keyedAround({ array }: Element, { variables }: PrintContext): KeyedType | undefined {
  const type = typeOf(array, variables)
  return type?.kind === 'keyed' ? type : undefined
}

/** In the shadow there is a zero where nothing was put so far. */
function printKeyed(element: Element, { element: part }: KeyedType, context: PrintContext): Printed {
  const text = printElement(element, context)
  return part.kind === 'number' && missingOf(part) === undefined ? { text: `${text} ?? 0`, binds: 'loose' } : atom(`${text}!`)
}

function printElement(element: Element, context: PrintContext): string {
  const { array, index } = element
  const keyed = keyedAround(element, context)
  const key = keyed && textWritten(index)
  if (keyed && key !== undefined) {
    if (keyed.storage === 'Map') return `${printAtom(array, context)}.get(${quote(key)})`
    return `${printAtom(array, context)}${isIdentifier(key) ? `.${key}` : `[${quote(key)}]`}`
  }
  if (keyed?.storage === 'Map') return `${printAtom(array, context)}.get(${printExpression(index, context)})`
  return `${printAtom(array, context)}[${printExpression(index, context)}]`
}

function printField({ record, name }: FieldAccess, context: PrintContext): string {
  const base = printAtom(record, context)
  if (isIdentifier(name)) {
    const type = typeOf(record, context.variables)
    // A labelled tuple is still read by position.
    if (type?.kind === 'record' && type.tuple) return `${base}[${type.fields.findIndex((field) => field.name === name)}]`
    const hidden = type?.kind === 'record' ? type.fields.find((field) => field.name === name && field.hidden) : undefined
    // What stands for several classes does not show what one of them hides.
    if (hidden?.concealed) return `(${base} as unknown as { ${name}: ${printType(hidden.type)} }).${name}`
    return hidden ? `${base}[${quote(name)}]` : `${base}.${name}`
  }
  return `${base}[${/^(?:0|[1-9]\d*)$/.test(name) ? name : quote(name)}]`
}

// ----------------------------------------------------------------------------------------------------------- operations

const prefixes: ReadonlyMap<string, string> = new Map([
  ['negate', '-'],
  ['plus', '+'],
  ['~', '~'],
  ['!', '!'],
])

function printOperation(operation: Operation, context: PrintContext): Printed {
  const { operator, operands } = operation
  const [first, second, third] = operands
  if (operator === 'stopGradient' || operator === 'shown') return print(first!, context)
  if (operator === 'hook') return print(operands.at(-1)!, context)
  if (operator === 'toNumber') return atom(`Number(${printExpression(first!, context)})`)
  const coalescing = coalesced(operation)
  if (coalescing) return printCoalescing(coalescing.value, coalescing.other, context)
  if (operator === 'select') return printSelect(first!, second!, third!, context)
  if (operator === 'same') return printInfix('===', first!, second!, context)
  const missingTest = missingTests.get(operator)
  if (missingTest) return printMissingTest(first!, '=', missingTest, context)
  if (operator === '!') {
    const inner = first!.kind === 'operation' ? missingTests.get(first.operator) : undefined
    if (inner && first!.kind === 'operation') return printMissingTest(first.operands[0]!, '!', inner, context)
    const opposite = negated(first!)
    if (opposite !== undefined) return print(opposite, context)
  }
  if (prefixes.has(operator)) return printPrefix(prefixes.get(operator)!, first!, context)
  if (operators.get(operator)?.precedence !== undefined) return printInfix(operator, first!, second!, context)
  if (isConstantOperator(operator)) return atom(operator)
  if (!/^[\w$.]+$/.test(operator)) throw new InternalError(`There is no way to print the operator ${JSON.stringify(operator)}.`)
  return atom(`${operator}(${operands.map((operand) => printExpression(operand, context)).join(', ')})`)
}

function printMissingTest(value: Expression, sign: '=' | '!', [rest, text]: readonly [string, string], context: PrintContext): Printed {
  const printed = printMaybe(value, context)
  return { text: `${wrapIf(printed.binds !== 'atom', printed)} ${sign}${rest} ${text}`, binds: 'infix', operator: '===' }
}

/** As loose as a choice: `??` does not stand beside other operators without parentheses. */
function printCoalescing(value: Expression, other: Expression, context: PrintContext): Printed {
  const [a, b] = [printMaybe(value, context), print(other, context)]
  return { text: `${wrapIf(a.binds !== 'atom', a)} ?? ${wrapIf(b.binds !== 'atom' && b.binds !== 'unary', b)}`, binds: 'loose' }
}

function printSelect(test: Expression, consequent: Expression, alternate: Expression, context: PrintContext, part = print): Printed {
  const [a, b, c] = [print(test, context), part(consequent, context), part(alternate, context)]
  const isWrapped = ({ binds }: Printed): boolean => binds === 'conditional' || binds === 'loose'
  return { text: `${wrapIf(isWrapped(a), a)} ? ${wrapIf(isWrapped(b), b)} : ${wrapIf(c.binds === 'loose', c)}`, binds: 'conditional' }
}

function printPrefix(sign: string, operand: Expression, context: PrintContext): Printed {
  const printed = print(operand, context)
  const needsParentheses = (printed.binds !== 'atom' && printed.binds !== 'unary') || printed.text.startsWith(sign)
  return { text: sign + wrapIf(needsParentheses, printed), binds: 'unary' }
}

function printInfix(operator: string, left: Expression, right: Expression, context: PrintContext): Printed {
  const [a, b] = [print(left, context), print(right, context)]
  const text = `${wrapIf(isWrappedBeside(operator, a, 'left'), a)} ${operator} ${wrapIf(isWrappedBeside(operator, b, 'right'), b)}`
  return { text, binds: 'infix', operator }
}

const wrapIf = (needed: boolean, { text }: Printed): string => (needed ? `(${text})` : text)

const opposites: ReadonlyMap<string, string> = new Map([
  ['===', '!=='],
  ['!==', '==='],
  ['==', '!='],
  ['!=', '=='],
])

/** The opposite of a condition, where it has one of its own: `a < b` has none, because of NaN. */
export function negated(condition: Expression): Expression | undefined {
  if (condition.kind === 'boolean') return { kind: 'boolean', value: !condition.value }
  if (condition.kind !== 'operation') return undefined
  if (condition.operator === '!') return condition.operands[0]
  const opposite = opposites.get(condition.operator === 'same' ? '===' : condition.operator)
  return opposite === undefined ? undefined : { ...condition, operator: opposite }
}

const isPlace = ({ kind }: Type): boolean => ['number', 'array', 'record', 'keyed'].includes(kind)

/** Parentheses as prettier writes them: where JavaScript needs them, and where a reader does. */
function isWrappedBeside(operator: string, operand: Printed, side: 'left' | 'right'): boolean {
  if (operand.binds === 'atom') return false
  if (operand.binds === 'unary') return operator === '**' && side === 'left'
  if (operand.binds !== 'infix') return true
  const inner = operand.operator!
  const [outerPrecedence, innerPrecedence] = [precedenceOf(operator), precedenceOf(inner)]
  if (outerPrecedence > innerPrecedence) return true
  if (outerPrecedence === innerPrecedence) return side === 'right' || !isChained(operator, inner)
  if (inner === '%') return operator === '+' || operator === '-'
  return inner === '&&' || ['|', '^', '&', '<<', '>>', '>>>'].includes(operator)
}

function precedenceOf(operator: string): number {
  return operators.get(operator)!.precedence!
}

/** Whether `a inner b outer c` reads well without parentheses around the first two. */
function isChained(outer: string, inner: string): boolean {
  if (outer === inner) return !['**', '%', '<<', '>>', '>>>', '===', '!==', '==', '!=', '<', '<=', '>', '>='].includes(outer)
  return ['+', '-'].includes(outer) && ['+', '-'].includes(inner)
}

// --------------------------------------------------------------------------------------------------------------- opaque

function printOpaque(opaque: Opaque, context: PrintContext): Printed {
  const { parts } = opaque
  const written = textWritten(opaque)
  if (written !== undefined) return atom(quote(written))
  const text = parts
    .map((part, index) => {
      if (typeof part === 'string') return part
      const next = parts[index + 1]
      // The text asks itself whether there is a value.
      if (typeof next === 'string' && /^ ?(?:[!=]==?|\?\?|\?\.) ?/.test(next)) {
        const maybe = printMaybe(part, context)
        return wrapIf(maybe.binds !== 'atom', maybe)
      }
      const isAlone = opensBefore(parts[index - 1]) && closesAfter(parts[index + 1])
      return isAlone ? printExpression(part, context) : printAtom(part, context)
    })
    .join('')
  return { text, binds: isAtomic(text) ? 'atom' : 'loose' }
}

type Part = string | Expression | undefined
const opensBefore = (part: Part): boolean => part === undefined || (typeof part === 'string' && /[([,]\s*$|\$\{\s*$/.test(part))
const closesAfter = (part: Part): boolean => part === undefined || (typeof part === 'string' && /^\s*[)\],}]/.test(part))

/** Whether text is a name, literal or chain of members and calls, so that it never needs parentheses. Errs towards parentheses. */
function isAtomic(text: string): boolean {
  let rest = text.startsWith('new ') ? text.slice('new '.length) : text
  if (/^[[{/+\-!~<.]/.test(rest)) return /^\[[^[\]]*\]$/.test(rest)
  for (let before = ''; rest !== before;) {
    before = rest
    // Literals first, so that a bracket inside one is not taken for one of the text; then brackets, innermost first.
    rest = rest
      .replace(/'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|`(?:[^`\\$]|\\.|\$(?!\{))*`/, 's')
      .replace(/\([^()[\]{}'"`/]*\)|\[[^()[\]{}'"`/]*\]|\{[^()[\]{}'"`/]*\}/, '.')
  }
  return /^[\p{ID_Continue}$#]?(?:[\p{ID_Continue}$#.!]|\?\.)*$/u.test(rest)
}
