import type { Expression } from '../ir/nodes.ts'

/** The variable through which a place in storage is reached; empty where it is none. */
export function rootOf(place: Expression): string {
  if (place.kind === 'element') return rootOf(place.array)
  if (place.kind === 'field') return rootOf(place.record)
  return place.kind === 'variable' ? place.name : ''
}
