/** Telling names for temporaries, from what they hold. */

import type { Expression } from '../../ir/nodes.ts'

export function nameFor(expression: Expression): string {
  switch (expression.kind) {
    case 'variable':
      return `${expression.name.replace(/_\d+$/, '')}_was`
    case 'element': {
      const array = nameFor(expression.array).replace(/_was$/, '')
      const index =
        expression.index.kind === 'variable' || expression.index.kind === 'number' ? nameFor(expression.index).replace(/_was$/, '') : 'at'
      return `${array}_${index}`
    }
    case 'field':
      return /^[A-Za-z_$]\w*$/.test(expression.name) ? expression.name : 'part'
    case 'length':
      return 'length'
    case 'number':
      return Number.isInteger(expression.value) && expression.value >= 0 ? String(expression.value) : 'constant'
    case 'boolean':
      return 'flag'
    case 'operation':
      return (
        operationNames[expression.operator] ??
        (expression.operator.startsWith('Math.') ? expression.operator.slice(5).toLowerCase() : 'value')
      )
    case 'opaque': {
      const [text, more] = expression.parts
      const name = typeof text === 'string' && more === undefined ? /^(?:[\w$]+\.)*([A-Za-z_]\w*)$/.exec(text)?.[1] : undefined
      return name === undefined ? 'value' : `${name}_now`
    }
    case 'record':
      return expression.type.tuple ? 'pair' : 'record'
    default:
      return 'array'
  }
}

const operationNames: Readonly<Record<string, string>> = {
  '+': 'sum',
  '-': 'difference',
  '*': 'product',
  '/': 'quotient',
  '%': 'remainder',
  '**': 'power',
  negate: 'negated',
  '<': 'test',
  '<=': 'test',
  '>': 'test',
  '>=': 'test',
  '===': 'test',
  '!==': 'test',
  '&&': 'test',
  '||': 'test',
  '!': 'test',
}
