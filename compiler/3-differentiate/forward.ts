import type { FunctionNode } from '../ir/nodes.ts'
import type { Surroundings } from './prepare.ts'
import { Refusal } from './refusal.ts'

export function tangentOf(_fn: FunctionNode, _options: { active: readonly boolean[]; name: string }, _around: Surroundings): FunctionNode {
  throw new Refusal('CT9002', undefined, { what: 'forward mode' })
}
