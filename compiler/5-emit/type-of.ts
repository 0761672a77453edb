import type { Expression, FunctionNode, Type } from '../ir/nodes.ts'
import { coalesced } from '../ir/missing.ts'
import { operatorInfo } from '../ir/operators.ts'

export type Variables = FunctionNode['variables']

const NUMBER: Type = { kind: 'number' }

/** The type of an expression in a function with these variables; `undefined` for one that mentions an unknown name. */
export function typeOf(expression: Expression, variables: Variables): Type | undefined {
  switch (expression.kind) {
    case 'number':
    case 'length':
      return NUMBER
    case 'boolean':
      return { kind: 'boolean' }
    case 'variable':
      return Object.hasOwn(variables, expression.name) ? variables[expression.name]?.type : undefined
    case 'operation': {
      const coalescing = coalesced(expression)
      if (coalescing) return typeOf(coalescing.other, variables)
      const { result } = operatorInfo(expression.operator)
      return result === 'operand' ? typeOf(expression.operands.at(-1)!, variables) : { kind: result }
    }
    case 'element': {
      const array = typeOf(expression.array, variables)
      return array?.kind === 'array' || array?.kind === 'keyed' ? array.element : undefined
    }
    case 'field': {
      const record = typeOf(expression.record, variables)
      return record?.kind === 'record' ? record.fields.find(({ name }) => name === expression.name)?.type : undefined
    }
    case 'zeros':
    case 'list':
    case 'keyed':
    case 'record':
    case 'convert':
    case 'opaque':
      return expression.type
    case 'slice':
    case 'view':
      return typeOf(expression.array, variables)
    case 'zerosLike':
      return typeOf(expression.value, variables)
  }
}
