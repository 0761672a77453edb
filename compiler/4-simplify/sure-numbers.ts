/**
 * Which numbers are numbers for certain. Whatever its type says, an element may be out of range, and so may what was read of one or given by a caller: where a
 * program asks whether there is a number, that makes a difference.
 *
 * Needs: unique names. Promises: never too many. Costs: visits until nothing more is found.
 */

import { Ranges } from '../2-analyze/ranges.ts'
import type { Expression, FunctionNode } from '../ir/nodes.ts'
import { operators } from '../ir/operators.ts'
import { typeOf } from '../ir/types.ts'
import { visitStatements } from '../ir/walk.ts'

export function sureNumbers(fn: FunctionNode): (value: Expression) => boolean {
  const ranges = new Ranges(fn.body)
  const given = new Map<string, Expression[]>()
  const counters = new Set<string>()
  visitStatements(fn.body, (statement) => {
    if (statement.kind === 'loop' && statement.counter) counters.add(statement.counter.name)
    if (statement.kind === 'declare' && statement.value) given.set(statement.name, [...(given.get(statement.name) ?? []), statement.value])
    if (statement.kind === 'assign' && statement.target.kind === 'variable')
      given.set(statement.target.name, [...(given.get(statement.target.name) ?? []), statement.value])
  })
  for (const { name } of fn.parameters) given.delete(name)
  const sure = new Set([...given.keys(), ...counters])
  const isSure = (value: Expression): boolean => {
    switch (value.kind) {
      case 'number':
      case 'length':
        return true
      case 'variable':
        return sure.has(value.name)
      case 'element': {
        const type = typeOf(value.array, fn.variables)
        return type.kind === 'array' && type.storage !== 'Array' && ranges.isWithin(value)
      }
      case 'operation':
        if (value.operator === 'select') return value.operands.slice(1).every(isSure)
        return operators.get(value.operator)?.result === 'number'
      default:
        return false
    }
  }
  // What is given something unsure is unsure, and so is what that is given to.
  for (let before = -1; before !== sure.size;) {
    before = sure.size
    for (const [name, values] of given) if (!values.every(isSure)) sure.delete(name)
  }
  return isSure
}
