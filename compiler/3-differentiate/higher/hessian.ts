/** Second derivatives of functions that return a number: the tangent of the gradient (forward over reverse). */

import { assign, element, field, number, variable } from '../../ir/build.ts'
import type { Expression, FunctionNode, Parameter, Statement } from '../../ir/nodes.ts'
import { shadowType } from '../../ir/shadow-type.ts'
import type { Callees } from '../context.ts'
import { numbersOf, tangentField } from '../tangent-header.ts'
import { alongUnits, asRow, Made, ROWS } from './made.ts'

/** `gradient` is the key of the gradient with respect to parameter `wrt`. */
export interface Second {
  readonly gradient: string
  readonly wrt: number
  /** How many columns of a Hessian are computed at once. */
  readonly directions: number
}

const movingOnly = (fn: FunctionNode, wrt: number): readonly boolean[] => fn.parameters.map((_, i) => i === wrt)

/** `(x, v, ...rest) => H v`. */
export function hvpOf(fn: FunctionNode, { gradient, wrt }: Second, callees: Callees): FunctionNode {
  const made = new Made(fn)
  const moving = fn.parameters[wrt]!
  const type = shadowType(fn.variables[moving.name]!.type)
  const direction: Parameter = { name: made.scope.fresh(`${moving.name}_dot`, type) }
  const key = callees.tangent(gradient, movingOnly(fn, wrt))
  const result = made.call('moved', callees.function(key), key, [...made.given, variable(direction.name)])
  const parameters = [...fn.parameters.slice(0, wrt + 1), direction, ...fn.parameters.slice(wrt + 1)]
  return made.function(`${fn.name}_hvp`, type, field(result, 'tangent'), parameters)
}

/** A number for a function of a number, else one row for each element. */
export function hessianOf(fn: FunctionNode, { gradient, wrt, directions }: Second, callees: Callees): FunctionNode {
  const made = new Made(fn)
  const { name } = fn.parameters[wrt]!
  const { type } = fn.variables[name]!
  const key = callees.tangent(gradient, movingOnly(fn, wrt), directions)
  const callee = callees.function(key)
  if (type.kind === 'number') {
    const result = made.call('moved', callee, key, [...made.given, number(1)])
    return made.function(`${fn.name}_hessian`, type, field(result, 'tangent'))
  }
  const numbers = numbersOf(directions)
  const along = numbers.map((number) =>
    made.declare(`${name}_dot${String(number)}`, shadowType(type), { kind: 'zerosLike', value: variable(name) }),
  )
  const rows = made.declare('rows', ROWS, { kind: 'list', type: ROWS, elements: [] })
  const i = made.counter('i')
  const columns = (places: readonly Expression[]): readonly Statement[] => {
    const inside: Statement[] = []
    const result = made.call('moved', callee, key, [...made.given, ...along], inside)
    const tangents = numbers.map((number) => asRow(field(result, tangentField(number)), shadowType(type)))
    return [...inside, ...tangents.map((tangent, k) => assign(element(rows, places[k]!), tangent))]
  }
  made.body.push(...alongUnits(along, made, i, columns))
  return made.function(`${fn.name}_hessian`, ROWS, rows)
}
