import type { Expression } from './nodes.ts'
import { childrenOf } from './walk.ts'

/** Whether two expressions are the same tree; read at the same place they have the same value. */
export function sameExpression(a: Expression, b: Expression): boolean {
  if (a === b) return true
  if (a.kind !== b.kind || !sameLabel(a, b)) return false
  const [left, right] = [childrenOf(a), childrenOf(b)]
  return left.length === right.length && left.every((child, i) => sameExpression(child, right[i]!))
}

function sameLabel(a: Expression, b: Expression): boolean {
  switch (a.kind) {
    case 'number':
      return b.kind === 'number' && Object.is(a.value, b.value)
    case 'boolean':
      return b.kind === 'boolean' && a.value === b.value
    case 'variable':
      return b.kind === 'variable' && a.name === b.name
    case 'operation':
      return b.kind === 'operation' && a.operator === b.operator
    case 'field':
      return b.kind === 'field' && a.name === b.name
    case 'element':
    case 'length':
      return true
    case 'opaque':
      return (
        b.kind === 'opaque' &&
        !a.effects &&
        !b.effects &&
        a.parts.length === b.parts.length &&
        a.parts.every((part, i) => typeof part !== 'string' || part === b.parts[i])
      )
    default:
      // Two creations are two pieces of storage, however alike.
      return false
  }
}
