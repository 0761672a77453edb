import { carriesDerivative } from '../2-analyze/activity.ts'
import type { FunctionNode, Type } from '../ir/nodes.ts'
import { Scope } from '../ir/scope.ts'
import { meetingsWithShadows } from './meetings.ts'
import { Refusal } from './refusal.ts'
import { shadowType } from './shadows.ts'

/** What a tangent function gives for a function that gives `result`. */
export function tangentResult(result: Type): Type {
  if (!carriesDerivative(result)) return result
  const fields = [
    { name: 'value', type: result },
    { name: 'tangent', type: shadowType(result) },
  ]
  return { kind: 'record', tuple: false, fields }
}

/** A tangent function as its callers see it, before it is made: recursive ones call themselves. */
export function tangentHeader(fn: FunctionNode, active: readonly boolean[]): FunctionNode {
  if (fn.reversed?.by === 'rule') throw new Refusal('CT2044', fn.origin, { function: fn.name })
  const parameters = fn.parameters.map(({ name }) => name)
  const scope = new Scope(Object.fromEntries(parameters.map((name) => [name, fn.variables[name]!])))
  const tangents = parameters.flatMap((name, i) =>
    active[i] === true ? [{ name: scope.fresh(`${name}_dot`, shadowType(fn.variables[name]!.type)) }] : [],
  )
  const moved = parameters.filter((_, i) => active[i] === true)
  return {
    name: `${fn.name}_tangent`,
    parameters: [...fn.parameters, ...tangents],
    variables: scope.variables,
    result: tangentResult(fn.result),
    body: [],
    ...meetingsWithShadows(fn, [...parameters, ...tangents.map(({ name }) => name)], (one) => tangents[moved.indexOf(one)]?.name),
  }
}
