import type { Expression } from '../../compiler/ir/nodes.ts'
import { partials } from '../../compiler/rules/partials.ts'

const number = (value: number): Expression => ({ kind: 'number', value })
const operation = (operator: string, ...operands: Expression[]): Expression => ({ kind: 'operation', operator, operands })
const isNumber = (expression: Expression, value: number): boolean => expression.kind === 'number' && expression.value === value

/** The chain rule at its plainest: the derivative of an expression in one variable, by the rules alone. */
export function derivative(expression: Expression, name: string): Expression {
  if (expression.kind === 'variable') return number(expression.name === name ? 1 : 0)
  if (expression.kind === 'number') return number(0)
  if (expression.kind !== 'operation') throw new Error(`no derivative of a ${expression.kind}`)
  const { operator, operands } = expression
  if (operator === 'select') return operation('select', operands[0]!, derivative(operands[1]!, name), derivative(operands[2]!, name))
  const inner = operands.map((operand) => derivative(operand, name))
  const outer = partials(operator, operands)
  return inner.map((factor, index) => times(outer[index]!, factor)).reduce(plus, number(0))
}

function times(a: Expression, b: Expression): Expression {
  if (isNumber(a, 0) || isNumber(b, 0)) return number(0)
  return isNumber(a, 1) ? b : isNumber(b, 1) ? a : operation('*', a, b)
}

function plus(a: Expression, b: Expression): Expression {
  return isNumber(a, 0) ? b : isNumber(b, 0) ? a : operation('+', a, b)
}
