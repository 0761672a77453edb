/** The type of an IR expression, read off the expression itself. */

import type { Expression, Type, VariableInfo } from '../../ir/nodes.ts'
import { coalesced } from '../../ir/missing.ts'
import { operators } from '../../ir/operators.ts'
import { NUMBER, BOOLEAN, arrayOf, opaqueType } from '../types.ts'

export type Variables = Readonly<Record<string, VariableInfo>>

export function typeOfExpression(variables: Variables, expression: Expression): Type {
  const of = (inner: Expression): Type => typeOfExpression(variables, inner)
  switch (expression.kind) {
    case 'number':
    case 'length':
      return NUMBER
    case 'boolean':
      return BOOLEAN
    case 'variable':
      return variables[expression.name]?.type ?? opaqueType('unknown')
    case 'operation': {
      const coalescing = coalesced(expression)
      if (coalescing) return of(coalescing.other)
      const result = operators.get(expression.operator)?.result
      if (result === 'operand') return of(expression.operands.at(-1)!)
      return result === 'boolean' ? BOOLEAN : NUMBER
    }
    case 'element': {
      const array = of(expression.array)
      return array.kind === 'array' || array.kind === 'keyed' ? array.element : opaqueType('unknown')
    }
    case 'field': {
      const record = of(expression.record)
      const field = record.kind === 'record' ? record.fields.find(({ name }) => name === expression.name) : undefined
      return field?.type ?? opaqueType('unknown')
    }
    case 'slice': {
      const type = of(expression.array)
      return type.kind === 'array' ? arrayOf(type.storage, type.element) : type
    }
    case 'view':
      return of(expression.array)
    case 'zerosLike':
      return of(expression.value)
    default:
      return expression.type
  }
}
