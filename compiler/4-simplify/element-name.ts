import type { Element, Expression } from '../ir/nodes.ts'
import { isDualName, primalName } from './adjoint-names.ts'

/** A name for the value of an element: `x[i]` is `x_i`, `means_bar[k * d + j]` is `means_k_j_bar`. */
export function elementName({ array, index }: Element): string {
  const base = array.kind === 'variable' ? array.name : 'element'
  const suffix = partsOf(index).join('_')
  if (!isDualName(base)) return `${base}_${suffix}`
  const { primal, dual } = primalName(base)
  return `${primal}_${suffix}${dual}`
}

/** What tells one index from its neighbours: the variables that move, and what is added to them. Sizes only spread the elements. */
function partsOf(index: Expression): readonly string[] {
  switch (index.kind) {
    case 'variable':
      return [index.name.replace(/_\d+$/, '')]
    case 'number':
      return [String(Math.abs(index.value))]
    case 'operation': {
      const [a, b] = index.operands
      if (index.operator === '*') return a!.kind === 'number' ? partsOf(b!) : partsOf(a!)
      if (index.operator === '+' || index.operator === '-') {
        const sign = index.operator === '-' || (b!.kind === 'number' && b.value < 0) ? 'minus_' : ''
        const rest = partsOf(b!)
        return [...partsOf(a!), ...rest.map((part, i) => (i === 0 ? sign + part : part))]
      }
      return ['at']
    }
    default:
      return ['at']
  }
}
