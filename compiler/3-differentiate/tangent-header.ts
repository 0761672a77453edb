import { carriesDerivative } from '../2-analyze/activity.ts'
import type { FunctionNode, Type } from '../ir/nodes.ts'
import { Scope } from '../ir/scope.ts'
import { meetingsWithShadows } from './meetings.ts'
import { Refusal } from './refusal.ts'
import { shadowType } from './shadows.ts'

type Numbered = number | ''

/** What tells the tangents of several directions apart: nothing where there is one. */
export const numbersOf = (directions: number): readonly Numbered[] => (directions === 1 ? [''] : [...Array(directions).keys()])

/** The field of a tangent function's result that holds the tangent in one direction. */
export const tangentField = (direction: Numbered): string => `tangent${String(direction)}`

export const tangentName = (fn: FunctionNode, directions: number): string => `${fn.name}_${directions === 1 ? 'tangent' : 'tangents'}`

/** What a tangent function gives for a function that gives `result`. */
export function tangentResult(result: Type, directions = 1): Type {
  if (!carriesDerivative(result)) return result
  const tangents = numbersOf(directions).map((direction) => ({ name: tangentField(direction), type: shadowType(result) }))
  return { kind: 'record', tuple: false, fields: [{ name: 'value', type: result }, ...tangents] }
}

/** A tangent function as its callers see it, before it is made: recursive ones call themselves. */
export function tangentHeader(fn: FunctionNode, active: readonly boolean[], directions: number): FunctionNode {
  if (fn.reversed?.by === 'rule') throw new Refusal('CT2044', fn.origin, { function: fn.name })
  const parameters = fn.parameters.map(({ name }) => name)
  const scope = new Scope(Object.fromEntries(parameters.map((name) => [name, fn.variables[name]!])))
  const moved = parameters.filter((_, i) => active[i] === true)
  const numbers = numbersOf(directions)
  const tangents = moved.map((name) =>
    numbers.map((direction) => scope.fresh(`${name}_dot${String(direction)}`, shadowType(fn.variables[name]!.type))),
  )
  const given = [...parameters, ...tangents.flat()]
  return {
    name: tangentName(fn, directions),
    parameters: [...fn.parameters, ...tangents.flat().map((name) => ({ name }))],
    variables: scope.variables,
    result: tangentResult(fn.result, directions),
    body: [],
    ...meetingsWithShadows(fn, given, ...numbers.map((_, at) => (one: string) => tangents[moved.indexOf(one)]?.[at])),
  }
}
