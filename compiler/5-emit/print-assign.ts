import type { Assign, Expression } from '../ir/nodes.ts'
import { sameExpression } from '../ir/same.ts'

export interface Compound {
  readonly operator: string
  /** Absent for `++` and `--`. */
  readonly value?: Expression
}

const compounds: ReadonlySet<string> = new Set(['+', '-', '*', '/', '%', '**', '<<', '>>', '>>>', '&', '|', '^'])

/** `x = x + e` as `x += e`: the target must be the left operand, because floating point does not reassociate. */
export function compoundOf({ target, value }: Assign): Compound | undefined {
  if (value.kind !== 'operation' || !compounds.has(value.operator)) return undefined
  const [left, right] = value.operands
  if (left === undefined || right === undefined || !sameExpression(left, target)) return undefined
  if (value.operator !== '+' && value.operator !== '-') return { operator: `${value.operator}=`, value: right }
  // IEEE 754 defines `a - b` as `a + (-b)`, so a sign may move into the operator.
  const positive = withoutSign(right)
  const isMinus = (value.operator === '-') !== (positive !== undefined)
  const operand = positive ?? right
  const isCount = target.kind === 'variable' && !/_(?:bar|dot)(?:_\d+)?$/.test(target.name)
  if (isCount && operand.kind === 'number' && operand.value === 1) return { operator: isMinus ? '--' : '++' }
  return { operator: isMinus ? '-=' : '+=', value: operand }
}

function withoutSign(expression: Expression): Expression | undefined {
  if (expression.kind === 'operation' && expression.operator === 'negate') return expression.operands[0]
  if (expression.kind === 'number' && expression.text === undefined && expression.value < 0)
    return { kind: 'number', value: -expression.value }
  return undefined
}
