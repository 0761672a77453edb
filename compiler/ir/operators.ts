import { InternalError } from './internal-error.ts'
import type { Operation } from './nodes.ts'

/** What one evaluation costs: `cheap` is cheaper than a load from a tape, `moderate` about as dear, `dear` well above it. */
export type Cost = 'cheap' | 'moderate' | 'dear'

/**
 * - `number`, `boolean`: what the operands must be and what the operation gives
 * - `any`: operands of every type
 * - `operand`: the result has the type of the last operand (`select`, `stopGradient`)
 */
export interface OperatorInfo {
  readonly minimum: number
  readonly maximum: number
  readonly operands: 'number' | 'boolean' | 'any'
  readonly result: 'number' | 'boolean' | 'operand'
  readonly cost: Cost
  /** How tightly an infix operator binds; absent on everything that is written as a call. Higher binds tighter. */
  readonly precedence?: number
}

/** The conditional operator binds looser than every infix operator, a prefix operator tighter; `**` groups to the right. */
export const precedences = { conditional: 1, power: 12, unary: 13, postfix: 14 } as const

export const operators: ReadonlyMap<string, OperatorInfo> = new Map([
  ...infix(['||'], 2, 'boolean', 'boolean', 'cheap'),
  ...infix(['&&'], 3, 'boolean', 'boolean', 'cheap'),
  ...infix(['|'], 4, 'number', 'number', 'cheap'),
  ...infix(['^'], 5, 'number', 'number', 'cheap'),
  ...infix(['&'], 6, 'number', 'number', 'cheap'),
  ...infix(['===', '!==', '==', '!='], 7, 'any', 'boolean', 'cheap'),
  ...infix(['<', '<=', '>', '>='], 8, 'number', 'boolean', 'cheap'),
  ...infix(['<<', '>>', '>>>'], 9, 'number', 'number', 'cheap'),
  ...infix(['+', '-'], 10, 'number', 'number', 'cheap'),
  ...infix(['*'], 11, 'number', 'number', 'cheap'),
  ...infix(['/', '%'], 11, 'number', 'number', 'moderate'),
  ...infix(['**'], precedences.power, 'number', 'number', 'dear'),
  ...calls(['negate', 'plus', '~'], [1, 1], 'number', 'number', 'cheap'),
  ...calls(['!'], [1, 1], 'boolean', 'boolean', 'cheap'),
  ...calls(['select'], [3, 3], 'any', 'operand', 'cheap'),
  ...calls(['stopGradient'], [1, 1], 'any', 'operand', 'cheap'),
  ...calls(['shown'], [1, 1], 'any', 'operand', 'cheap'),
  ...calls(['hook'], [3, Infinity], 'any', 'operand', 'cheap'),
  ...calls(['toNumber'], [1, 1], 'any', 'number', 'moderate'),
  ...calls(['same'], [2, 2], 'any', 'boolean', 'cheap'),
  ...calls(['isUndefined', 'isNull', 'isNullish'], [1, 1], 'any', 'boolean', 'cheap'),
  ...calls(math('abs ceil clz32 floor fround round sign trunc'), [1, 1], 'number', 'number', 'cheap'),
  ...calls(math('sqrt f16round'), [1, 1], 'number', 'number', 'moderate'),
  ...calls(math('acos acosh asin asinh atan atanh cbrt cos cosh exp expm1'), [1, 1], 'number', 'number', 'dear'),
  ...calls(math('log log10 log1p log2 sin sinh tan tanh'), [1, 1], 'number', 'number', 'dear'),
  ...calls(math('imul'), [2, 2], 'number', 'number', 'cheap'),
  ...calls(math('atan2 pow'), [2, 2], 'number', 'number', 'dear'),
  ...calls(math('max min'), [0, Infinity], 'number', 'number', 'cheap'),
  ...calls(math('hypot'), [0, Infinity], 'number', 'number', 'dear'),
  ...calls(math('E LN10 LN2 LOG10E LOG2E PI SQRT1_2 SQRT2'), [0, 0], 'number', 'number', 'cheap'),
  ...calls(number('isFinite isInteger isNaN isSafeInteger'), [1, 1], 'any', 'boolean', 'cheap'),
  ...calls(
    number('EPSILON MAX_SAFE_INTEGER MAX_VALUE MIN_SAFE_INTEGER MIN_VALUE NEGATIVE_INFINITY POSITIVE_INFINITY NaN'),
    [0, 0],
    'number',
    'number',
    'cheap',
  ),
])

export function operatorInfo(operator: string): OperatorInfo {
  const info = operators.get(operator)
  if (!info) throw new InternalError(`There is no operator ${JSON.stringify(operator)}.`)
  return info
}

/** A square is a product: engines make it one. */
export function costOf({ operator, operands }: Operation): Cost {
  const exponent = operator === '**' || operator === 'Math.pow' ? operands[1] : undefined
  return exponent?.kind === 'number' && exponent.value === 2 ? 'cheap' : operatorInfo(operator).cost
}

/** `Math.PI`, `Number.EPSILON`: written without parentheses. */
export function isConstantOperator(operator: string): boolean {
  return operators.get(operator)?.maximum === 0
}

type Entry = readonly [string, OperatorInfo]

function infix(
  names: readonly string[],
  precedence: number,
  operands: OperatorInfo['operands'],
  result: OperatorInfo['result'],
  cost: Cost,
): Entry[] {
  return names.map((name) => [name, { minimum: 2, maximum: 2, operands, result, cost, precedence }])
}

function calls(
  names: readonly string[],
  [minimum, maximum]: readonly [number, number],
  operands: OperatorInfo['operands'],
  result: OperatorInfo['result'],
  cost: Cost,
): Entry[] {
  return names.map((name) => [name, { minimum, maximum, operands, result, cost }])
}

function math(names: string): string[] {
  return names.split(' ').map((name) => `Math.${name}`)
}

function number(names: string): string[] {
  return names.split(' ').map((name) => `Number.${name}`)
}
