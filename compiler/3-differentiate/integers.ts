import type { Expression, Statement } from '../ir/nodes.ts'
import { visitStatements } from '../ir/walk.ts'

/** Tells numbers that are integers for certain: literals, lengths, counters that step from one to another, and sums and products of these. */
export function integersIn(block: readonly Statement[]): (expression: Expression) => boolean {
  const definitions = new Map<string, Expression>()
  visitStatements(block, (statement) => {
    if (statement.kind === 'declare' && statement.value) definitions.set(statement.name, statement.value)
    if (statement.kind === 'assign' && statement.target.kind === 'variable')
      definitions.set(statement.target.name, { kind: 'boolean', value: false })
    if (statement.kind === 'loop' && statement.counter && Number.isInteger(statement.counter.step))
      definitions.set(statement.counter.name, statement.counter.from)
  })
  const isInteger = (expression: Expression): boolean => {
    switch (expression.kind) {
      case 'number':
        return Number.isInteger(expression.value)
      case 'length':
        return true
      case 'variable': {
        const definition = definitions.get(expression.name)
        return definition !== undefined && isInteger(definition)
      }
      case 'opaque':
        // How many there are in a list of keys.
        return expression.fixed === true && expression.parts.at(-1) === '.length'
      case 'operation': {
        if (/^(\||&|\^|<<|>>|>>>|~|Math\.(floor|ceil|round|trunc|imul|clz32))$/.test(expression.operator)) return true
        return /^(\+|-|\*|negate|plus|Math\.(max|min|abs))$/.test(expression.operator) && expression.operands.every(isInteger)
      }
      default:
        return false
    }
  }
  return isInteger
}
